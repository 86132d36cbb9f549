package dtmf

const (
	hop       = sampleRate / 200 // samples from one look to the next, 5 ms
	toldAfter = 6                // looks in a row that must show a key before it is told
	overAfter = 5                // looks in a row that may lack it while it is still the same press
)

// A Detector recognises the keys pressed in the audio of one direction of a call. It keeps to ITU-T Q.24 with the
// values it gives for North America (annex A, AT&T):
//
//	tones         within 1.5 % of their frequencies taken, 3.5 % off refused
//	level         0 to -25 dBm0 each; the high one up to 4 dB above the low one, or 8 dB below
//	press         of 40 ms or more taken, of 23 ms or less refused
//	pause         of 40 ms or more parts two presses, an interruption of 10 ms or less does not
//	echo          of 20 ms, 10 dB below the press: no part of it
//
// Noise may be 15 dB below the press, a dial tone 20 dB. A voice is hardly ever taken for a key: it seldom has so much
// of its power in but two tones, so steadily.
//
// The zero value is ready. A Detector allocates nothing and is for one goroutine at a time.
type Detector struct {
	recent [window]float32 // the samples of the next look, the newest last
	fresh  int             // how many of the last hop of them are there
	before spectrum        // of the last look

	candidate rune // the key that the latest looks show; 0 for none
	seen      int  // how many of them

	down  rune    // the key that was told and is not yet released; 0 for none
	power float32 // its power, which tells it from its echo
	gone  int     // how many looks have not shown it
}

// Take takes the next samples, at most 20 ms of them, and gives the key whose press was recognised in them: 0-9, *, #
// or A-D, and 0 for none. A press is told once, about 40 ms after it began.
// How the samples are cut into pieces makes no difference.
func (d *Detector) Take(pcm []int16) (key rune) {
	for len(pcm) > 0 {
		place := d.recent[window-hop+d.fresh:]
		n := min(len(pcm), len(place))
		for i, sample := range pcm[:n] {
			place[i] = float32(sample)
		}
		pcm, d.fresh = pcm[n:], d.fresh+n
		if d.fresh < hop {
			break
		}
		if told := d.follow(d.look()); told != 0 {
			key = told
		}
		copy(d.recent[:], d.recent[hop:])
		d.fresh = 0
	}
	return key
}

// follow makes presses of what one look after the other shows.
func (d *Detector) follow(s sight) (told rune) {
	d.hold(s)
	if s.key != d.candidate {
		d.candidate, d.seen = s.key, 0
	}
	d.seen++
	if s.key == 0 || s.key == d.down || d.seen < toldAfter {
		return 0
	}
	d.down, d.power, d.gone = s.key, s.power, 0
	return s.key
}

// hold follows the press that was told until it is over.
func (d *Detector) hold(s sight) {
	shown := s.key != 0 && s.key == d.down
	switch {
	case shown && s.power >= d.power*echo:
		d.gone = 0
	case shown && d.gone >= overAfter: // too long for an echo: the press itself has faded
		d.power, d.gone = s.power, 0
	case d.gone >= overAfter:
		d.down = 0
	default:
		d.gone++
	}
}
