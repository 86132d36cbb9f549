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

	queue        Enqueue // the last that was asked for
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
	telling      *media.Playback // what they are told while they wait, or are asked for a number
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
	case c.booked(key):
	default:
		c.typed += string(key)
	}
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
