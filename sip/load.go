package sip

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"sync/atomic"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// A load says whether new calls are taken. It looks at how late this process gets to what is due, and at how many calls wait
// for whoever answers them; between too much and little enough of either there is room, so that it does not flap.
type load struct {
	unhurried bool // being late is not too much
	draining  atomic.Bool
	over      atomic.Bool
	opening   atomic.Int64 // calls that have come in and that nobody has looked at yet
	lag       time.Duration
}

const (
	loadLook      = 50 * time.Millisecond // how often it is looked
	lateTooMuch   = 150 * time.Millisecond
	lateLittle    = 30 * time.Millisecond
	lateMost      = 300 * time.Millisecond // counts as no more: one stall of the machine, however long, is over when it is seen
	openingMost   = 500
	openingLittle = 100
)

func newLoad(unhurried bool) *load { return &load{unhurried: unhurried} }

// serve looks until ctx ends.
func (l *load) serve(ctx context.Context, log *slog.Logger) {
	timer := time.NewTimer(loadLook)
	defer timer.Stop()
	for due := time.Now().Add(loadLook); ; due = time.Now().Add(loadLook) {
		select {
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		if was := l.over.Load(); l.look(time.Since(due)) != was {
			log.Warn("too much to do", "now", !was, "late", l.lag, "calls opening", l.opening.Load())
		}
		timer.Reset(loadLook)
	}
}

// look takes in how late it was just now, and says whether that is too much.
func (l *load) look(late time.Duration) bool {
	l.lag += (min(max(late, 0), lateMost) - l.lag) / 4
	opening := l.opening.Load()
	switch {
	case l.lag > lateTooMuch && !l.unhurried || opening > openingMost:
		l.over.Store(true)
	case (l.lag < lateLittle || l.unhurried) && opening < openingLittle:
		l.over.Store(false)
	}
	return l.over.Load()
}

const (
	retryAfter      = 3  // seconds, where there was too much to do, and up to as many again, so that not all come back at once
	retryAfterDrain = 30 // seconds, where the server is about to go
)

// refusesCalls is what a new call is refused with; nil: it is taken.
func (s *Server) refusesCalls() *refusal {
	wait := 0
	switch {
	case s.load.draining.Load():
		wait = retryAfterDrain
	case s.load.over.Load():
		s.counters.overloaded.Add(1)
		wait = retryAfter + rand.IntN(retryAfter+1)
	default:
		return nil
	}
	return &refusal{code: 503, reason: "Service Unavailable",
		headers: []sipmsg.Header{sipmsg.NewHeader("Retry-After", strconv.Itoa(wait))}}
}

// refuseStateless refuses a new call before anything is kept of it; false where it is taken, or is known already.
func (s *Server) refuseStateless(info sipmsg.TransportReadProps, data []byte) bool {
	if !s.load.draining.Load() && !s.load.over.Load() {
		return false
	}
	msg, err := sipmsg.ParseMessage(data)
	req, ok := msg.(*sipmsg.Request)
	if err != nil || !ok || !complete(req) || field(req, "Replaces") != "" || s.legs.find(req.CallID().Value(), s.calleeTag(req)) != nil {
		return false
	}
	refusal := s.refusesCalls()
	if refusal == nil {
		return false
	}
	req.SetTransport(info.Transport)
	req.SetSource(info.RemoteAddr.String())
	s.answerStateless(info, req, refusal)
	return true
}

// Drain lets no new call in from now on, whoever makes it, and returns when those in progress have ended, or ctx has.
// Devices may go on registering.
func (s *Server) Drain(ctx context.Context) {
	s.load.draining.Store(true)
	for len(s.legs.all()) > 0 {
		select {
		case <-s.legs.quiet:
		case <-ctx.Done():
			return
		}
	}
}

// Busy says whether new calls are refused at this moment because there is too much to do.
func (s *Server) Busy() bool { return s.load.over.Load() }

// Draining says whether no new call is let in any more.
func (s *Server) Draining() bool { return s.load.draining.Load() }
