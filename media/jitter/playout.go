package jitter

import "time"

const (
	margin  = 40  // units of delay beyond the jitter seen: 5 ms
	slack   = 280 // units of delay beyond that which are let be: 35 ms
	soon    = 25  // frames after which a delay that is too long is shortened where it is quiet: 0.5 s
	anyhow  = 150 // and where it is not: 3 s
	guesses = 3   // frames concealed where nobody knows whether anything was sent
)

// A State says what a frame is.
type State uint8

// The states.
const (
	Silent State = iota // nothing is expected: before and after a stream, or in a pause of the sender's
	Played              // audio
	Lost                // audio that is missing, or a frame more for a longer delay: to be concealed
)

// A Frame is 20 ms of audio.
type Frame struct {
	State State
	Codec uint8
	// Cut says that audio was left out before this frame.
	Cut bool
	// Payload is 160 bytes if the frame is played, else none. It is valid until the next call of Next.
	Payload []byte
}

// A playout reads the line, 20 ms every 20 ms.
type playout struct {
	playhead int64 // what is read next, in units
	played   int64 // where the last audio that was read, or left out, is over: nothing before it is read again
	delay    int64 // of the playhead, in units
	state    State // of the last frame
	quiet    bool  // the last frame was
	cut      bool  // something was left out since the last frame was played
	long     int   // frames for which the delay has been too long
	late     int   // packets that came too late since a frame was played
	guessed  int   // frames concealed since it is unknown whether anything was sent
	out      [frame]byte
}

// Next gives the frame that is due at an instant, 20 ms after the one before. A frame of which a part is missing is
// lost as a whole.
func (b *Buffer) Next(at time.Time) Frame {
	if !b.live {
		return Frame{}
	}
	hold := b.steer(b.units(at))
	b.settle()
	b.tardy(b.queue.discard(b.playhead))
	f := b.read(hold)
	b.state, b.quiet = f.State, f.State != Played
	return f
}

// Quiet says whether the frame last played was so quiet that the next may be left out unheard. Without it the
// delay shrinks more slowly.
func (b *Buffer) Quiet(quiet bool) { b.quiet = quiet }

// steer keeps the delay within its bounds. To make it longer it goes back over what was concealed, and where that is
// not enough it says that a frame must be held; to make it shorter, it leaves something out.
func (b *Buffer) steer(now int64) (hold bool) {
	least, longest := b.aim()
	b.delay = now - b.playhead - b.transits.lowest
	tooLong := b.delay > least+slack
	switch {
	case b.delay < least:
		back := least - b.delay
		back += b.within(b.playhead - back)
		b.move(-min(back, b.playhead-b.played))
		hold = b.delay < least
	case b.delay > longest:
		by := b.delay - least
		b.leaveOut(by - b.within(b.playhead+by))
	case tooLong && (b.long >= anyhow || b.long >= soon && b.quiet):
		b.leaveOut(frame)
		b.long = 0
	}
	b.long++
	if !tooLong {
		b.long = 0
	}
	b.stats.Delay = time.Duration(b.delay) * unit
	return hold
}

// aim is the least delay that the present jitter wants, and the longest allowed. One frame held fits in between.
func (b *Buffer) aim() (least, longest int64) {
	shortest, longest := b.bounds()
	return min(max(shortest, b.transits.spread+margin), longest-frame), longest
}

// within is how far a place lies within a frame, if packets hold whole frames.
func (b *Buffer) within(pos int64) int64 { return modulo(pos-b.newest.pos, frame) }

// move moves the playhead.
func (b *Buffer) move(by int64) {
	b.playhead += by
	b.delay -= by
}

// leaveOut passes over so many units.
func (b *Buffer) leaveOut(by int64) {
	b.move(by)
	b.played, b.cut = b.playhead, true
	b.queue.discard(b.playhead)
	b.stats.LeftOut += frames(by)
}

// settle counts the frames that were lost among those guessed, once the next packet tells.
func (b *Buffer) settle() {
	first, waiting := b.queue.first()
	if b.guessed == 0 || !waiting {
		return
	}
	gone := b.gone() + max(0, min(first.end, b.playhead)-first.pos)
	b.stats.Lost += min(uint64(b.guessed), frames(gone))
	b.guessed = 0
}

// gone is how much audio is missing before the first packet: as much as the one before had, for each number of the
// sequence.
func (b *Buffer) gone() int64 {
	return b.queue.missing() * (b.queue.last.end - b.queue.last.pos)
}

// read gives the frame at the playhead, and moves that on.
func (b *Buffer) read(hold bool) Frame {
	first, waiting := b.queue.first()
	switch ahead := first.pos - b.playhead; {
	case hold:
		return b.hold()
	case !waiting:
		return b.guess()
	case ahead > 0 && !b.skips(ahead):
		return b.gap(min(ahead, frame))
	case ahead > 0:
		b.move(ahead)
	}
	return b.play()
}

// hold stays where it is for a frame.
func (b *Buffer) hold() Frame {
	if b.state == Silent {
		return Frame{}
	}
	b.stats.Added++
	return Frame{State: Lost}
}

// guess fills a frame of which nothing is known: at first something may be lost, later the sender has paused.
func (b *Buffer) guess() Frame {
	b.move(frame)
	if b.state == Silent || b.guessed >= guesses || b.queue.paused() {
		return Frame{}
	}
	b.guessed++
	return Frame{State: Lost}
}

// skips says whether the rest of a gap is passed over, so that a frame starts where audio does: if it is short and
// the delay can do without it, or cannot grow by what a whole frame would be too much.
func (b *Buffer) skips(rest int64) bool {
	least, longest := b.aim()
	return rest < frame && (b.delay-rest >= least || b.delay+frame-rest > longest)
}

// gap fills a frame before the first packet. What lost packets do not account for is a pause of the sender's.
func (b *Buffer) gap(length int64) Frame {
	lost := b.playhead < b.queue.last.end+b.gone()
	b.move(length)
	if !lost {
		return Frame{}
	}
	b.stats.Lost++
	return Frame{State: Lost}
}

// play reads the audio at the playhead.
func (b *Buffer) play() Frame {
	codec, whole := b.queue.read(b.out[:], b.playhead)
	b.move(frame)
	b.played = b.playhead
	b.queue.discard(b.playhead)
	if !whole {
		b.stats.Lost++
		return Frame{State: Lost}
	}
	b.stats.Played++
	b.late = 0
	f := Frame{State: Played, Codec: codec, Cut: b.cut, Payload: b.out[:]}
	b.cut = false
	return f
}

// frames is how many frames it takes to hold so many units.
func frames(units int64) uint64 { return uint64(units+frame-1) / frame }
