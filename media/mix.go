package media

import (
	"slices"
	"sync"
	"time"
)

// A Mix lets several ports hear each other, every 20 ms, as its matrix says: a conference is the matrix of all, and
// listening, whispering and barging in are others. The zero value is not usable; an engine makes it.
type Mix struct {
	pacer *pacer
	hold  *hold

	mu      sync.Mutex // guards the fields below; taken before the senders'
	members []*member
	taps    []*mixTap
	made    uint32
	stream  stream
	paced   bool
	sum     [2 * frame]int32
	out     [2 * frame]int16
}

// A member is a port in a mix.
type member struct {
	port  *Port
	voice *voice
	hears []*member
	fit   fitter
	pcm   []int16 // what it says in the present frame; none while it is silent
}

// NewMix makes a mix with nobody in it.
func (e *Engine) NewMix() *Mix {
	m := &Mix{pacer: e.pacers.one()}
	m.hold = &hold{m}
	return m
}

// Arrange has exactly these ports in the mix from now on, each of which hears those for which hears says so, but never
// itself; hears is not kept. Ports that were in the mix before go on without a break. The error is ErrJoined if one is in a
// bridge or another mix, or ErrClosed, and then all stays as it was.
func (m *Mix) Arrange(hears func(listener, speaker *Port) bool, ports ...*Port) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var members, fresh []*member
	for _, p := range ports {
		one := m.find(p)
		if one == nil {
			if err := p.hold(m.hold); err != nil {
				for _, f := range fresh {
					f.port.release(m.hold)
				}
				return err
			}
			one = &member{port: p, voice: newVoice()}
			fresh = append(fresh, one)
		}
		members = append(members, one)
	}
	for _, old := range m.members {
		if !slices.Contains(members, old) {
			old.port.release(m.hold)
		}
	}
	m.members = members
	for _, listener := range members {
		listener.hears = nil
		for _, speaker := range members {
			if speaker != listener && hears(listener.port, speaker.port) {
				listener.hears = append(listener.hears, speaker)
			}
		}
	}
	m.pace()
	return nil
}

// Close lets go of all ports. Closing again does nothing.
func (m *Mix) Close() {
	_ = m.Arrange(nil) // of nobody, which cannot fail
}

// pace has the pacer call tick while there is anybody.
func (m *Mix) pace() {
	if !m.paced && len(m.members) > 0 {
		m.paced = true
		m.made++
		m.stream = stream{mix: m, number: m.made}
		m.pacer.add(m)
	}
}

func (m *Mix) find(p *Port) *member {
	for _, one := range m.members {
		if one.port == p {
			return one
		}
	}
	return nil
}

// relay takes in what a member has received.
func (m *Mix) relay(from *Port, pkt *packet) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if one := m.find(from); one != nil {
		one.voice.put(pkt)
	}
}

// key presses a key for all who hear the member.
func (m *Mix) key(from *Port, key rune) {
	m.mu.Lock()
	defer m.mu.Unlock()
	speaker := m.find(from)
	for _, one := range m.members {
		if slices.Contains(one.hears, speaker) {
			one.port.out.press(key)
		}
	}
}

// leave takes a port out that is being closed.
func (m *Mix) leave(p *Port) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p.release(m.hold)
	gone := m.find(p)
	m.members = slices.DeleteFunc(m.members, func(one *member) bool { return one == gone })
	for _, one := range m.members {
		one.hears = slices.DeleteFunc(one.hears, func(s *member) bool { return s == gone })
	}
}

// tick sends everybody what the others say.
func (m *Mix) tick(at time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	rate := m.rate()
	for _, one := range m.members {
		pcm, from := one.voice.frame(at)
		one.pcm = one.fit.take(pcm, from, rate)
	}
	for _, one := range m.members {
		one.port.out.mixed(m.stream, m.mixFor(one, rate/50), rate, at)
	}
	m.tapped(at, rate)
	m.paced = len(m.members) > 0
	return m.paced
}

// rate is the rate at which is mixed: wideband where anybody has it.
func (m *Mix) rate() int {
	for _, one := range m.members {
		if one.port.Codec() == G722 {
			return G722.rate()
		}
	}
	return SampleRate
}

// mixFor adds up what a member hears in the present frame, of so many samples.
func (m *Mix) mixFor(listener *member, size int) []int16 {
	sum, out := m.sum[:size], m.out[:size]
	clear(sum)
	for _, speaker := range listener.hears {
		add(sum, speaker.pcm)
	}
	return clip(out, sum)
}

// mixed sends a frame of a mix, unless something else is to be heard.
func (s *sender) mixed(source stream, pcm []int16, rate int, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.silent() && s.playback == nil && !s.digits.pressing() {
		s.say(source, pcm, rate, at)
	}
}
