package floor

import (
	"cmp"
	"time"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/media"
)

// asking is an Ask under way.
type asking struct {
	Ask
	keys     string
	playback *media.Playback
}

// advance tells the script what came of the last step and begins the next.
func (c *call) advance(r Result) {
	if c.leaving {
		return
	}
	c.quiet()
	if _, begins := r.(Begun); c.state.Flow == "" || c.state.Step == "" && !begins { // no script has led here
		c.hangup("done")
		return
	}
	before := c.state.Step
	var step Step
	c.state, step = c.floor.cfg.Script.Next(c.state, r)
	if c.state.Step != before {
		c.note(journal.FlowStep, journal.Details{Flow: c.state.Flow, Step: c.state.Step})
	}
	switch step := step.(type) {
	case Play:
		c.say(step)
	case Ask:
		c.ask(step)
	case Enqueue:
		c.enterQueue(step)
	case Book:
		c.offerBooking(step)
	case Hangup:
		c.hangup(step.Reason)
	}
}

func (c *call) say(step Play) {
	c.play(step.Prompts, func() {
		if step.Notice != "" {
			c.note(journal.NoticePlayed, journal.Details{Notice: step.Notice})
		}
		c.advance(Played{})
	})
}

func (c *call) ask(step Ask) {
	if len(c.typed) >= step.Keys {
		keys := c.typed[:step.Keys]
		c.typed = c.typed[step.Keys:]
		c.got(keys)
		return
	}
	c.asking = &asking{Ask: step, keys: c.typed}
	c.typed = ""
	c.asking.playback = c.play(step.Prompts, c.awaitKey)
}

// awaitKey gives the caller some time for the next key.
func (c *call) awaitKey() {
	if c.timer != nil {
		c.timer.Stop()
	}
	c.after(c.asking.Timeout, func() {
		if c.asking.keys != "" {
			c.got(c.asking.keys)
			return
		}
		c.advance(Silent{})
	})
}

// pressed takes a key while one is asked for; the first one stops the prompts.
func (c *call) pressed(key rune) {
	c.asking.keys += string(key)
	if len(c.asking.keys) >= c.asking.Keys {
		keys := c.asking.keys
		c.asking.playback.Stop()
		c.got(keys)
		return
	}
	c.asking.playback.Stop() // its end starts the wait for the next key
	c.awaitKey()
}

func (c *call) got(keys string) {
	c.note(journal.KeysPressed, journal.Details{Step: c.state.Step, Keys: keys})
	c.advance(Pressed{Keys: keys})
}

// enterQueue lets the caller wait: ringing for as long as the promise of three rings lasts, then music.
func (c *call) enterQueue(step Enqueue) {
	f := c.floor
	q := f.queue(step.Name)
	c.queue, c.asked, c.gave, c.unheard, c.typed = step, true, false, false, ""
	c.enteredAt = 0
	f.lines.enter(c, step.Name, now())
	c.note(journal.QueueEntered, journal.Details{
		Queue: step.Name, TargetMs: q.Target.Milliseconds(), Why: c.entersAs(), Priority: c.rank(step.Name), Needs: step.Needs,
		WaitedMs: c.asks().Milliseconds(),
	})
	c.log.Info("waiting", "queue", step.Name)
	c.lullOn()
	f.publishQueue(step.Name)
	f.do(func() { // after what is still to be told of a talk before; meanwhile the caller may have gone
		if !c.over() && c.waiting != "" {
			f.enters(c)
		}
	})
}

// asks notes that the caller asks for a person, and gives for how long they have been doing so, whatever queues they were in.
func (c *call) asks() time.Duration {
	if c.unserved.IsZero() {
		c.unserved = now()
		return 0
	}
	return now().Sub(c.unserved)
}

// enters tells the brain of a caller who waits. One who wanted to be called back has their old place.
func (f *Floor) enters(c *call) {
	e := brain.CallEntered{
		Call: c.id, Queue: c.waiting, MaxWait: c.queue.MaxWait, From: c.from, Priority: c.rank(c.waiting), Needs: c.queue.Needs,
		Sticky: c.sticky(),
	}
	c.ranked = e.Priority
	d := f.callbackFor(c.number, c.waiting)
	if d != nil {
		e.Resumes = d.id
	}
	c.enteredAt = f.now()
	f.apply(e)
	if d != nil {
		c.enteredAt = min(c.enteredAt, d.enteredAt)
		d.resumed(c)
	}
}

// rank is the priority of the caller in a queue: what the flow says, or, of a VIP, the queue, whichever is more.
func (c *call) rank(queue string) int {
	if !c.vip {
		return c.queue.Priority
	}
	return max(c.queue.Priority, c.floor.queue(queue).VIP)
}

// lateRank is that the caller turns out to be a VIP who waits already.
func (c *call) lateRank() {
	if rank := c.rank(c.waiting); c.waiting != "" && c.enteredAt != 0 && rank > c.ranked {
		c.ranked = rank
		c.note(journal.CallPrioritised, journal.Details{By: "system", Priority: rank, Why: "vip"})
		c.floor.apply(brain.CallPrioritised{Call: c.id, Priority: rank})
	}
}

// sticky is whom the caller waits for alone at first; nil: nobody.
func (c *call) sticky() *brain.Sticky {
	s := c.queue.Sticky
	if s == nil {
		return nil
	}
	if agent := cmp.Or(s.Agent, c.lastAgent); agent != "" {
		return &brain.Sticky{Agent: agent, For: s.For}
	}
	return nil
}

// entersAs says why somebody enters a queue who is not to be counted among its callers.
func (c *call) entersAs() string {
	switch {
	case c.transferred:
		return journal.Transferred
	case c.direction == journal.Callback:
		return journal.CalledBack
	case c.direction != "":
		return journal.Colleague
	}
	return ""
}

// leaveQueue ends the waiting. What was typed meanwhile answers no later question.
func (c *call) leaveQueue(why string) {
	queue := c.waiting
	c.floor.lines.leave(c)
	c.typed, c.mayBook = "", false
	c.note(journal.QueueLeft, journal.Details{Queue: queue, Why: why})
	if c.direction != journal.Callback {
		c.floor.cfg.Metrics.waited(queue, why, now().Sub(c.waitingSince))
	}
	c.floor.publishQueue(queue)
}

// gaveUp is the queue's word that nobody comes.
func (c *call) gaveUp(why string) {
	if c.waiting == "" || c.leaving {
		return
	}
	c.leaveQueue(why)
	c.quiet()
	c.gave = true
	if c.callback != nil { // nobody is there to hear what the flow would say
		c.floor.do(func() { c.finish("system", "") })
		return
	}
	c.log.Info("the queue gives up", "why", why)
	c.floor.do(func() {
		if !c.over() {
			c.advance(GaveUp{Why: why})
		}
	})
}
