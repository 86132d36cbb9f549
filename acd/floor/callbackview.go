package floor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"threering/acd/brain"
)

// CallbackView is a caller who is to be called back.
type CallbackView struct {
	Call   string     `json:"call"`
	Number string     `json:"number"`
	Name   string     `json:"name,omitempty"`
	Queue  string     `json:"queue"`
	Since  time.Time  `json:"since" doc:"When the caller asked for a person."`
	Tries  int        `json:"tries" doc:"How often they were called in vain."`
	Next   *time.Time `json:"next,omitempty" doc:"Before which they are not called again."`
	First  string     `json:"first" enum:"agent,customer" doc:"Who is rung first."`
	Rings  bool       `json:"rings" doc:"Their phone rings, or that of an agent for them."`
}

// Callbacks lists those who wait to be called back, who asked first first.
func (f *Floor) Callbacks(ctx context.Context) ([]CallbackView, error) {
	list := []CallbackView{}
	err := f.ask(ctx, func() {
		for _, c := range f.calls {
			if c.callback != nil {
				list = append(list, f.viewCallback(c))
			}
		}
	})
	slices.SortFunc(list, func(x, y CallbackView) int { return x.Since.Compare(y.Since) })
	return list, err
}

func (f *Floor) viewCallback(c *call) CallbackView {
	b := c.callback
	v := CallbackView{
		Call: c.id, Number: c.number, Name: c.name, Queue: c.waiting, Since: c.waitingSince.UTC(), Tries: b.tries,
		First: "agent", Rings: b.calling || b.agent != nil,
	}
	if b.customerFirst {
		v.First = "customer"
	}
	if b.again.After(now()) {
		next := b.again.UTC()
		v.Next = &next
	}
	for _, o := range f.offers {
		v.Rings = v.Rings || o.call == c
	}
	return v
}

// DropCallback takes somebody off the list of those who are to be called back. by is the person who wants it.
func (f *Floor) DropCallback(ctx context.Context, id, by string) error {
	var refused error
	err := f.ask(ctx, func() {
		c := f.calls[id]
		if c == nil || c.callback == nil || c.callback.agent != nil || c.callback.calling {
			refused = fmt.Errorf("%w: %s", ErrNotWaiting, id)
			return
		}
		c.leaveQueue("dropped")
		f.apply(brain.CallLeft{Call: id})
		c.finish(by, "")
	})
	return errors.Join(err, refused)
}
