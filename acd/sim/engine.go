package sim

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"threering/acd/brain"
)

// Dispatcher decides who is rung: the brain, or a model of how another product does it. It has to be deterministic.
type Dispatcher interface {
	Apply(now brain.Instant, ev brain.Event) []brain.Order
	NextWake() (brain.Instant, bool)
}

// ErrBroken says that a dispatcher ordered what cannot be: a second offer to an agent, a call connected twice.
var ErrBroken = errors.New("the dispatcher broke a rule")

// engine is one run: the world that a dispatcher's orders meet.
type engine struct {
	s       *Scenario
	d       Dispatcher
	now     brain.Instant
	told    brain.Instant // of the dispatcher's last event
	callers []caller
	arrived int // how many of them have come
	open    int // how many of those are still waiting or talking
	calls   []call
	agents  []agent
	byID    map[string]int32 // agents
	agenda  agenda
	rings   map[string]*ring // by offer, until its end is reported
	lines   []line
	needs   [][]brain.Need // of the streams of calls
	hash    *orderHash
	worked  []work // of all agents, in each half hour
	broken  error
}

// call is what has become of a caller so far.
type call struct {
	outcome  Outcome
	wait     brain.Instant // the wait, once there is an outcome
	queue    int32         // in which it is
	agent    int32         // talking with; -1
	rung     int16         // phones that were alerted for it
	missed   int16
	ringing  int16           // that stand now
	inVain   int16           // agents who picked up and heard nobody
	overtook bool            // was offered past a caller who came before
	had      []had           // agents who were offered it, and how often
	told     []brain.Instant // by when they were told to be answered
}

type had struct {
	agent int32
	times int16
}

// Outcome is how the waiting of a call ended. A call has exactly one, and gets it once.
type Outcome uint8

// The outcomes.
const (
	Waiting   Outcome = iota
	Answered          // heard a person
	Abandoned         // lost patience
	GivenUp           // by the queue
)

// ring is a phone that is alerted for a call: the other side of the brain's offer.
type ring struct {
	offer  string
	call   int32
	agent  int32
	absent bool          // nobody is there when it begins to ring
	picks  brain.Instant // when it would be picked up
	told   brain.End     // why it was told to stop
	picked bool
	over   bool
}

// run sends the callers through the center. Progress is told from time to time how many more have come.
func (s *Scenario) run(ctx context.Context, set Setting, callers []caller, progress func(calls int)) (*engine, error) {
	e := &engine{
		s: s, d: s.dispatcher(set), now: s.begin(), callers: callers, calls: make([]call, len(callers)),
		byID: map[string]int32{}, rings: map[string]*ring{}, lines: make([]line, len(s.Queues)), hash: newHash(),
	}
	for _, c := range s.Calls {
		e.needs = append(e.needs, needs(c.Needs))
	}
	e.moveIn(set)
	told := 0
	for e.arrived < len(callers) || e.open > 0 {
		if e.arrived-told == 4096 {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			progress(e.arrived - told)
			told = e.arrived
		}
		if !e.step() {
			return nil, fmt.Errorf("%w: %d calls are left, and nothing will happen", ErrBroken, e.open)
		}
		if e.broken != nil {
			return nil, e.broken
		}
	}
	progress(e.arrived - told)
	e.close()
	return e, nil
}

// step lets the next thing happen; false if there is none.
func (e *engine) step() bool {
	next := e.agenda.soonest()
	if e.arrived < len(e.callers) {
		next = min(next, e.callers[e.arrived].at)
	}
	if wake, ok := e.d.NextWake(); ok && wake < next {
		if wake <= e.told {
			e.breach("it wants to be woken at %d, and it is %d", wake, e.told)
		}
		e.now = wake
		e.apply(brain.Passed{})
		return true
	}
	if next == never {
		return false
	}
	e.now = next
	if e.arrived < len(e.callers) && e.callers[e.arrived].at == next {
		e.arrives(int32(e.arrived))
		return true
	}
	e.happens(e.agenda.pop())
	return true
}

func (e *engine) arrives(c int32) {
	e.arrived++
	e.open++
	who := &e.callers[c]
	e.calls[c].queue, e.calls[c].agent = who.queue, -1
	e.agenda.push(happening{at: e.now.Add(who.patience), kind: loses, who: c})
	e.lines[who.queue].enter(c)
	e.apply(brain.CallEntered{
		Call: callID(c), Queue: e.s.Queues[who.queue].Name, Priority: int(who.priority), Needs: e.needs[who.stream],
	})
}

// callID names a call; callOf reads the name.
func callID(c int32) string { return "c" + strconv.Itoa(int(c)) }

func (e *engine) callOf(id string) int32 {
	n, err := strconv.Atoi(id[min(1, len(id)):])
	if err != nil || n < 0 || n >= e.arrived {
		e.breach("there is no call %q", id)
		return 0
	}
	return int32(n)
}

func (e *engine) agentOf(id string) int32 {
	a, ok := e.byID[id]
	if !ok {
		e.breach("there is no agent %q", id)
	}
	return a
}

// breach keeps the first rule that was broken.
func (e *engine) breach(format string, args ...any) {
	if e.broken == nil {
		e.broken = fmt.Errorf("%w: at %s: %s", ErrBroken, e.now.Sub(dawn), fmt.Sprintf(format, args...))
	}
}

// ends gives a call its outcome, once.
func (e *engine) ends(c int32, outcome Outcome) {
	k := &e.calls[c]
	if k.outcome != Waiting {
		e.breach("%s ends twice", callID(c))
	}
	k.outcome, k.wait = outcome, e.now-e.callers[c].at
	e.lines[k.queue].left(func(x int32) bool { return e.calls[x].outcome == Waiting })
	if outcome != Answered {
		e.open--
	}
}
