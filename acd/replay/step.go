package replay

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"threering/acd/brain"
)

// Step is one Apply of the brain: when it was, what had happened, and what was to be done.
type Step struct {
	At     brain.Instant
	Event  brain.Event
	Orders Orders
}

// Orders are orders as they are kept: only compared and shown, so they need no way back. Two are the same where their
// bytes are.
type Orders []json.RawMessage

// ErrUnknown says that a step has a kind of event that this version of the brain does not know.
var ErrUnknown = errors.New("an event of a kind that this version does not know")

// events has one value of each kind of event, to make others from.
func events() []brain.Event {
	return []brain.Event{
		brain.Configured{}, brain.Restored{}, brain.Passed{},
		brain.CallEntered{}, brain.CallLeft{}, brain.CallMoved{}, brain.CallPrioritised{}, brain.CallTaken{},
		brain.CallbackReached{}, brain.CallbackFailed{}, brain.QueueSet{}, brain.CallbacksSet{},
		brain.AgentSet{}, brain.AgentSkilled{}, brain.AgentSeated{}, brain.DeviceChanged{},
		brain.OfferRinging{}, brain.OfferAnswered{}, brain.OfferEnded{}, brain.TalkEnded{}, brain.WrapUpDone{},
		brain.AgentEngaged{}, brain.AgentReleased{},
	}
}

// kinds finds the type of an event by its name.
func kinds() map[string]reflect.Type {
	byName := map[string]reflect.Type{}
	for _, e := range events() {
		t := reflect.TypeOf(e)
		byName[t.Name()] = t
	}
	return byName
}

// named is an event or an order beside the name of its kind.
type named struct {
	Kind  string `json:"kind"`
	Value any    `json:"value"`
}

func name(v any) named { return named{reflect.TypeOf(v).Name(), v} }

// line is a step in JSON.
type line struct {
	At     brain.Instant   `json:"at"`
	Kind   string          `json:"kind"`
	Event  json.RawMessage `json:"event"`
	Orders Orders          `json:"orders,omitempty"`
}

// encode brings what the brain ordered into the kept form.
func encode(orders []brain.Order) (Orders, error) {
	var kept Orders
	for _, o := range orders {
		text, err := json.Marshal(name(o))
		if err != nil {
			return nil, fmt.Errorf("order %T: %w", o, err)
		}
		kept = append(kept, text)
	}
	return kept, nil
}

// same says whether both are the same orders in the same order.
func (o Orders) same(other Orders) bool {
	if len(o) != len(other) {
		return false
	}
	for i := range o {
		if !bytes.Equal(o[i], other[i]) {
			return false
		}
	}
	return true
}

func encodeLine(n note) (l line, err error) {
	kept := name(n.event)
	l.At, l.Kind = n.at, kept.Kind
	if l.Event, err = json.Marshal(kept.Value); err != nil {
		return l, fmt.Errorf("event %s: %w", l.Kind, err)
	}
	l.Orders, err = encode(n.orders)
	return l, err
}

// decode makes the step of a line.
func (l line) decode(kinds map[string]reflect.Type) (Step, error) {
	kind, ok := kinds[l.Kind]
	if !ok {
		return Step{}, fmt.Errorf("%q: %w", l.Kind, ErrUnknown)
	}
	event := reflect.New(kind)
	if err := json.Unmarshal(l.Event, event.Interface()); err != nil {
		return Step{}, fmt.Errorf("event %s: %w", l.Kind, err)
	}
	return Step{At: l.At, Event: event.Elem().Interface().(brain.Event), Orders: l.Orders}, nil
}
