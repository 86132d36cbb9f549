package floor

import (
	"slices"
	"time"

	"threering/media"
	"threering/recording"
	"threering/sip"
)

// bridge has those who take part hear each other, and says whether it could: caller and agent alone are relayed to each
// other, more are mixed. The recorder hears the caller on the left, and on the right all that the caller hears.
func (c *call) bridge() bool {
	t := c.talk
	var err error
	if len(c.guests)+len(c.watchers) == 0 {
		t.unmix()
		if t.bridge == nil {
			t.bridge, err = media.Join(c.caller.port, t.offer.side.port)
		}
	} else {
		t.unjoin()
		if t.mix == nil {
			t.mix = c.floor.cfg.Media.NewMix()
		}
		err = t.mix.Arrange(c.hears, c.ports()...)
	}
	if err != nil {
		c.log.Error("those who talk cannot be joined", "error", err)
		t.offer.side.leg.Hangup(sip.Reason{})
		return false
	}
	c.tap()
	return true
}

// rearrange follows a change of who takes part, where caller and agent hear each other now.
func (c *call) rearrange() {
	if c.talk != nil && c.talk.together() {
		c.bridge()
	}
}

// ports are those of all who take part: the caller's first, then the agent's.
func (c *call) ports() []*media.Port {
	ports := []*media.Port{c.caller.port, c.talk.offer.side.port}
	for _, o := range c.guests {
		ports = append(ports, o.side.port)
	}
	for _, w := range c.watchers {
		ports = append(ports, w.side.port)
	}
	return ports
}

// hears is the matrix of who hears whom. A supervisor who only listens is heard by nobody, one who whispers by the agent.
func (c *call) hears(listener, speaker *media.Port) bool {
	i := slices.IndexFunc(c.watchers, func(w *watcher) bool { return w.side.port == speaker })
	switch {
	case i < 0:
		return true
	case c.watchers[i].mode == Whisper:
		return listener == c.talk.offer.side.port
	}
	return c.watchers[i].mode == Barge
}

// tap has the capture hear both sides, in the place of what it heard before.
func (c *call) tap() {
	t := c.talk
	if t.capture == nil {
		return
	}
	if t.untap != nil {
		t.untap()
	}
	left := c.caller.port.Tap(t.capture.Left())
	var right func()
	heard := c.ports()[1:]
	heard = slices.DeleteFunc(heard, func(p *media.Port) bool { return !c.hears(c.caller.port, p) })
	if t.mix == nil || len(heard) == 1 {
		right = t.offer.side.port.Tap(t.capture.Right())
	} else {
		right = t.mix.Tap(t.capture.Right(), heard...)
	}
	t.untap = func() { left(); right() }
}

// together says whether caller and agent hear each other now.
func (t *talk) together() bool { return t.bridge != nil || t.mix != nil }

// unbridge parts all who take part.
func (t *talk) unbridge() {
	t.unjoin()
	t.unmix()
}

// unjoin ends the relay, and adds up who spoke how long.
func (t *talk) unjoin() {
	if t.bridge != nil {
		t.bridge.Close()
		t.spoke = t.spoke.Plus(speech(t.bridge))
		t.bridge = nil
	}
}

func (t *talk) unmix() {
	if t.mix != nil {
		t.mix.Close()
		t.mix = nil
	}
}

// present notes in the recording's index who is there beside caller and agent, from now on or up to now.
func (c *call) present(person, role string, there bool) {
	if c.talk != nil && c.talk.capture != nil {
		c.talk.capture.Present(recording.Presence{Person: person, Role: role}, there, time.Now())
	}
}
