package sim

import (
	"slices"
	"strconv"
	"time"

	"threering/acd/brain"
)

// decide rings phones for the calls whose turn it is.
func (m *model) decide() {
	for _, q := range m.queues {
		free := m.free(q)
		for ahead, i := 0, 0; i < len(q.waiting) && ahead < len(free); i++ {
			w := q.waiting[i]
			switch {
			case w.standing >= m.due(w):
			case m.next(w, m.now) != m.now:
				ahead++ // whose turn comes before, and who has not looked yet, is left an agent
			default:
				x := m.choose(w, free)
				if x == nil {
					ahead++
					continue
				}
				free = slices.DeleteFunc(free, func(y *member) bool { return y == x })
				m.offer(w, x)
				i-- // it may be due another
			}
		}
	}
}

// free lists the agents of a queue who could be rung, in its order.
func (m *model) free(q *modelQueue) (free []*member) {
	if len(q.waiting) == 0 {
		return nil
	}
	for _, x := range q.members {
		if x.state == brain.Available && x.bell == nil {
			free = append(free, x)
		}
	}
	return free
}

// due is how many phones should ring for the call by now.
func (m *model) due(w *waiter) int {
	if m.addEvery == 0 {
		return 1
	}
	return 1 + int(m.now.Sub(w.entered)/m.addEvery)
}

// next is the first moment from now on at which the model looks after the call.
func (m *model) next(w *waiter, now brain.Instant) brain.Instant {
	at := max(now, w.looks)
	if m.tick == 0 {
		return at
	}
	from, tick := brain.Instant(0), brain.Instant(0).Add(m.tick)
	if m.own {
		from = w.looks
	}
	return from + (at-from+tick-1)/tick*tick
}

// choose takes one of the free agents; nil if none suits.
func (m *model) choose(w *waiter, free []*member) *member {
	switch {
	case m.foresees:
		return m.soonest(w, free)
	case m.others:
		return slices.MinFunc(free, func(x, y *member) int {
			if xPassed, yPassed := slices.Contains(w.passed, x), slices.Contains(w.passed, y); xPassed != yPassed {
				if xPassed {
					return 1
				}
				return -1
			}
			return longestIdle(x, y)
		})
	}
	return slices.MinFunc(free, longestIdle)
}

// soonest is who will be the first to pick up, if anybody will before the phone stops.
func (m *model) soonest(w *waiter, free []*member) (best *member) {
	least := m.ring
	for _, x := range free {
		if after, ok := x.foreseen(w, m.now); ok && after < least {
			best, least = x, after
		}
	}
	return best
}

func (m *model) offer(w *waiter, x *member) {
	m.serial++
	b := &bell{id: "m" + strconv.Itoa(m.serial), call: w, member: x, ends: m.now.Add(m.ring + signalling)}
	x.bell = b
	m.bells[b.id] = b
	m.ringing = append(m.ringing, b)
	w.standing++
	m.out(brain.Offer{ID: b.id, Call: w.id, Queue: w.queue.Name, Agent: x.id})
	m.set(x, brain.Offered)
}

// NextWake says when time alone would change something.
func (m *model) NextWake() (brain.Instant, bool) {
	at := never
	for _, x := range m.members {
		if x.state == brain.WrapUp {
			at = min(at, x.wrapEnds)
		}
	}
	if len(m.ringing) > 0 {
		at = min(at, m.ringing[0].ends)
	}
	for _, q := range m.queues {
		anyFree := len(m.free(q)) > 0
		for _, w := range q.waiting {
			if w.standing == 0 {
				at = min(at, max(w.givesUpAt(), m.now+1))
			}
			if anyFree {
				at = min(at, m.looksAgain(w))
			}
		}
	}
	return at, at != never
}

// looksAgain is when the model looks after a call again and could ring one more phone.
func (m *model) looksAgain(w *waiter) brain.Instant {
	after := m.now + 1
	if w.standing >= m.due(w) {
		if m.addEvery == 0 {
			return never
		}
		after = max(after, w.entered+brain.Instant(w.standing)*brain.Instant(0).Add(m.addEvery))
	}
	if m.foresees && w.standing == 0 {
		after = m.now.Add(time.Second) // nobody suited: somebody may be back at a desk by then
	}
	return m.next(w, after)
}
