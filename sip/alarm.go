package sip

import (
	"sync/atomic"
	"time"
)

// An alarm is one deadline of a leg: set anew it forgets the old one. It belongs to the leg's actor and goes off there.
type alarm struct {
	timer *time.Timer
	bell  *bell
}

// A bell is what one setting of an alarm has done; nothing once it was stopped, though it may be on its way by then. The runtime keeps
// stopped timers for a while: they must not keep all that was the leg's.
type bell struct{ do atomic.Pointer[func()] }

func (a *alarm) set(box *mailbox, d time.Duration, do func()) {
	a.stop()
	b := &bell{}
	b.do.Store(&do)
	a.bell, a.timer = b, time.AfterFunc(d, func() { box.post(b.ring) })
}

func (b *bell) ring() {
	if do := b.do.Load(); do != nil {
		(*do)()
	}
}

func (a *alarm) stop() {
	if a.timer != nil {
		a.timer.Stop()
		a.bell.do.Store(nil)
		a.timer, a.bell = nil, nil
	}
}
