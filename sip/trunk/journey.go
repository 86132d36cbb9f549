package trunk

import (
	"context"
	"strings"
	"sync"
	"time"

	"threering/sip"
)

// A journey is a call on its way out: by the trunks that may be used, one after the other, each by its servers.
type journey struct {
	trunks *Trunks
	o      Outgoing

	mu    sync.Mutex // guards the fields below
	left  []permit   // trunks not tried yet
	now   permit     // the present one
	line  *line
	path  []target // servers of it not tried yet
	at    target
	fare  *fare
	timer *time.Timer // the next minute
	since time.Time   // it was answered
	leg   *sip.Leg
	over  bool
}

// Next fits sip.Way.
func (j *journey) Next(ctx context.Context) (sip.Stage, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for len(j.path) == 0 {
		if !j.change() {
			return sip.Stage{}, false
		}
		if j.path = j.line.path(); len(j.path) == 0 { // not looked up yet, or never found
			targets, _ := resolve(ctx, j.trunks.cfg.Resolver, j.line.servers, j.trunks.draw)
			j.path = targets
		}
	}
	j.at, j.path = j.path[0], j.path[1:]
	stage := sip.Stage{Hop: j.line.hop(j.at), Trunk: j.now.trunk.Name, Called: j.now.called, Caller: j.now.caller}
	if r := j.now.trunk.Register; r != nil {
		stage.User = r.User
		stage.Password, _ = secret(r.Password)
		if r.Domain != "" {
			stage.Host, stage.Port = r.Domain, 0
		}
	}
	return stage, true
}

// change goes over to the next trunk that the limits allow; false where there is none. j.mu is held.
func (j *journey) change() bool {
	if j.over {
		return false
	}
	for len(j.left) > 0 {
		next := j.left[0]
		j.left = j.left[1:]
		line := j.trunks.find(next.trunk.Name)
		if line == nil || line.broken != nil {
			continue
		}
		if j.fare == nil || j.fare.trunk != next.trunk.Name { // the first has its fare since the call was let out
			if j.fare != nil {
				j.trunks.ledger.end(j.fare)
			}
			fare, why := j.trunks.ledger.begin(next.trunk.Name, *next.trunk.Out, j.o.Agent, next.price)
			if j.fare = fare; why != "" {
				continue
			}
		}
		j.now, j.line = next, line
		return true
	}
	return false
}

// Failed fits sip.Way.
func (j *journey) Failed(f sip.Failure) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.line == nil {
		return false
	}
	j.trunks.metrics.failed(j.now.trunk.Name, f.Code)
	if ails(f) {
		j.line.suspect(j.at.addr, f)
	}
	return onward(f) && (len(j.path) > 0 || len(j.left) > 0)
}

// heard follows the leg's events.
func (j *journey) heard(e sip.Event) {
	switch e := e.(type) {
	case sip.Answered:
		j.answered()
	case sip.Ended:
		j.ended(e)
	}
}

func (j *journey) answered() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.fare == nil || j.over {
		return
	}
	j.trunks.ledger.answer(j.fare)
	j.since = time.Now()
	j.timer = time.AfterFunc(j.trunks.minute, j.goOn)
}

// goOn pays for the next minute, or ends the call.
func (j *journey) goOn() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.over {
		return
	}
	why := ""
	switch {
	case time.Since(j.since) >= j.now.trunk.Out.longest():
		why = "as long as a call may last"
	case !j.trunks.ledger.minute(j.fare, j.now.trunk.Out.Spend):
		why = "the day's money is spent"
		j.trunks.alarmSpent(j.now.trunk)
	default:
		j.timer.Reset(j.trunks.minute)
		return
	}
	j.trunks.cfg.Log.Warn("a call that went out is ended", "trunk", j.now.trunk.Name, "call", j.o.Call, "agent", j.o.Agent, "why", why)
	j.trunks.cfg.Tell(News{Kind: Cut, Trunk: j.now.trunk.Name, Outgoing: j.o, Why: string(SpentUp), Text: why})
	if j.leg != nil {
		j.leg.Hangup(sip.Reason{Text: why})
	}
}

func (j *journey) ended(e sip.Ended) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.over = true
	if j.timer != nil {
		j.timer.Stop()
	}
	if j.fare != nil {
		j.trunks.ledger.end(j.fare)
	}
	if j.line != nil {
		j.trunks.metrics.ended(j.now.trunk.Name, "out", e.Code)
	}
}

func (j *journey) placed(leg *sip.Leg) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.leg = leg
}

// callHeader tells an agent's phone which call it rings for. It is nothing for a carrier.
const callHeader = "X-Threering-Call"

// carriers are the headers of a call that a carrier gets: not our own.
func carriers(headers map[string]string) map[string]string {
	kept := map[string]string{}
	for name, value := range headers {
		if !strings.HasPrefix(strings.ToLower(name), "x-threering-") {
			kept[name] = value
		}
	}
	return kept
}
