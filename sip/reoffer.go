package sip

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// A reoffer is an INVITE of ours within the dialog.
type reoffer struct {
	seq  uint32
	done func(error)
}

// requestReoffer makes a new offer now, or as soon as the exchange under way is over.
func (l *Leg) requestReoffer(done func(error)) {
	if l.accepted != nil || l.reoffer != nil {
		l.waiting = append(l.waiting, done)
		return
	}
	l.startReoffer(done)
}

// settled begins the next reoffer that waits for the end of an exchange.
func (l *Leg) settled() {
	if len(l.waiting) == 0 || l.accepted != nil || l.reoffer != nil {
		return
	}
	next := l.waiting[0]
	l.waiting = l.waiting[1:]
	l.startReoffer(next)
}

// ErrRefused says that the peer did not take a new offer.
var ErrRefused = errors.New("offer refused")

func (l *Leg) startReoffer(done func(error)) {
	if l.state != up {
		done(fmt.Errorf("re-INVITE: %w: the leg is not up", ErrRefused))
		return
	}
	offer, err := l.media.Offer()
	if err != nil {
		done(fmt.Errorf("re-INVITE: %w", err))
		return
	}
	req := l.dialog.request(sipmsg.INVITE, l.dialog.next())
	l.detour(req)
	req.SetBody(offer)
	req.AppendHeader(sipmsg.NewHeader("Content-Type", "application/sdp"))
	req.AppendHeader(sipmsg.NewHeader("Allow", allowed))
	req.AppendHeader(sipmsg.NewHeader("Supported", supported))
	l.offerSession(req)
	if err := l.server.address(req); err != nil {
		done(fmt.Errorf("re-INVITE: %w", err))
		return
	}
	l.reoffer = &reoffer{seq: req.CSeq().SeqNo, done: done}
	l.sendInvite(l.ctx, req)
}

// reofferResponse takes a response to an INVITE of ours within the dialog.
func (l *Leg) reofferResponse(res *sipmsg.Response) {
	if res.IsProvisional() {
		return
	}
	r := l.reoffer
	l.reoffer = nil
	switch {
	case res.StatusCode == 422 && l.raiseSession(res):
		l.startReoffer(r.done)
		return
	case res.StatusCode == 491:
		l.waiting = append([]func(error){r.done}, l.waiting...)
		l.again.set(l.box, l.glareWait(), l.settled)
		return
	case !res.IsSuccess():
		r.done(fmt.Errorf("re-INVITE: %w: %w", ErrRefused, StatusError{res.StatusCode, res.Reason}))
		if res.StatusCode == 481 || res.StatusCode == 408 { // the dialog is gone (RFC 3261 12.2.1.2)
			l.end(Ended{Code: res.StatusCode, Text: res.Reason})
		}
	default:
		l.server.acknowledge(&l.dialog, res.CSeq().SeqNo)
		if l.state != up {
			r.done(ErrClosed)
			return
		}
		l.dialog.target = targetOf(res, l.dialog.target)
		l.confirmSession(res)
		r.done(l.media.Accept(res.Body()))
	}
	l.settled()
}

// glareWait is how long to wait when both sides made an offer at once: the one that began the dialog waits longer
// (RFC 3261 14.1: 2.1 to 4 s, the other up to 2 s; that is in round trips of 500 ms).
func (l *Leg) glareWait() time.Duration {
	t1 := l.server.config.T1
	if l.tx == nil {
		return t1*21/5 + rand.N(t1*19/5)
	}
	return rand.N(4 * t1)
}
