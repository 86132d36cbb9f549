package sip

import "time"

// An alarm is one deadline of a leg: set anew it forgets the old one. It belongs to the leg's actor and goes off there.
type alarm struct {
	timer *time.Timer
	round int // tells the ring of this setting from one that was already on its way when it was stopped
}

func (a *alarm) set(box *mailbox, d time.Duration, do func()) {
	a.stop()
	round := a.round
	a.timer = time.AfterFunc(d, func() {
		box.post(func() {
			if a.round == round {
				do()
			}
		})
	})
}

func (a *alarm) stop() {
	a.round++
	if a.timer != nil {
		a.timer.Stop()
		a.timer = nil
	}
}
