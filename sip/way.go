package sip

import (
	"fmt"
	"strconv"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"

	"context"
	"time"
)

// A Way leads a call out by servers of somebody else's, from one to the next until one of them takes it.
type Way interface {
	// Next gives the stage to try now; false where there is none left. It runs beside the leg and may take its time; ctx
	// ends with the leg.
	Next(ctx context.Context) (Stage, bool)
	// Failed says whether the next stage is to be tried now that the present one has failed. It runs on the leg's actor.
	Failed(f Failure) bool
}

// A Stage is one server that a call is tried by, and as whom.
type Stage struct {
	Hop
	Trunk  string // whose server it is
	Called string // the number, as the server wants it
	Caller string // the number shown; "": the account's name, or else nobody's
}

// A Failure is how a stage of an outgoing call ended.
type Failure struct {
	Code       int           // final status; 408 where the server said nothing, 503 where it could not be reached
	Silent     bool          // the server has not said anything at all
	Rang       bool          // the phone at the other end has rung
	Cause      int           // of Q.850, in a Reason header; 0: none
	RetryAfter time.Duration // that the server wants to be left alone for; 0: it does not say
}

// stagePatience is how long a server of a way may say nothing at all before the next is tried, in T1.
const stagePatience = 8

// DialWay calls a number by a way. All that the stages before the last do is not told: the events are those of one call.
func (s *Server) DialWay(number string, w Way, d Dial) (*Leg, error) {
	l, err := s.outgoing(number, d)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", number, err)
	}
	l.way = w
	if err := s.set(l); err != nil {
		return nil, fmt.Errorf("dial %s: %w", number, err)
	}
	return l, nil
}

// Via is the trunk that the leg goes by, or is being tried by; "": none.
func (l *Leg) Via() string {
	if l.from.Trunk != "" {
		return l.from.Trunk
	}
	via, _ := l.via.Load().(string)
	return via
}

// nextStage has the way's next stage tried.
func (l *Leg) nextStage() {
	l.server.work.Go(func() {
		stage, ok := l.way.Next(l.ctx)
		var err error
		if ok {
			err = l.server.reach(l.ctx, stage.Hop)
		}
		l.box.post(func() { l.tryStage(stage, ok, err) })
	})
}

// tryStage sends the INVITE of a stage.
func (l *Leg) tryStage(stage Stage, ok bool, err error) {
	switch {
	case l.state == over:
		return
	case l.state == cancelling:
		l.end(l.cancelled())
		return
	case !ok && l.failed == nil:
		l.end(Ended{Code: 503, Local: true, Text: "no way there"})
		return
	case !ok:
		l.end(Ended{Code: l.failed.Code, Text: l.failed.Text})
		return
	}
	l.via.Store(stage.Trunk)
	hop := stage.Addr.String()
	a := &attempt{route: route{uri: stage.uri(userPart(stage.Called)), network: stage.Network, hop: hop}, stage: &stage}
	a.ctx, a.drop = context.WithCancel(l.ctx)
	l.attempts = []*attempt{a}
	l.dialog.network = stage.Network
	l.dialog.next()
	if err != nil {
		l.attemptFailed(a, failure{Code: 503, Text: err.Error()})
		return
	}
	l.deadline.set(l.box, stagePatience*l.server.config.T1, func() {
		if !a.heard {
			a.drop() // or a server that awakes later would ring the phone beside the next one
			l.attemptFailed(a, failure{Code: 408, Text: "no response"})
		}
	})
	l.invitePeer(a, hop)
}

// goesOn has the next stage of a way tried, where a failed one calls for that.
func (l *Leg) goesOn(a *attempt, why failure) bool {
	if a.stage == nil || l.state == cancelling {
		return false
	}
	f := Failure{Code: why.Code, Silent: why.res == nil && !a.heard, Rang: l.rung.Code > 0}
	if why.res != nil {
		f.Cause = causeOf(why.res)
		if after, ok := seconds(firstWord(field(why.res, "Retry-After"))); ok {
			f.RetryAfter = time.Duration(after) * time.Second
		}
	}
	if !l.way.Failed(f) {
		return false
	}
	l.log.Info("a call is tried elsewhere", "trunk", a.stage.Trunk, "server", a.stage.Addr, "code", why.Code, "text", why.Text)
	l.deadline.stop()
	l.failed = &why
	l.nextStage()
	return true
}

// firstWord leaves out the comment that may follow in a Retry-After (RFC 3261 20.33).
func firstWord(text string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	return word
}

// causeOf is the Q.850 cause of a response's Reason header (RFC 3326); 0: it has none.
func causeOf(res *sipmsg.Response) int {
	for _, h := range res.GetHeaders("Reason") {
		kind, params, _ := strings.Cut(h.Value(), ";")
		if !strings.EqualFold(strings.TrimSpace(kind), "Q.850") {
			continue
		}
		for param := range strings.SplitSeq(params, ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(param), "=")
			if cause, err := strconv.Atoi(strings.TrimSpace(value)); err == nil && strings.EqualFold(name, "cause") {
				return cause
			}
		}
	}
	return 0
}

// mostProofs is how many challenges of a stage are answered: the second says that the nonce has become stale.
const mostProofs = 2

// prove sends the INVITE of a stage again with the answer to a challenge; false where it cannot be answered.
func (l *Leg) prove(a *attempt, res *sipmsg.Response) bool {
	if a.stage == nil || a.stage.Password == "" || a.proofs >= mostProofs {
		return false
	}
	a.asked, a.heard, a.earlies = res, false, nil
	a.proofs++
	l.dialog.next()
	l.invitePeer(a, a.invite.Destination())
	return true
}
