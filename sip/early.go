package sip

import (
	"slices"
	"strconv"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// An early is a dialog that a provisional response has begun (RFC 3261 12.1). Where a proxy forks the INVITE there are
// several, told apart by their To tags.
type early struct {
	dialog dialog
	answer []byte // the last SDP in it
	firm   bool   // the answer came reliably: it is final (RFC 3262 5)
	rseq   uint32 // the last reliable response that was acknowledged; 0: none

	renewed bool // the peer has offered anew since, so that the answer is no longer in force
}

// earlyOf finds the early dialog with that To tag, or nil.
func (a *attempt) earlyOf(tag string) *early {
	i := slices.IndexFunc(a.earlies, func(e *early) bool { return e.dialog.remote.tag == tag })
	if i < 0 {
		return nil
	}
	return a.earlies[i]
}

// mostEarlies is how many early dialogs of one INVITE are followed.
const mostEarlies = 20

// progress takes a provisional response as part of its early dialog, and says whether it brought an answer that was not
// there before.
func (l *Leg) progress(a *attempt, res *sipmsg.Response) (e *early, fresh bool) {
	tag := tagOf(res.To().Params)
	if tag == "" || res.StatusCode == 100 {
		return nil, false
	}
	if e = a.earlyOf(tag); e == nil {
		if len(a.earlies) >= mostEarlies {
			return nil, false
		}
		e = &early{dialog: a.dialog}
		e.dialog.establish(res)
		a.earlies = append(a.earlies, e)
	}
	reliable := hasOption(res, "100rel", "Require")
	if reliable && !l.acknowledgeEarly(a, e, res) {
		return e, false
	}
	if len(res.Body()) > 0 && !e.firm {
		e.answer, e.firm, fresh = res.Body(), reliable, true
	}
	return e, fresh
}

// acknowledgeEarly sends the PRACK of a reliable provisional response (RFC 3262 4). False: it has come before, or one
// before it is missing, and the peer will send it again.
func (l *Leg) acknowledgeEarly(a *attempt, e *early, res *sipmsg.Response) bool {
	n, err := strconv.ParseUint(strings.TrimSpace(field(res, "RSeq")), 10, 32)
	rseq := uint32(n)
	if err != nil || rseq == 0 || e.rseq != 0 && rseq != e.rseq+1 {
		return false
	}
	e.rseq = rseq
	e.dialog.target = targetOf(res, e.dialog.target)
	prack := e.dialog.request(sipmsg.PRACK, l.dialog.next())
	prack.AppendHeader(sipmsg.NewHeader("RAck", strconv.FormatUint(n, 10)+" "+
		strconv.FormatUint(uint64(a.invite.CSeq().SeqNo), 10)+" INVITE"))
	if err := l.send(prack, func(*sipmsg.Response) {}, func(error) {}); err != nil {
		l.log.Info("PRACK not sent", "error", err)
	}
	return true
}

// settledEarly finds the one early dialog whose offer and answer are complete, so that the peer may offer anew in it by
// UPDATE (RFC 3311 5.1); nil where there is none.
func (l *Leg) settledEarly(tag string) *early {
	if len(l.attempts) != 1 {
		return nil // who will answer is open: no answer is in force
	}
	if e := l.attempts[0].earlyOf(tag); e != nil && e.firm {
		return e
	}
	return nil
}
