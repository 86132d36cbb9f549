package floor

import (
	"time"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/media"
	"threering/recording"
	"threering/sip"
)

// talk is an agent and the caller, from the agent's pick-up to the end.
type talk struct {
	number  int // the how-manieth of the call
	agent   string
	offer   *offer
	joined  bool          // the two have heard each other: the announcement is over
	bridge  *media.Bridge // of caller and agent, where nobody else takes part; nil while they are parted
	mix     *media.Mix    // of all who take part, in the place of the bridge
	keeps   bool          // the agent's leg goes on elsewhere
	stays   bool          // the agent goes on in this very call, in the caller's place
	capture *recording.Capture
	untap   func() // ends what the capture hears; nil where nothing is recorded
	spoke   *journal.Speech
	failed  *FailedView // of whom the agent asked for last
	help    *HelpView   // that the agent asks for
	away    *time.Timer // runs while the agent's browser is gone
	rejoin  *side       // the leg by which the agent is coming back
	again   *time.Timer // until the next such leg is tried
}

func now() time.Time { return time.Now() }

// connect makes a talk of an answered offer: the recorder first, then the announcement, then the bridge.
func (f *Floor) connect(order brain.Connect) {
	c, o := f.calls[order.Call], f.offers[order.Offer]
	if c == nil || o == nil { // ended in this very moment
		f.later(brain.TalkEnded{Call: order.Call})
		return
	}
	delete(f.offers, o.id)
	o.taken = true
	c.note(journal.OfferAnswered, journal.Details{Offer: o.id, Agent: o.agent})
	f.cfg.Metrics.offerEnded("answered")
	c.log.Info("agent answered", "agent", o.agent)
	if c.callback != nil {
		c.pickedUp(o)
		return
	}
	c.meet(o)
	c.introduce(o)
}

// meet makes a talk of an offer that is over, and begins to record.
func (c *call) meet(o *offer) {
	c.quiet()
	c.talks++
	c.talk = &talk{number: c.talks, agent: o.agent, offer: o}
	c.leaveQueue(journal.Connected)
	c.record()
}

// introduce tells the caller the agent's number and whispers to the agent, at once, as far as the queue wants it; then both
// hear each other. The caller hears a person by the announcement already, else when the whisper is over.
func (c *call) introduce(o *offer) {
	f := c.floor
	announced, whisper := f.queue(o.queue).Announce, c.whisper(o)
	left := 0
	over := func() {
		if left--; left <= 0 {
			if !announced {
				c.hearsOne(o)
			}
			c.join()
		}
	}
	switch {
	case announced:
		left++
		c.hearsOne(o)
		c.play(f.cfg.Script.Announce(c.state, o.agent), over)
	case len(whisper) > 0:
		c.unheard = c.talks == 1
		c.lull()
	}
	if len(whisper) > 0 {
		left++
		c.playTo(o.side, whisper, over)
	}
	if left == 0 {
		over()
	}
}

// hearsOne notes that the caller hears a person.
func (c *call) hearsOne(o *offer) {
	c.unheard = false
	c.note(journal.CallerHears, journal.Details{Agent: o.agent})
	c.floor.cfg.Metrics.heard(c.asks())
	c.unserved = time.Time{}
}

// record taps both sides from now on. A talk that cannot be recorded goes on.
func (c *call) record() {
	t := c.talk
	capture, err := c.floor.cfg.Archive.Start(recording.Meta{
		Call: c.id, Talk: t.number, Agent: t.agent, Queue: t.offer.queue, Caller: c.number, At: now(),
	})
	if err != nil {
		c.log.Error("the talk is not recorded", "error", err)
		c.note(journal.RecordingFailed, journal.Details{Talk: t.number, Agent: t.agent})
		return
	}
	t.capture = capture
	c.tap()
	c.note(journal.RecordingStarted, journal.Details{Talk: t.number, Agent: t.agent, Recording: capture.ID()})
}

// join lets both hear each other.
func (c *call) join() {
	t := c.talk
	if t == nil {
		return
	}
	c.hush()
	if !c.bridge() {
		return
	}
	t.joined = true
	c.note(journal.TalkStarted, journal.Details{Talk: t.number, Agent: t.agent})
	for _, s := range []*side{c.caller, t.offer.side} {
		if s.held {
			c.holds(s, true)
		}
	}
}

// holds follows a side that puts us on hold or takes us back: the other side hears music meanwhile.
func (c *call) holds(s *side, held bool) {
	s.held = held
	if c.over() || c.talk == nil || !c.talk.together() || s != c.caller && s != c.talk.offer.side {
		return
	}
	other, by := c.caller, "agent"
	if s == c.caller {
		other, by = c.talk.offer.side, "caller"
	}
	if held {
		other.music = other.port.Play(true, c.floor.music()...)
		c.note(journal.TalkHeld, journal.Details{By: by, Agent: c.talk.agent})
		return
	}
	if other.music != nil {
		other.music.Stop()
		other.music = nil
	}
	c.note(journal.TalkResumed, journal.Details{By: by, Agent: c.talk.agent})
}

// agentLeft is the end of the agent's leg.
func (c *call) agentLeft(o *offer, e sip.Ended) {
	if c.awaitedLeft(o) || c.guestLeft(o) || c.talk == nil || c.talk.offer != o {
		return // we hung up on it, or the talk goes on
	}
	by := "agent"
	if e.Local {
		by = "system"
	}
	if c.leaves(o) {
		return
	}
	if m := c.moving; m != nil && m.steps {
		c.endMoving() // who was put through is gone
	}
	joined := c.talk.joined
	c.endTalk(by)
	switch {
	case c.moving != nil: // somebody else is rung for the caller
	case len(c.guests) > 0:
		c.promote()
	case joined:
		c.advance(Talked{})
	default: // hung up in the announcement: the caller has not spoken to anybody
		c.enterQueue(c.queue)
	}
}

// leaves puts the caller through to who was consulted, where the agent hangs up in the midst of that by the one leg that they
// have; true: that is all there is to it.
func (c *call) leaves(o *offer) bool {
	d := c.consult
	if d == nil || !d.lent {
		return false
	}
	if c.joinable(d, o.agent) == nil {
		c.complete(d, o.agent, "", nil)
	} else {
		d.finish("agent", "")
	}
	return c.talk == nil || c.talk.offer != o
}

// endTalk takes the talk apart. The caller's call may go on.
func (c *call) endTalk(by string) {
	t := c.talk
	c.quiet()
	c.endWatch()
	if d := c.consult; d != nil && !d.lent {
		c.orphan() // it was this agent's, by another leg of theirs: it is nothing to who talks next
	}
	c.talk = nil
	t.unbridge()
	t.endWait()
	if t.untap != nil {
		t.untap()
	}
	c.caller.music = nil
	if c.moving == nil && (!c.lent || c.joinedTo == nil) { // else it hears ringing, or another call
		c.hush()
	}
	c.measure(t.offer.side, "agent", journal.Details{Talk: t.number, Agent: t.agent, Device: t.agent})
	if !t.keeps {
		t.offer.side.port.Close()
		t.offer.side.leg.Hangup(sip.Reason{})
	}
	c.note(journal.TalkEnded, journal.Details{Talk: t.number, Agent: t.agent, By: by, Speech: t.spoke})
	c.keep(t)
	if t.offer.call == c && !t.stays {
		t.offer.release()
	}
}

// keep closes the recording, which may take as long as the disk does.
func (c *call) keep(t *talk) {
	if t.capture == nil {
		return
	}
	f := c.floor
	f.tapes++
	f.beside(func() {
		r, err := t.capture.Stop()
		f.do(func() {
			f.tapes--
			kind := journal.RecordingEnded
			if err != nil {
				kind = journal.RecordingFailed
				c.log.Error("the recording is not whole", "recording", r.ID, "error", err)
			}
			c.note(kind, journal.Details{Talk: t.number, Agent: t.agent, Recording: r.ID})
		})
	})
}
