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
	b.stats.Late += b.queue.discard(b.playhead)
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
		b.move(-min(least+frame/2-b.delay, b.playhead-b.played))
		hold = b.delay < least
	case b.delay > longest:
		b.move(b.delay - least - frame/2)
		b.stats.Dropped += b.leave()
	case tooLong && (b.long >= anyhow || b.long >= soon && b.quiet):
		b.move(frame)
		b.leave()
		b.stats.LeftOut++
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

// move moves the playhead.
func (b *Buffer) move(by int64) {
	b.playhead += by
	b.delay -= by
}

// leave gives up what lies before the playhead, and says how many packets that is.
func (b *Buffer) leave() (packets uint64) {
	b.played, b.cut = b.playhead, true
	return b.queue.discard(b.playhead)
}

// settle counts the frames that were lost among those guessed, once the next packet tells.
func (b *Buffer) settle() {
	first, waiting := b.queue.first()
	if b.guessed == 0 || !waiting {
		return
	}
	gone := b.gone() + max(0, min(first.end, b.playhead)-first.pos)
	b.stats.Lost += uint64(min(int64(b.guessed), (gone+frame-1)/frame))
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
	if b.state == Silent || b.guessed >= guesses {
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
	f := Frame{State: Played, Codec: codec, Cut: b.cut, Payload: b.out[:]}
	b.cut = false
	return f
}
