package sim

import (
	"time"

	"threering/acd/brain"
)

// work is what agents did with their time.
type work struct {
	busy time.Duration // talking and wrapping up
	free time.Duration // available, or rung
}

// occupancy is (talk + wrap-up) / (that + available), from 0 to 1; false where nobody was there.
func (w work) occupancy() (float64, bool) {
	if w.busy+w.free == 0 {
		return 0, false
	}
	return w.busy.Seconds() / (w.busy + w.free).Seconds(), true
}

func (w *work) add(state brain.State, d time.Duration) {
	switch state {
	case brain.Talking, brain.WrapUp:
		w.busy += d
	case brain.Available, brain.Offered:
		w.free += d
	}
}

// account books the time since an agent's last change of state to the half hours in which it passed.
func (e *engine) account(a *agent) {
	for from := a.since; from < e.now; {
		nth := e.halfHour(from)
		for len(e.worked) <= nth {
			e.worked = append(e.worked, work{})
		}
		to := min(e.now, e.s.begin().Add(time.Duration(nth+1)*halfHour))
		e.worked[nth].add(a.state, to.Sub(from))
		from = to
	}
}

// halfHour is the how-manieth half hour of the scenario a moment is in, from 0.
func (e *engine) halfHour(at brain.Instant) int { return int(at.Sub(e.s.begin()) / halfHour) }

// close books what agents are still doing at the end.
func (e *engine) close() {
	for i := range e.agents {
		e.account(&e.agents[i])
	}
}
