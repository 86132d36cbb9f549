package web

import (
	"context"
	"fmt"
	"time"

	"threering/acd/floor"
	"threering/acd/journal"
)

// asked notes what the floor was asked to do, and gives what it says: the error that a test has set, and to who may not
// have it done, that it is not theirs. Call c1 is a talk of 1001, c2 one of 1002; there are no others.
func (f *fakeFloor) asked(call string, by floor.Asker, what string, with ...any) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	owner := map[string]string{"c1": "1001", "c2": "1002"}[call]
	switch {
	case f.refuses != nil:
		return fmt.Errorf("%s: %w", what, f.refuses)
	case owner == "":
		return floor.ErrNoCall
	case !by.Any && by.Person != owner:
		return floor.ErrNotYours
	}
	f.did = append(f.did, fmt.Sprint(append([]any{what, " ", call, " for ", by.Person}, with...)...))
	return nil
}

// anybody is who asks where the floor does not look at whose call it is.
func anybody(person string) floor.Asker { return floor.Asker{Person: person, Any: true} }

func (f *fakeFloor) Targets(context.Context) ([]floor.TargetView, error) {
	return []floor.TargetView{
		{Target: journal.Target{Kind: journal.ToAgent, ID: "1002"}, Name: "Grace Chen", Free: true},
		{Target: journal.Target{Kind: journal.ToQueue, ID: "sales"}, Name: "销售"},
	}, nil
}

func (f *fakeFloor) Place(_ context.Context, agent string, t floor.Target, again string) (string, error) {
	return "new", f.asked("c1", anybody(agent), "place", " to ", t.Kind, " ", t.ID, " again ", again)
}

func (f *fakeFloor) Transfer(_ context.Context, call string, by floor.Asker, t floor.Target) error {
	return f.asked(call, by, "transfer", " to ", t.Kind, " ", t.ID)
}

func (f *fakeFloor) Consult(_ context.Context, call string, by floor.Asker, t floor.Target) (string, error) {
	return "new", f.asked(call, by, "consult", " to ", t.Kind, " ", t.ID)
}

func (f *fakeFloor) Return(_ context.Context, call string, by floor.Asker) error {
	return f.asked(call, by, "return")
}

func (f *fakeFloor) Complete(_ context.Context, call string, by floor.Asker) error {
	return f.asked(call, by, "complete")
}

func (f *fakeFloor) Conference(_ context.Context, call string, by floor.Asker) error {
	return f.asked(call, by, "conference")
}

func (f *fakeFloor) RemoveGuest(_ context.Context, call string, by floor.Asker, guest string) error {
	return f.asked(call, by, "remove", " ", guest)
}

func (f *fakeFloor) Help(_ context.Context, call, agent, text string) error {
	return f.asked(call, floor.Asker{Person: agent}, "help", " ", text)
}

func (f *fakeFloor) HelpDone(_ context.Context, call string, by floor.Asker) error {
	return f.asked(call, by, "help is done")
}

func (f *fakeFloor) Watch(_ context.Context, call, person string, mode floor.Mode) error {
	return f.asked(call, anybody(person), "watch", " ", mode)
}

func (f *fakeFloor) Unwatch(_ context.Context, call, person string) error {
	return f.asked(call, anybody(person), "unwatch")
}

func (f *fakeFloor) Move(_ context.Context, call, queue, by string) error {
	return f.asked(call, anybody(by), "move", " ", queue)
}

func (f *fakeFloor) Callbacks(context.Context) ([]floor.CallbackView, error) {
	return []floor.CallbackView{{Call: "c9", Number: "13800000009", Queue: "sales", Since: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), Tries: 1, First: "agent"}}, nil
}

func (f *fakeFloor) CallBack(_ context.Context, missed journal.Call, by string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.did = append(f.did, "call back "+missed.ID+" at "+missed.Number+" for "+by)
	return "b1", nil
}

func (f *fakeFloor) DropCallback(_ context.Context, id, by string) error {
	return f.asked(id, anybody(by), "drop")
}

func (f *fakeFloor) Prioritise(_ context.Context, call string, priority int, by string) error {
	return f.asked(call, anybody(by), "prioritise", " ", priority)
}

func (f *fakeFloor) Take(_ context.Context, call, agent, by string) error {
	return f.asked(call, anybody(by), "take", " ", agent)
}

// last is what the floor was asked last.
func (f *fakeFloor) last() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.did) == 0 {
		return ""
	}
	return f.did[len(f.did)-1]
}
