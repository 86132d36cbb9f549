package media

import (
	"slices"
	"time"
)

// A mixTap hears some of a mix together.
type mixTap struct {
	Tap
	speakers []*Port
	fit      fitter
	seq      uint16
	stamp    uint32
	payload  []byte
}

// Tap gives what these ports say, added up, to t, as one stream of PCMA with a packet every 20 ms, until off is called or the
// mix is closed; when off returns t is no longer called. The ports need not be in the mix all the time. t must not call off.
func (m *Mix) Tap(t Tap, speakers ...*Port) (off func()) {
	one := &mixTap{Tap: t, speakers: speakers}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.taps = append(m.taps, one)
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.taps = slices.DeleteFunc(m.taps, func(x *mixTap) bool { return x == one })
	}
}

// tapped gives the present frame to those who tap the mix. The lock is held.
func (m *Mix) tapped(at time.Time, rate int) {
	for _, t := range m.taps {
		sum := m.sum[:rate/50]
		clear(sum)
		for _, one := range m.members {
			if slices.Contains(t.speakers, one.port) {
				add(sum, one.pcm)
			}
		}
		pcm := t.fit.take(clip(m.out[:rate/50], sum), rate, SampleRate)
		t.payload = encode711(t.payload[:0], PCMA, pcm)
		t.Packet(at, PCMA, t.seq, t.stamp, t.payload)
		t.seq++
		t.stamp += frame
	}
}

// add adds a frame to a sum. It may be shorter.
func add(sum []int32, pcm []int16) {
	for i, s := range pcm {
		sum[i] += int32(s)
	}
}

// clip brings a sum back to samples.
func clip(out []int16, sum []int32) []int16 {
	for i, s := range sum {
		out[i] = int16(min(max(s, -1<<15), 1<<15-1))
	}
	return out
}
