package journal

import (
	"context"
	"time"
)

// Work is what an agent has done with the calls that were offered to them in their queues.
type Work struct {
	Calls  int
	Talked time.Duration
	Last   time.Time // when the last talk ended
}

// Work tells it of each agent, from a moment on. A talk that has not ended is not in it.
func (j *Journal) Work(ctx context.Context, since time.Time) (map[string]Work, error) {
	type talk struct{ call, agent string }
	began := map[talk]time.Time{}
	list := map[string]Work{}
	err := j.Entries(ctx, since, time.Time{}, []Kind{OfferAnswered, TalkEnded}, func(e Entry) {
		w, t := list[e.Agent], talk{e.Call, e.Agent}
		switch at, ours := began[t]; {
		case e.Kind == OfferAnswered && e.Target != nil: // somebody asked for the agent
			return
		case e.Kind == OfferAnswered:
			began[t] = e.At
			w.Calls++
		case ours:
			delete(began, t)
			w.Talked += e.At.Sub(at)
			w.Last = e.At
		}
		list[e.Agent] = w
	})
	return list, err
}

// Reserved gives what each agent was to be after a call, as it was said last from a moment on.
func (j *Journal) Reserved(ctx context.Context, since time.Time) (map[string]Entry, error) {
	last := map[string]Entry{}
	err := j.Entries(ctx, since, time.Time{}, []Kind{AgentReserved}, func(e Entry) {
		if !e.At.Before(last[e.Agent].At) {
			last[e.Agent] = e
		}
	})
	return last, err
}
