package floor

import (
	"time"

	"threering/media"
	"threering/sip"
)

// side is one leg and its audio.
type side struct {
	floor *Floor
	party party
	leg   *sip.Leg
	port  *media.Port
	held  bool            // the peer put us on hold
	music *media.Playback // what it hears while the other side holds
}

// party is what a side stands for in a call, and is told what happens to it: the caller (visitor), or who was rung (offer).
// A side may come to stand for another, when calls are joined.
type party interface {
	hears(s *side, e sip.Event)
	pressed(s *side, key rune)
	holds(s *side, held bool)
	fellSilent(s *side)
}

// side makes a side with a port, but no leg yet.
func (f *Floor) side(p party) (*side, error) {
	s := &side{floor: f, party: p}
	var err error
	s.port, err = f.cfg.Media.NewPort(ears{s})
	return s, err
}

// take has the side be the audio of an incoming leg, for a call.
func (s *side) take(leg *sip.Leg, call string) {
	s.leg = leg
	leg.Label(call)
	leg.Attach(s.port, s.told)
}

// told passes on what happens to the leg to the loop.
func (s *side) told(e sip.Event) { s.floor.do(func() { s.party.hears(s, e) }) }

// close ends the side's audio.
func (s *side) close() {
	if s.port != nil {
		s.port.Close()
	}
}

// ears passes on what a port hears to the loop.
type ears struct{ side *side }

func (e ears) Digit(_ *media.Port, key rune) {
	e.side.floor.do(func() { e.side.party.pressed(e.side, key) })
}

func (e ears) Held(_ *media.Port, held bool) {
	e.side.floor.do(func() { e.side.party.holds(e.side, held) })
}

func (e ears) Silent(*media.Port, time.Duration) {
	e.side.floor.do(func() { e.side.party.fellSilent(e.side) })
}

// visitor is the caller's place in a call.
type visitor struct{ *call }

func (v visitor) hears(s *side, e sip.Event) {
	if s == v.caller { // and not one who has given their place up
		v.heard(e)
	}
}

func (v visitor) pressed(s *side, key rune) {
	if s == v.caller {
		v.key(key)
	}
}

func (v visitor) fellSilent(s *side) {
	if s == v.caller {
		v.call.fellSilent()
	}
}
