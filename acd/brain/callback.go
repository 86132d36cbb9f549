package brain

import "cmp"

// callback is a caller who is to be called.
type callback struct {
	Callback
	dialling bool    // the caller's phone is rung, before an agent's
	again    Instant // the next try; zero: it is time
}

// dials has the caller of a callback called whose turn has come, if that is to be done before an agent is rung.
func (b *Brain) dials(c *call) bool {
	if c.callback == nil || !c.callback.CustomerFirst {
		return false
	}
	c.callback.dialling = true
	b.unqueue(c)
	b.out(StartCallback{Call: c.id, Try: c.callback.Tries + 1})
	b.wake(c)
	return true
}

// callbackReached makes a call like any other of a callback whose caller is on the line. It keeps its place.
func (b *Brain) callbackReached(now Instant, c *call) {
	if c == nil || c.callback == nil || !c.callback.dialling {
		return
	}
	c.callback, c.joined = nil, now
	b.wake(c)
}

// callbackFailed has it tried again later, or by another agent at once. The agent who picked up for it goes on as if it had
// not been.
func (b *Brain) callbackFailed(now Instant, c *call, e CallbackFailed) {
	if c == nil || c.callback == nil {
		return
	}
	switch a := c.agent; {
	case a != nil:
		b.untalk(now, c)
		a.calls--
		if e.Untried {
			c.bar(a, now)
		}
		b.rest(a)
	case !c.callback.dialling:
		return
	default:
		b.strike(c)
	}
	c.callback.dialling = false
	pause := e.After
	if !e.Untried {
		c.callback.Tries++
		pause = cmp.Or(c.line.Calling.Pause, CallbackPause)
	}
	if e.Final || c.callback.Tries >= cmp.Or(c.line.Calling.Tries, CallbackTries) {
		b.forget(c)
		b.out(GiveUp{Call: c.id, Why: Unreached})
		return
	}
	if pause > 0 {
		c.callback.again = now.Add(pause)
	}
	b.enroll(c)
}
