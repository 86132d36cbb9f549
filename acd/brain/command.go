package brain

// callMoved brings a waiting call into another queue.
func (b *Brain) callMoved(now Instant, e CallMoved) {
	c, to := b.calls[e.Call], b.queues[e.Queue]
	switch {
	case c == nil || c.agent != nil:
		b.out(Rejected{Call: e.Call, Why: "no_call"})
	case to == nil || to.gone:
		b.out(Rejected{Call: e.Call, Why: "no_queue"})
	case to != c.line:
		from := c.line
		b.withdrawAll(now, c, Moved)
		c.been, c.entering = nil, false
		b.transfer(now, c, to)
		b.out(Overflow{Call: c.id, From: from.Name, To: to.Name, Why: Command})
	}
}

func (b *Brain) callPrioritised(e CallPrioritised) {
	c := b.calls[e.Call]
	if c == nil || c.agent != nil {
		b.out(Rejected{Call: e.Call, Why: "no_call"})
		return
	}
	b.unqueue(c)
	c.priority = e.Priority
	b.wake(c)
}

// callTaken offers a waiting call to an agent of someone's choice.
func (b *Brain) callTaken(now Instant, e CallTaken) {
	c, a := b.calls[e.Call], b.agents[e.Agent]
	switch {
	case c == nil || c.agent != nil || c.callback != nil && c.callback.dialling:
		b.out(Rejected{Call: e.Call, Agent: e.Agent, Why: "no_call"})
		return
	case a == nil || a.gone:
		b.out(Rejected{Call: e.Call, Agent: e.Agent, Why: "no_agent"})
		return
	case a.offer != nil && a.offer.call == c && a.offer.stands():
		return
	case !a.takes():
		b.out(Rejected{Call: e.Call, Agent: e.Agent, Why: "busy"})
		return
	}
	if c.callback != nil {
		c.callback.again = 0
	}
	why := b.choice(c, now, ByOrder)
	why.Phone, why.Candidates = 1, 1
	why.Best = []Candidate{b.candidate(&seat{pool: c.pool, agent: a}, c, now)}
	b.withdrawAll(now, c, Moved)
	c.tier = 0
	b.make(now, c, a, why)
}

// queueSet opens or closes a queue.
func (b *Brain) queueSet(e QueueSet) {
	l := b.queues[e.Queue]
	if l == nil {
		return
	}
	l.closed = !e.Open
	b.wakeCallbacks(l)
}

// callbacksSet begins or ends the hours in which callbacks are started.
func (b *Brain) callbacksSet(e CallbacksSet) {
	if l := b.queues[e.Queue]; l != nil {
		l.resting = !e.Open
		b.wakeCallbacks(l)
	}
}

// wakeCallbacks has a queue's callbacks looked at: whether they may be started is another question now.
func (b *Brain) wakeCallbacks(l *line) {
	for _, p := range l.pools {
		for c := p.last.first; c != nil; c = c.after {
			if c.callback != nil {
				b.wake(c)
			}
		}
	}
}
