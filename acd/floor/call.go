package floor

import (
	"log/slog"
	"time"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/media"
	"threering/sip"
)

// call is a caller's whole visit. It belongs to the loop.
type call struct {
	floor     *Floor
	log       *slog.Logger
	id        string
	caller    *side
	number    string // as filed; of a call within the house, the agent's who calls
	name      string // of the customer, once looked up
	pop       any
	popped    bool // the lookup has come back
	vip       bool
	lastAgent string // with whom the caller spoke last

	state   State
	scene   int         // counts the steps; what was begun in an earlier one is stale
	timer   *time.Timer // of the present step
	asking  *asking
	typed   string // keys pressed ahead of being asked
	leaving bool   // hung up by us; the leg's end is awaited
	cut     bool   // hung up since the center stops

	queue        Enqueue // the last that was entered
	waiting      string  // queue, while it waits; kept by lines, like …
	waitingSince time.Time
	asked        bool      // has asked for a person
	unserved     time.Time // since when: first asked, and has heard nobody yet
	gave         bool      // nobody came
	booking      *booking
	ranked       int             // the priority that the brain knows
	unheard      bool            // an agent has picked up, and is told who waits
	mayBook      bool            // was offered to be called back
	toBeCalled   bool            // and will be
	enteredAt    brain.Instant   // told to the brain
	callback     *callback       // who is to be called back, until they are reached
	telling      *media.Playback // what they are told while they wait
	talk         *talk
	talks        int
	answered     bool
	away         *time.Timer // runs while the caller's browser is gone

	direction   journal.Direction // empty: in
	from        string            // whose telephone the caller's is, where it is one of the house
	dialled     string            // of a call out of the house
	placer      string            // the agent who has called, if any
	wanted      Target            // whom they have called
	first       func()            // what comes once the caller's leg is up; nil: the script
	placing     *offer            // the agent who calls out, until the talk
	ringing     *offer            // who is called within the house, until the talk
	moving      *moving
	transferred bool  // has been put through: its waiting is counted no more
	consult     *call // that the agent has meanwhile
	about       *call // of a consultation
	joinedTo    *call // … with which it was joined
	lent        bool  // the caller's side belongs to another call
	other       string
	guests      []*offer
	watchers    []*watcher
	stirred     bool // those who watch are to be told
}

// Incoming takes a new call. It fits sip.Config.
func (f *Floor) Incoming(leg *sip.Leg) {
	if !f.inbox.put(func() { f.arrive(leg) }) {
		leg.Reject(503, "Service Unavailable")
	}
}

func (f *Floor) arrive(leg *sip.Leg) {
	number := f.cfg.Number(leg.From().Number)
	state, known := f.cfg.Script.Start(leg.To(), number)
	switch {
	case f.ending:
		leg.Reject(503, "Service Unavailable")
		return
	case leg.Replaces() != nil:
		leg.Reject(403, "Forbidden")
		return
	case !known && leg.From().Device != "":
		f.dialled(leg)
		return
	case !known:
		f.cfg.Log.Info("nobody answers that number", "dialled", leg.To(), "source", leg.From().Source)
		leg.Reject(404, "Not Found")
		return
	}
	c := f.newCall("", number)
	c.state = state
	var err error
	if c.caller, err = f.side(visitor{c}); err != nil {
		c.log.Error("no audio port for a caller", "error", err)
		leg.Reject(503, "Service Unavailable")
		return
	}
	f.open(c)
	from := leg.From()
	c.note(journal.CallArrived, journal.Details{
		Number: number, Dialled: leg.To(), Flow: state.Flow, Trunk: from.Trunk, Diverted: from.Diverted, Withheld: from.Withheld,
	})
	c.log.Info("call arrived", "number", number, "dialled", leg.To())
	f.lookUp(c)
	if c.from = leg.From().Device; c.from != "" {
		f.apply(brain.AgentEngaged{Agent: c.from, Call: c.id})
	}
	c.caller.take(leg, c.id)
	leg.Ring()
	leg.Answer()
}

// heard follows the caller's leg.
func (c *call) heard(e sip.Event) {
	if c.over() {
		if _, answered := e.(sip.Answered); answered && !c.lent {
			c.caller.leg.Hangup(sip.Reason{}) // it has crossed our CANCEL
		}
		return
	}
	if c.out(e) || c.calledBack(e) {
		return
	}
	switch e := e.(type) {
	case sip.Answered:
		c.begun()
	case sip.Referred:
		c.referred(e.Referral)
	case sip.Digit:
		if c.talk != nil {
			c.talk.offer.side.port.SendDigit(e.Key)
		} else {
			c.key(e.Key)
		}
	case sip.Stranded:
		c.lost()
	case sip.Rejoined:
		c.back(e.Same)
	case sip.Ended:
		if m := c.moving; m != nil && m.steps && c.talk != nil { // before somebody has answered
			c.stepOut("caller")
			return
		}
		by := "caller"
		if e.Local || c.leaving {
			by = "system"
		}
		c.dropAgent(e.Code)
		if e.Code != 200 {
			c.log.Info("the caller's leg ended", "code", e.Code, "text", e.Text)
		}
		c.finish(by, "")
	}
}

// begun is that the caller's leg is up.
func (c *call) begun() {
	c.answered = true
	first := c.first
	if c.first = nil; first == nil {
		c.note(journal.CallAnswered, journal.Details{})
		c.advance(Begun{})
		return
	}
	if c.direction == "" || c.ringing != nil {
		c.note(journal.CallAnswered, journal.Details{})
	}
	first()
}

// fellSilent ends a call whose caller sends nothing any more: the leg is dead, though nobody has hung up.
func (c *call) fellSilent() {
	if c.over() || !c.answered {
		return
	}
	c.note(journal.LegSilent, journal.Details{By: "caller"})
	c.finish("system", "") // at once, since nobody may be there to answer the goodbye
	c.hangup("silent")
}

// over says whether the call has been finished.
func (c *call) over() bool { return c.floor.calls[c.id] != c }

// key is a key that the caller pressed. In a talk it is the agent's to hear: the bridge passes it on.
func (c *call) key(key rune) {
	switch {
	case c.over() || c.talk != nil:
	case c.asking != nil:
		c.pressed(key)
	case c.waiting != "" && c.booked(key):
	default:
		c.typed += string(key)
	}
}

// hangup ends the call from our side; the leg's end finishes it.
func (c *call) hangup(why string) {
	if c.leaving {
		return
	}
	c.leaving = true
	c.quiet()
	c.log.Info("hanging up", "why", why)
	if c.waiting != "" { // at once, since the leg's end may be long in coming: nobody shall be rung any more
		c.leaveQueue(why)
		c.floor.apply(brain.CallLeft{Call: c.id})
	}
	if c.caller.leg != nil && !c.lent {
		c.caller.leg.Hangup(sip.Reason{})
	}
	if c.caller.leg == nil || c.lent {
		c.finish("system", "")
	}
}

// cutOff ends the call because the center stops.
func (c *call) cutOff() {
	if c.callback != nil {
		c.suspend()
		return
	}
	c.cut = !c.leaving
	c.hangup("shutdown")
}

// quiet ends what the present step is doing.
func (c *call) quiet() {
	c.scene++
	c.asking, c.telling, c.booking = nil, nil, nil
	c.stopTimer()
}

func (c *call) stopTimer() {
	if c.timer != nil {
		c.timer.Stop()
		c.timer = nil
	}
}

// finish closes everything of the call. Nothing of it is left afterwards but its journal.
func (c *call) finish(by, why string) {
	if c.over() {
		return
	}
	f := c.floor
	c.quiet()
	c.endWait()
	c.orphan()
	c.endMoving()
	c.endCallback()
	c.dropAgent(0)
	if c.ringing != nil {
		f.withdraw(c.ringing.id, brain.CallerGone)
	}
	c.endGuests()
	if c.talk != nil {
		c.endTalk(by)
	} else if c.waiting != "" {
		c.leaveQueue("abandoned")
		f.apply(brain.CallLeft{Call: c.id})
		why = "abandoned"
	}
	if !c.lent && c.caller.port != nil {
		c.measure(c.caller, "caller", journal.Details{Device: c.caller.fromAddress()})
		if err := c.caller.port.Close(); err != nil {
			c.log.Warn("closing the caller's port", "error", err)
		}
	}
	if c.from != "" {
		f.later(brain.AgentReleased{Agent: c.from, Call: c.id})
	}
	outcome := c.outcome(why)
	delete(f.calls, c.id)
	c.endConsult()
	c.note(journal.CallEnded, journal.Details{By: by, Outcome: outcome})
	c.log.Info("call ended", "by", by, "outcome", outcome)
	f.cfg.Metrics.ended(outcome)
}

func (c *call) outcome(why string) journal.Outcome {
	switch {
	case c.joinedTo != nil:
		return journal.Merged
	case c.toBeCalled:
		return journal.ToCallBack
	case c.direction != "" && c.talks == 0 && !c.asked && !c.cut:
		return journal.NotReached
	case !c.answered:
		return journal.Failed
	case c.cut:
		return journal.Interrupted
	case c.unheard:
		return journal.Abandoned
	case c.talks > 0:
		return journal.Answered
	case why == "abandoned":
		return journal.Abandoned
	case c.gave:
		return journal.GaveUp
	case c.asked:
		return journal.Abandoned
	}
	return journal.Menu
}

func (c *call) note(kind journal.Kind, d journal.Details) { c.floor.note(c.id, kind, d) }

// after has fn run by the loop when d has passed and the call is still in the same step.
func (c *call) after(d time.Duration, fn func()) {
	scene := c.scene
	c.timer = time.AfterFunc(d, func() {
		c.floor.do(func() {
			if c.scene == scene && !c.over() {
				fn()
			}
		})
	})
}

// play plays prompts to the caller and has then run by the loop afterwards, if the call is still in the same step.
func (c *call) play(prompts []string, then func()) *media.Playback {
	return c.playTo(c.caller, c.floor.sounds(prompts), then)
}

// playTo is play for either side.
func (c *call) playTo(s *side, sounds []*media.Sound, then func()) *media.Playback {
	scene := c.scene
	playback := s.port.Play(false, sounds...)
	c.floor.when(playback.Done(), func() {
		if c.scene == scene && !c.over() {
			then()
		}
	})
	return playback
}

// hush ends what is played to the caller: playing nothing takes the place of ringing, music or a prompt.
func (c *call) hush() { c.caller.port.Play(false) }

// sounds gives the audio of prompts; one that is missing is logged and left out.
func (f *Floor) sounds(prompts []string) []*media.Sound {
	var list []*media.Sound
	for _, name := range prompts {
		if s := f.cfg.Script.Prompt(name); s != nil {
			list = append(list, s)
		} else {
			f.cfg.Log.Error("no such prompt", "prompt", name)
		}
	}
	return list
}

// music is played to who waits or is held.
func (f *Floor) music() []*media.Sound { return f.sounds([]string{f.plan.Music}) }
