package floor

import (
	"threering/acd/journal"
	"threering/media"
	"threering/media/activity"
)

// measure notes how good a side's audio was, where there was any.
func (c *call) measure(s *side, by string, d journal.Details) {
	q := s.port.Quality()
	if q.Received.Packets == 0 && q.Sent == nil {
		return
	}
	d.By, d.Quality = by, &q
	if s.leg != nil {
		d.Trunk = s.leg.Via()
	}
	c.note(journal.LegMeasured, d)
	c.floor.cfg.Metrics.measured(by, q)
	c.floor.cfg.Metrics.measuredBy("trunk", d.Trunk, q)
	c.floor.cfg.Metrics.measuredBy("agent", d.Agent, q)
}

// speech puts who talked how long in a bridge, of which the caller is the left side, into the journal's words.
func speech(b *media.Bridge) *journal.Speech {
	s := b.Talks()
	return &journal.Speech{
		CallerMs:         s.Talk[activity.Left].Milliseconds(),
		AgentMs:          s.Talk[activity.Right].Milliseconds(),
		BothMs:           s.TalkOver.Milliseconds(),
		SilenceMs:        s.Silence.Milliseconds(),
		LongestSilenceMs: s.LongestSilence.Milliseconds(),
	}
}

// fromAddress names what a caller's leg came from: a trunk, or a telephone.
func (s *side) fromAddress() string {
	if s.leg == nil {
		return ""
	}
	return s.leg.From().Source.Addr().String()
}
