package trunk

import (
	"threering/sip"
)

// News is what the journal has to know of the trunks.
type News struct {
	Kind  NewsKind
	Trunk string
	State State // of Changed
	Outgoing
	Why  string // a reason for which a call was not let out or was ended, or why a trunk is down
	Text string
}

// NewsKind is a kind of News.
type NewsKind string

// The kinds.
const (
	Changed NewsKind = "changed" // a trunk is in another state
	Refused NewsKind = "refused" // a call was not let out
	Cut     NewsKind = "cut"     // a call that went out was ended by us
)

// DialOut calls a number for an agent, by the first of the trunks that may be used for that and takes the call. It never
// waits. d.From, where it is set, is the number to be shown. The error is a *Refusal, and wraps sip.ErrNotAllowed, where the
// call may not go out: then nothing was sent. All that happens to a call that was placed comes as events; the trunk that it
// went by is the leg's Via.
func (t *Trunks) DialOut(agent, number string, d sip.Dial) (*sip.Leg, error) {
	o := Outgoing{Agent: agent, Number: number, Call: d.Headers[callHeader], CallerID: d.From}
	list, refusal := t.permits(o)
	j := &journey{trunks: t, o: o}
	if refusal == nil {
		refusal = j.depart(list)
	}
	if refusal != nil {
		return nil, t.refuse(o, refusal)
	}
	t.mu.RLock()
	server := t.server
	t.mu.RUnlock()
	if server == nil {
		t.ledger.end(j.fare)
		return nil, t.refuse(o, &Refusal{Stopped, "the server is shutting down"})
	}
	notify := d.Notify
	d.Headers, d.Notify = carriers(d.Headers), func(e sip.Event) {
		j.heard(e)
		notify(e)
	}
	leg, err := server.DialWay(number, j, d)
	if err != nil {
		t.ledger.end(j.fare)
		return nil, err
	}
	j.placed(leg)
	return leg, nil
}

// depart reserves the way by the first trunk that the limits allow.
func (j *journey) depart(list []permit) *Refusal {
	why, by := NoTrunk, permit{}
	for i, p := range list {
		fare, reason := j.trunks.ledger.begin(p.trunk.Name, *p.trunk.Out, j.o.Agent, p.price)
		if reason == "" {
			j.left, j.fare = list[i:], fare
			return nil
		}
		why, by = reason, p
	}
	return refusal(why, by.trunk.Name, j.o, j.trunks.cfg.Read(j.o.Number))
}

// permits are the trunks that a call may go out by, those that are not down before those that are, and among these by order
// and weight.
func (t *Trunks) permits(o Outgoing) ([]permit, *Refusal) {
	lines := t.all()
	lines = inOrder(lines, func(l *line) int {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.state == Down {
			return l.trunk.Order + 1<<20
		}
		return l.trunk.Order
	}, func(l *line) int { return l.trunk.weight() }, t.draw)
	trunks := make([]Trunk, len(lines))
	for i, l := range lines {
		trunks[i] = l.trunk
	}
	return permits(trunks, o, t.cfg.Read, func(trunk Trunk, price Money) Reason {
		return t.ledger.check(trunk.Name, *trunk.Out, o.Agent, price)
	})
}

// refuse tells that a call was not let out.
func (t *Trunks) refuse(o Outgoing, r *Refusal) error {
	t.cfg.Log.Warn("a call was not let out", "agent", o.Agent, "call", o.Call, "number", o.Number, "reason", r.Reason)
	t.cfg.Tell(News{Kind: Refused, Outgoing: o, Why: string(r.Reason), Text: r.Text})
	t.metrics.refused(r.Reason)
	if r.Reason == SpentUp {
		for _, l := range t.all() {
			if l.trunk.Out != nil && t.ledger.check(l.trunk.Name, *l.trunk.Out, "", 0) == SpentUp {
				t.alarmSpent(l.trunk)
			}
		}
	}
	return r
}

// Allow says whether a call would be let out now: nil, or a *Refusal, of which it tells as of a call that was made. What it
// allows may be refused all the same when it is made.
func (t *Trunks) Allow(agent, number string) error {
	o := Outgoing{Agent: agent, Number: number}
	if _, refusal := t.permits(o); refusal != nil {
		return t.refuse(o, refusal)
	}
	return nil
}

// Check says what would become of a call, and by which trunk it would go: nothing is sent, and nothing counted.
func (t *Trunks) Check(o Outgoing) (Verdict, error) {
	list, refusal := t.permits(o)
	if refusal != nil {
		return Verdict{}, refusal
	}
	p := list[0]
	return Verdict{Trunk: p.trunk.Name, Called: p.called, Caller: p.caller, Price: p.price}, nil
}

// Verdict is how a call would go out.
type Verdict struct {
	Trunk  string
	Called string // as the carrier would get it
	Caller string
	Price  Money // a minute
}
