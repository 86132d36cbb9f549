package sim

import "threering/acd/brain"

const never = brain.Instant(1<<63 - 1)

// happening is something that will happen. What is overtaken by decisions in the meantime is told by its subject and passed
// over.
type happening struct {
	at    brain.Instant
	order int64 // of making: what comes at one moment comes in this order
	kind  kind
	who   int32 // a caller or an agent
	nth   int32 // wrap-up or miss of the agent, so that one that is over is told from the next
	ring  *ring
}

// kind is what will happen.
type kind uint8

const (
	loses    kind = iota // a caller loses patience
	rings                // a phone begins to ring
	picksUp              // an agent picks up
	stops                // a phone that was told to has stopped
	hangsUp              // a talk ends
	finishes             // an agent has written what there was to write
	signsOn
	signsOff
	returns // an agent who was set aside says that they are there
)

// agenda is all that will happen, a binary heap with the soonest first.
type agenda struct {
	heap   []happening
	serial int64
}

func (h happening) before(other happening) bool {
	return h.at < other.at || h.at == other.at && h.order < other.order
}

func (a *agenda) push(h happening) {
	a.serial++
	h.order = a.serial
	a.heap = append(a.heap, h)
	i := len(a.heap) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !h.before(a.heap[up]) {
			break
		}
		a.heap[i] = a.heap[up]
		i = up
	}
	a.heap[i] = h
}

// soonest is when the next thing happens; never if nothing does.
func (a *agenda) soonest() brain.Instant {
	if len(a.heap) == 0 {
		return never
	}
	return a.heap[0].at
}

func (a *agenda) pop() happening {
	first, last := a.heap[0], a.heap[len(a.heap)-1]
	a.heap[len(a.heap)-1] = happening{}
	a.heap = a.heap[:len(a.heap)-1]
	n, i := len(a.heap), 0
	if n == 0 {
		return first
	}
	for {
		down := 2*i + 1
		if down >= n {
			break
		}
		if down+1 < n && a.heap[down+1].before(a.heap[down]) {
			down++
		}
		if !a.heap[down].before(last) {
			break
		}
		a.heap[i] = a.heap[down]
		i = down
	}
	a.heap[i] = last
	return first
}
