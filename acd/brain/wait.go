package brain

import "time"

const (
	tellSoonest = 20 * time.Second // a caller is told nothing before
	factorFirst = 2000             // thousandths
	factorMost  = 30_000
	factorStep  = 15
)

// pace is how fast a queue moves while somebody waits in it, and how far that is to be trusted.
type pace struct {
	last   Instant       // when the last one left, or the first came
	mean   time.Duration // between two that leave
	factor int64         // how much is added for luck, in thousandths of a standard deviation; learned
}

// left says that a call has left the queue, with an agent or without.
func (p *pace) left(now Instant) {
	d := now.Sub(p.last)
	p.last = now
	if p.mean == 0 {
		p.mean, p.factor = max(d, 1), factorFirst
		return
	}
	p.mean = max(p.mean+(d-p.mean)/16, 1)
}

// bound is a wait that nine of ten at a position do not exceed; zero where nothing is known yet. With n departures ahead at
// random intervals the wait is their sum, whose deviation grows with the root of n.
func (p *pace) bound(position int) time.Duration {
	n := int64(max(position, 1))
	return p.mean * time.Duration(1000*n+p.factor*root(1_000_000*n)/1000) / 1000
}

// root is the integer part of the square root.
func root(n int64) int64 {
	x := n
	for y := (x + 1) / 2; y < x; y = (x + n/x) / 2 {
		x = y
	}
	return x
}

// judge compares the wait of a call with all that was expected of it: what has passed was too short, and what has not was right
// where an agent has taken the call.
func (c *call) judge(now Instant, taken bool) {
	open := c.bounds[:0]
	for _, at := range c.bounds {
		switch {
		case at < now:
			c.line.pace.learn(false)
		case taken:
			c.line.pace.learn(true)
		default:
			open = append(open, at)
		}
	}
	c.bounds = open
}

// learn moves the bound so that one of ten exceeds it: where it was too short nine times as far as where it was not.
func (p *pace) learn(kept bool) {
	if kept {
		p.factor = max(p.factor-factorStep, 0)
	} else {
		p.factor = min(p.factor+9*factorStep, factorMost)
	}
}

// expect is the position of a call in its queue and the wait that is expected for it.
func (b *Brain) expect(c *call) (int, time.Duration) {
	position := b.rank(c)
	return position, c.line.pace.bound(position)
}

// tell tells a caller where they stand, and keeps what was expected to learn from it, also where nothing is told.
func (b *Brain) tell(c *call, now Instant) {
	t := c.line.Telling
	c.tellAt = 0
	if t.Every > 0 {
		c.tellAt = now.Add(t.Every)
	}
	if c.ringing > 0 || c.callback != nil {
		return
	}
	position, wait := b.expect(c)
	c.judge(now, false)
	if c.told == 0 || position < c.told {
		c.told = position
	}
	o := Tell{Call: c.id, Callback: t.Callback > 0 && wait >= t.Callback && !c.line.closed && !c.line.resting}
	if t.Position {
		o.Position = c.told
	}
	if under := (wait + time.Minute - 1).Truncate(time.Minute); t.Wait && wait != 0 && c.mayWait(now.Add(under)) {
		o.Under, wait = under, under
	}
	if wait != 0 && t.Wait == (o.Under != 0) && c.mayWait(now.Add(wait)) { // of others nobody knows, unless they were right
		c.bounds = append(c.bounds, now.Add(wait))
	}
	if o != (Tell{Call: c.id}) {
		b.out(o)
	}
}
