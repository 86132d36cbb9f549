package quality

import "time"

// burstEnd is how many packets must come in a row to end a burst: Gmin of RFC 3611 section 4.7.2.
const burstEnd = 16

// Bursts finds out how the losses of a stream cluster (RFC 3611 section 4.7.2): a burst begins and ends with a lost
// packet, has at least two of them, and nowhere 16 received ones in a row; all else is gap. The zero value is ready.
type Bursts struct {
	packets, lost uint64
	runs          uint64  // of losses with nothing received between them
	current       stretch // the last loss, and those before it that may be of the same burst

	count         uint64 // of the bursts that are over, and of what is in them
	within        uint64
	lostWithin    uint64
	first, latest uint64 // where the first of them began and the latest ended
}

// A stretch is a part of the stream that begins and ends with a lost packet.
type stretch struct{ start, end, lost uint64 }

// Take counts the next packet in the order of their sequence numbers: it was received in time, or is lost.
func (b *Bursts) Take(received bool) {
	at := b.packets
	b.packets++
	if received {
		return
	}
	if b.lost == 0 || at != b.current.end {
		b.runs++
	}
	if b.lost == 0 || at-b.current.end >= burstEnd {
		b.settle()
		b.current = stretch{start: at}
	}
	b.lost++
	b.current.lost++
	b.current.end = at + 1
}

// settle counts the current stretch as a burst, if it is one.
func (b *Bursts) settle() {
	if b.current.lost < 2 {
		return
	}
	if b.count == 0 {
		b.first = b.current.start
	}
	b.count++
	b.within += b.current.end - b.current.start
	b.lostWithin += b.current.lost
	b.latest = b.current.end
}

// Ratio is the burst ratio of G.107: how long losses last on the average, over how long they would if they were
// random. 1 is random, and the least it gives.
func (b *Bursts) Ratio() float64 {
	if b.lost == 0 {
		return 1
	}
	length := share(b.lost, b.runs)
	return max(1, length*(1-share(b.lost, b.packets)))
}

// A Clustering says how losses cluster (RFC 3611 section 4.7.2, with a Gmin of 16 packets).
type Clustering struct {
	Bursts       uint64  `json:"bursts" doc:"How many bursts there were: stretches of many losses, two at least and nowhere 16 packets received in a row."`
	BurstDensity float64 `json:"burst_density" doc:"Share of the packets within bursts that were lost, 0 to 1."`
	BurstLength  float64 `json:"burst_ms" doc:"How long a burst lasts on the average, in milliseconds."`
	GapDensity   float64 `json:"gap_density" doc:"Share of the packets between bursts that were lost, 0 to 1."`
	GapLength    float64 `json:"gap_ms" doc:"How long the time between bursts, or before and after them, lasts on the average, in milliseconds."`
	Ratio        float64 `json:"burst_ratio" doc:"How long losses last, over how long random ones would (ITU-T G.107); 1 is random."`
}

// Clustering sums up what came so far, for packets that last packet each.
func (b *Bursts) Clustering(packet time.Duration) Clustering {
	all := *b
	all.settle()
	ms := packet.Seconds() * 1000
	outside := all.packets - all.within
	return Clustering{
		Bursts:       all.count,
		BurstDensity: share(all.lostWithin, all.within),
		BurstLength:  ms * share(all.within, all.count),
		GapDensity:   share(all.lost-all.lostWithin, outside),
		GapLength:    ms * share(outside, all.gaps()),
		Ratio:        all.Ratio(),
	}
}

// gaps is how many gaps there are between the bursts, and before and after them.
func (b *Bursts) gaps() uint64 {
	gaps := b.count
	if b.count == 0 || b.first > 0 {
		gaps++
	}
	if b.count > 0 && b.latest == b.packets {
		gaps--
	}
	return gaps
}

// share is part of whole; of nothing it is 0.
func share(part, whole uint64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
