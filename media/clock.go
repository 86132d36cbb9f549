package media

import "time"

// A clock keeps the sequence numbers and timestamps of what a port sends in one line, over all that takes turns
// at sending.
type clock struct {
	ssrc uint32
	seq  uint16 // the next unused one
	end  uint32 // the timestamp at which what was sent so far is over

	source stream    // who sent last
	latest uint32    // the highest timestamp sent
	at     time.Time // when it was first sent; zero before the first packet
}

// now is the timestamp for audio that starts at an instant: it follows what was sent before by as much as the
// clock on the wall says, and never overlaps it.
func (c *clock) now(at time.Time) uint32 {
	if c.at.IsZero() {
		return c.end
	}
	now := c.latest + uint32(max(0, samples(at.Sub(c.at))))
	if int32(now-c.end) < 0 {
		return c.end
	}
	return now
}

// sent notes a packet: who sent it, its sequence number, its timestamp and how many samples it lasts.
func (c *clock) sent(source stream, seq uint16, timestamp, span uint32, at time.Time) {
	c.source = source
	if int16(seq-c.seq) >= 0 {
		c.seq = seq + 1
	}
	if c.at.IsZero() || int32(timestamp-c.latest) > 0 {
		c.latest, c.at = timestamp, at
	}
	if int32(timestamp+span-c.end) > 0 {
		c.end = timestamp + span
	}
}

// follows says whether a packet at an instant of the grid follows directly what the same source sent before.
func (c *clock) follows(source stream, at time.Time) bool {
	return c.source == source && at.Sub(c.at) == tick
}
