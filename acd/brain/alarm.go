package brain

// alarm is the next moment at which time alone changes something for its owner.
type alarm struct {
	at    Instant
	owner sleeper
	place int // in the heap, from 1; zero: not set
}

// sleeper is a call, an agent or an offer. due does what is due; it sets the alarm anew where there is more to come.
type sleeper interface{ due(b *Brain, now Instant) }

// alarms is a heap, the soonest first.
type alarms []*alarm

// set moves an alarm; zero takes it away.
func (h *alarms) set(a *alarm, at Instant) {
	switch {
	case at == a.at && (a.place > 0) == (at != 0):
		return
	case at == 0:
		h.stop(a)
		return
	case a.place == 0:
		*h = append(*h, a)
		a.place = len(*h)
	}
	a.at = at
	h.up(a.place - 1)
	h.down(a.place - 1)
}

// stop takes an alarm away.
func (h *alarms) stop(a *alarm) {
	if a.place == 0 {
		return
	}
	i, last := a.place-1, len(*h)-1
	h.swap(i, last)
	(*h)[last] = nil
	*h = (*h)[:last]
	a.place, a.at = 0, 0
	if i < last {
		h.up(i)
		h.down(i)
	}
}

// pop takes the soonest away if it is due.
func (h *alarms) pop(now Instant) *alarm {
	if len(*h) == 0 || (*h)[0].at > now {
		return nil
	}
	a := (*h)[0]
	h.stop(a)
	return a
}

func (h alarms) swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].place, h[j].place = i+1, j+1
}

func (h alarms) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if h[parent].at <= h[i].at {
			return
		}
		h.swap(i, parent)
		i = parent
	}
}

func (h alarms) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(h) {
			return
		}
		if child+1 < len(h) && h[child+1].at < h[child].at {
			child++
		}
		if h[i].at <= h[child].at {
			return
		}
		h.swap(i, child)
		i = child
	}
}

// sooner is the earlier of two moments, of which zero means never.
func sooner(x, y Instant) Instant {
	if x == 0 || y != 0 && y < x {
		return y
	}
	return x
}
