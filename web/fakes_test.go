package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"sync"
	"time"

	"threering/acd/brain"
	"threering/acd/floor"
	"threering/acd/journal"
	"threering/acd/report"
	"threering/center"
	"threering/recording"
	"threering/sip"
)

// fakeFloor is agents without calls.
type fakeFloor struct {
	mu       sync.Mutex
	agents   []floor.AgentView
	queues   []floor.QueueView
	signedOn []string
	disposed []string
	present  journal.Disposition
	refuses  error    // what it says to all that it is asked to do with a call
	did      []string // what it was asked to do with calls, and what was changed
}

func (f *fakeFloor) Agents(context.Context) ([]floor.AgentView, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.agents), nil
}

func (f *fakeFloor) Queues(context.Context) ([]floor.QueueView, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.queues), nil
}

func (f *fakeFloor) SetAgent(_ context.Context, id string, state brain.State, reason string) (floor.AgentView, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.agents {
		if f.agents[i].ID == id {
			f.agents[i].State, f.agents[i].Reason = state, reason
			return f.agents[i], nil
		}
	}
	return floor.AgentView{}, fmt.Errorf("%w: %s", floor.ErrNoAgent, id)
}

func (f *fakeFloor) SetAgentFor(ctx context.Context, id string, state brain.State, reason, by string) (floor.AgentView, error) {
	f.note("set ", id, " by ", by)
	return f.SetAgent(ctx, id, state, reason)
}

func (f *fakeFloor) Seat(_ context.Context, id string, tiers map[string]int, by string) (floor.AgentView, error) {
	for name := range tiers {
		if name != "sales" && name != "support" {
			return floor.AgentView{}, fmt.Errorf("%w: %s", floor.ErrNoQueue, name)
		}
	}
	return f.known(id, "seat ", id, " ", tiers, " by ", by)
}

func (f *fakeFloor) Skill(_ context.Context, id string, skills map[string]int, by string) (floor.AgentView, error) {
	return f.known(id, "skill ", id, " ", skills, " by ", by)
}

func (f *fakeFloor) OpenQueue(_ context.Context, name string, open bool, by string) (floor.QueueView, error) {
	if name != "sales" {
		return floor.QueueView{}, fmt.Errorf("%w: %s", floor.ErrNoQueue, name)
	}
	f.note("open ", name, " ", open, " by ", by)
	return floor.QueueView{Name: name, Open: open, Calls: []floor.WaitingCall{}, Agents: map[string]int{}}, nil
}

// known notes what is done with an agent, if there is one.
func (f *fakeFloor) known(id string, what ...any) (floor.AgentView, error) {
	a := f.agent(id)
	if a.ID == "" {
		return a, fmt.Errorf("%w: %s", floor.ErrNoAgent, id)
	}
	f.note(what...)
	return a, nil
}

func (f *fakeFloor) note(what ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.did = append(f.did, fmt.Sprint(what...))
}

func (f *fakeFloor) SignOn(_ context.Context, id string, available bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.signedOn = append(f.signedOn, fmt.Sprint(id, " ", available))
	return nil
}

// Dispose has the same disposition present for every call, whatever is written.
func (f *fakeFloor) Dispose(_ context.Context, call, person string, seen int, d journal.Disposition) (journal.Disposition, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if seen != f.present.Version {
		return d, &floor.StaleError{Present: f.present}
	}
	d.Version, d.By = seen+1, person
	f.disposed = append(f.disposed, fmt.Sprint(call, " ", d))
	return d, nil
}

// fakeReport is tallies by queue.
type fakeReport map[string]report.Tally

func (f fakeReport) Today(context.Context) (map[string]report.Tally, error) { return f, nil }

func (f *fakeFloor) agent(id string) floor.AgentView {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, a := range f.agents {
		if a.ID == id {
			return a
		}
	}
	return floor.AgentView{}
}

// fakePeople all have the password "right".
type fakePeople struct {
	mu     sync.Mutex
	people map[string]center.Person
}

func (f *fakePeople) SignIn(ctx context.Context, name, password string) (center.Person, error) {
	p, err := f.Person(ctx, name)
	if err != nil || password != "right" {
		return center.Person{}, center.ErrBadPassword
	}
	return p, nil
}

func (f *fakePeople) Person(_ context.Context, id string) (center.Person, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, ok := f.people[id]
	if !ok {
		return p, fmt.Errorf("person %q: %w", id, center.ErrNotFound)
	}
	return p, nil
}

func (f *fakePeople) Info(context.Context) (center.Info, error) {
	return center.Info{Name: "三声", TimeZone: "Asia/Shanghai", Language: "zh", Country: "CN", Reasons: []string{"下单"}}, nil
}

func (f *fakePeople) set(id string, role center.Role) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.people[id] = center.Person{ID: id, Name: "Person " + id, Role: role}
}

func (f *fakePeople) dismiss(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.people, id)
}

// fakeDocument is a document that takes what passes the check.
type fakeDocument struct {
	mu      sync.Mutex
	applied []center.Document
}

func (f *fakeDocument) Export(context.Context) ([]byte, error) {
	return []byte("center:\n  name: 三声\n"), nil
}

func (f *fakeDocument) Apply(_ context.Context, doc center.Document) (center.Changes, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.applied = append(f.applied, doc)
	return center.Changes{Lines: []string{"changed center"}, Revision: int64(len(f.applied))}, nil
}

// fakeArchive is recordings in memory.
type fakeArchive map[string]fakeRecording

type fakeRecording struct {
	recording.Recording
	audio []byte
}

func (f fakeArchive) List(_ context.Context, call string) ([]recording.Recording, error) {
	list := []recording.Recording{}
	for _, r := range f {
		if r.Call == call {
			list = append(list, r.Recording)
		}
	}
	return list, nil
}

func (f fakeArchive) Get(_ context.Context, id string) (recording.Recording, error) {
	r, ok := f[id]
	if !ok {
		return r.Recording, fmt.Errorf("recording %q: %w", id, recording.ErrNotFound)
	}
	return r.Recording, nil
}

func (f fakeArchive) Audio(ctx context.Context, id string) (io.ReadSeekCloser, recording.Recording, error) {
	r, err := f.Get(ctx, id)
	if err == nil && f[id].audio == nil {
		err = recording.ErrNoAudio
	}
	return closing{bytes.NewReader(f[id].audio)}, r, err
}

type closing struct{ *bytes.Reader }

func (closing) Close() error { return nil }

// past is a moment on the day of the tests' calls.
func past(hour, minute int) time.Time { return time.Date(2026, 11, 20, hour, minute, 0, 0, time.UTC) }

// fakeGate has one ban.
type fakeGate struct{}

func (fakeGate) Bans() []sip.Ban {
	return []sip.Ban{{Network: netip.MustParsePrefix("192.0.2.66/32"), Why: sip.FaultPassword, Proven: true, Times: 2, Dropped: 7}}
}

func (fakeGate) LiftBan(host netip.Addr) bool { return host == netip.MustParseAddr("192.0.2.66") }

func (fakeGate) Counters() sip.Counters { return sip.Counters{Banned: 7} }

// fakeLadders has the messages of c1 alone.
type fakeLadders struct{}

func (fakeLadders) Of(_ context.Context, call string) (sip.Ladder, error) {
	if call != "c1" {
		return sip.Ladder{}, sip.ErrNoLadder
	}
	return sip.Ladder{
		Participants: []sip.Participant{{Name: "13800138000", Leg: "a@b"}, {Name: "threering"}},
		Messages:     []sip.Message{{To: 1, Network: "udp", Line: "INVITE", Text: "INVITE sip:400 SIP/2.0\r\n"}},
	}, nil
}
