package brain

// alarm is the next moment at which time alone changes something for its owner.
type alarm struct {
	owner  sleeper
	number int32 // of its place, from 1; zero: not set
}

// sleeper is a call, an agent or an offer. due does what is due; it sets the alarm anew where there is more to come.
type sleeper interface{ due(b *Brain, now Instant) }

// alarms is a heap, the soonest first. It knows the alarms by numbers, so that the moving of one does not touch the records of
// all that make way.
type alarms struct {
	heap   []moment
	places []int32  // in the heap, by number
	list   []*alarm // by number
	spare  []int32  // numbers that are not in use
}

type moment struct {
	at     Instant
	number int32
}

// set moves an alarm; zero takes it away.
func (h *alarms) set(a *alarm, at Instant) {
	switch {
	case at == 0:
		h.stop(a)
	case a.number == 0:
		h.enlist(a)
		h.heap = append(h.heap, moment{})
		h.sift(len(h.heap)-1, moment{at, a.number})
	default:
		h.sift(int(h.places[a.number-1]), moment{at, a.number})
	}
}

// stop takes an alarm away.
func (h *alarms) stop(a *alarm) {
	if a.number == 0 {
		return
	}
	i, last := int(h.places[a.number-1]), len(h.heap)-1
	end := h.heap[last]
	h.heap = h.heap[:last]
	if i < last {
		h.sift(i, end)
	}
	h.list[a.number-1] = nil
	h.spare = append(h.spare, a.number)
	a.number = 0
}

// soonest is when the next alarm is due; false: none is set.
func (h *alarms) soonest() (Instant, bool) {
	if len(h.heap) == 0 {
		return 0, false
	}
	return h.heap[0].at, true
}

// pop takes the soonest away if it is due.
func (h *alarms) pop(now Instant) *alarm {
	if at, ok := h.soonest(); !ok || at > now {
		return nil
	}
	a := h.list[h.heap[0].number-1]
	h.stop(a)
	return a
}

// enlist gives an alarm a number.
func (h *alarms) enlist(a *alarm) {
	if last := len(h.spare) - 1; last >= 0 {
		a.number, h.spare = h.spare[last], h.spare[:last]
		h.list[a.number-1] = a
		return
	}
	h.list, h.places = append(h.list, a), append(h.places, 0)
	a.number = int32(len(h.list))
}

// sift brings a moment from a place that is empty, or its own, to where it belongs.
func (h *alarms) sift(i int, m moment) {
	for i > 0 && m.at < h.heap[(i-1)/2].at {
		h.put(i, h.heap[(i-1)/2])
		i = (i - 1) / 2
	}
	for child := 2*i + 1; child < len(h.heap); child = 2*i + 1 {
		if child+1 < len(h.heap) && h.heap[child+1].at < h.heap[child].at {
			child++
		}
		if m.at <= h.heap[child].at {
			break
		}
		h.put(i, h.heap[child])
		i = child
	}
	h.put(i, m)
}

func (h *alarms) put(i int, m moment) {
	h.heap[i] = m
	h.places[m.number-1] = int32(i)
}

// sooner is the earlier of two moments, of which zero means never.
func sooner(x, y Instant) Instant {
	if x == 0 || y != 0 && y < x {
		return y
	}
	return x
}
