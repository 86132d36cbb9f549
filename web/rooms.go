package web

import (
	"context"
	"io"
	"net"
	"net/netip"
	"time"

	"threering/acd/brain"
	"threering/acd/floor"
	"threering/acd/journal"
	"threering/acd/report"
	"threering/center"
	"threering/crm"
	"threering/recording"
	"threering/sip"
	"threering/sip/trunk"
)

// Floor is the running center; *floor.Floor is one.
type Floor interface {
	Agents(ctx context.Context) ([]floor.AgentView, error)
	Queues(ctx context.Context) ([]floor.QueueView, error)
	SetAgent(ctx context.Context, id string, state brain.State, reason string) (floor.AgentView, error)
	SetAgentFor(ctx context.Context, id string, state brain.State, reason, by string) (floor.AgentView, error)
	Seat(ctx context.Context, agent string, tiers map[string]int, by string) (floor.AgentView, error)
	Skill(ctx context.Context, agent string, skills map[string]int, by string) (floor.AgentView, error)
	OpenQueue(ctx context.Context, queue string, open bool, by string) (floor.QueueView, error)
	SignOn(ctx context.Context, id string, available bool) error
	Targets(ctx context.Context) ([]floor.TargetView, error)
	Place(ctx context.Context, agent string, t floor.Target, again string) (string, error)
	Transfer(ctx context.Context, call string, by floor.Asker, t floor.Target) error
	Consult(ctx context.Context, call string, by floor.Asker, t floor.Target) (string, error)
	Return(ctx context.Context, call string, by floor.Asker) error
	Complete(ctx context.Context, call string, by floor.Asker) error
	Conference(ctx context.Context, call string, by floor.Asker) error
	RemoveGuest(ctx context.Context, call string, by floor.Asker, guest string) error
	Help(ctx context.Context, call, agent, text string) error
	HelpDone(ctx context.Context, call string, by floor.Asker) error
	Watch(ctx context.Context, call, person string, mode floor.Mode) error
	Unwatch(ctx context.Context, call, person string) error
	Move(ctx context.Context, call, queue, by string) error
	Callbacks(ctx context.Context) ([]floor.CallbackView, error)
	CallBack(ctx context.Context, missed journal.Call, by string) (id string, err error)
	DropCallback(ctx context.Context, id, by string) error
	Prioritise(ctx context.Context, call string, priority int, by string) error
	Take(ctx context.Context, call, agent, by string) error
	Dispose(ctx context.Context, call, person string, seen int, d journal.Disposition) (journal.Disposition, error)
}

// Report counts; *report.Live does.
type Report interface {
	Today(ctx context.Context) (map[string]report.Tally, error)
}

// Journal remembers the calls; *journal.Journal does.
type Journal interface {
	Calls(ctx context.Context, f journal.Filter) ([]journal.Call, error)
	Call(ctx context.Context, id string) (journal.Call, error)
	Timeline(ctx context.Context, id string) ([]journal.Entry, error)
	Missed(ctx context.Context, since time.Time) ([]journal.Call, error)
	Trunks(ctx context.Context, since time.Time, most int) ([]journal.Entry, error)
	Changes(ctx context.Context, since time.Time, most int) ([]journal.Entry, error)
	Entries(ctx context.Context, from, to time.Time, kinds []journal.Kind, each func(journal.Entry)) error
	Flush(ctx context.Context) error
}

// Archive keeps the recordings; *recording.Archive does.
type Archive interface {
	List(ctx context.Context, call string) ([]recording.Recording, error)
	Get(ctx context.Context, id string) (recording.Recording, error)
	Audio(ctx context.Context, id string) (io.ReadSeekCloser, recording.Recording, error)
}

// CRM knows the customers; *crm.CRM does.
type CRM interface {
	Find(ctx context.Context, number string) ([]crm.Customer, error)
	Number(raw string) crm.Number
	NumbersOf(ctx context.Context, name string) ([]string, error)
	Pop(ctx context.Context, number string) (crm.Pop, error)
}

// Trunks knows how the trunks do, and who may call out; *trunk.Trunks does.
type Trunks interface {
	List() []trunk.View
	Check(o trunk.Outgoing) (trunk.Verdict, error)
}

// Phones takes telephones in browsers; *sip.Server does. It owns the connection, whose handshake is over; device is the one
// that it is known to be, or "".
type Phones interface {
	ServeWebSocket(ctx context.Context, conn net.Conn, device string) error
}

// Gate keeps strangers out of the phones' door; *sip.Server does.
type Gate interface {
	Bans() []sip.Ban
	LiftBan(host netip.Addr) bool
	Counters() sip.Counters
}

// Ladders keeps the SIP messages of calls; *sip.Ladders does.
type Ladders interface {
	Of(ctx context.Context, call string) (sip.Ladder, error)
}

// People knows who works here; *center.Center does.
type People interface {
	SignIn(ctx context.Context, name, password string) (center.Person, error)
	Person(ctx context.Context, id string) (center.Person, error)
	Info(ctx context.Context) (center.Info, error)
}

// Document is the center's document; *center.Center has one. Who gives it sees
// to it that the running rooms follow what was applied.
type Document interface {
	Export(ctx context.Context) ([]byte, error)
	Apply(ctx context.Context, doc center.Document) (center.Changes, error)
}
