package floor

import (
	"time"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/media"
)

// lull plays what somebody hears who waits: ringing for as long as the promise of three rings lasts, then music. It gives
// the time for which it rings still.
func (c *call) lull() time.Duration {
	f := c.floor
	left := f.queue(c.queue.Name).Target - now().Sub(c.waitingSince)
	if left > 0 {
		c.caller.port.Play(true, media.Ringback(f.plan.Cadence))
	} else {
		c.caller.port.Play(true, f.music()...)
	}
	return left
}

// lullOn is lull, with the music after the ringing: where something is told at that moment, it follows that.
func (c *call) lullOn() {
	if left := c.lull(); left > 0 {
		c.after(left, func() {
			if c.telling == nil && c.booking == nil {
				c.lull()
			}
		})
	}
}

// tell tells a caller something who waits, or is asked for a number; then is what follows. An agent's answer cuts it.
func (c *call) tell(sounds []*media.Sound, then func()) {
	told := c.caller.port.Play(false, sounds...)
	c.telling = told
	scene := c.scene
	c.floor.when(told.Done(), func() {
		if c.scene == scene && !c.over() && c.telling == told {
			c.telling = nil
			then()
		}
	})
}

// toldWhere tells a caller where they stand, and offers to call them back.
func (c *call) toldWhere(o brain.Tell) {
	if c.waiting == "" || c.leaving || c.telling != nil || c.booking != nil {
		return
	}
	var phrases []Phrase
	if o.Position > 0 {
		phrases = append(phrases, Phrase{Says: SaysPlace, Number: o.Position})
	}
	if o.Under > 0 {
		phrases = append(phrases, Phrase{Says: SaysUnder, Number: int(o.Under / time.Minute)})
	}
	if o.Callback && c.from == "" && c.floor.cfg.Trunks != nil {
		phrases, c.mayBook = append(phrases, Phrase{Says: SaysOffer}), true
	}
	sounds := c.floor.speech(c.floor.queue(c.waiting), phrases...)
	if len(sounds) == 0 { // a number that there are no words for
		return
	}
	c.note(journal.WaitTold, journal.Details{Queue: c.waiting, Position: o.Position, UnderMs: o.Under.Milliseconds(), Offered: c.mayBook})
	c.tell(sounds, func() { c.lull() })
}

// whisper tells the agent what the queue has them know before the caller is there. It may be nothing.
func (c *call) whisper(o *offer) []*media.Sound {
	f, q := c.floor, c.floor.queue(o.queue)
	sounds := f.sounds(q.Briefing.Prompts)
	if q.Briefing.Waited && len(q.Languages) > 0 {
		q.Languages = q.Languages[:1]
		sounds = append(sounds, f.speech(q, Phrase{Says: SaysWaited, Number: int(now().Sub(c.waitingSince) / time.Minute)})...)
	}
	return sounds
}
