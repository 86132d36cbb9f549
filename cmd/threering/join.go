package main

import (
	"context"
	"net"
	"net/netip"

	"threering/acd/floor"
	"threering/acd/journal"
	"threering/acd/report"
	"threering/center"
	"threering/crm"
	"threering/sip"
	"threering/web"
)

// popper lets the floor ask the CRM who is calling.
type popper struct{ crm *crm.CRM }

func (p popper) Pop(ctx context.Context, number string) (any, floor.Customer, error) {
	pop, err := p.crm.Pop(ctx, number)
	var who floor.Customer
	if pop.Customer != nil {
		who = floor.Customer{Name: pop.Customer.Name, VIP: pop.Customer.VIP}
	}
	for _, c := range pop.Calls { // the newest first
		if c.Seconds > 0 && c.Agent != "" {
			who.Agent = c.Agent
			break
		}
	}
	return pop, who, err
}

// history lets the CRM look earlier calls up in the journal.
type history struct{ journal *journal.Journal }

func (h history) History(ctx context.Context, number string, limit int) ([]crm.PastCall, error) {
	calls, err := h.journal.Calls(ctx, journal.Filter{Numbers: []string{number}, Limit: limit})
	if err != nil {
		return nil, err
	}
	past := []crm.PastCall{}
	for _, c := range calls {
		if c.EndedAt == nil {
			continue // the present one
		}
		p := crm.PastCall{
			ID: c.ID, At: c.StartedAt, Queue: c.Queue, Agent: c.Agent,
			Outcome: string(c.Outcome), Seconds: int(c.TalkMs / 1000),
		}
		if d := c.Disposition; d != nil {
			p.Disposition, p.Notes = d.Reason, d.Notes
		}
		past = append(past, p)
	}
	return past, nil
}

// filed brings callers' numbers into the form that calls and customers are filed under.
func filed(customers *crm.CRM) func(raw string) string {
	return func(raw string) string {
		n := customers.Number(raw)
		if n.Kind == crm.KindAnonymous {
			return crm.KindAnonymous
		}
		return n.Digits
	}
}

// counted tells those who watch that a queue's counts of today have changed.
func counted(hub *web.Hub) func(queue string, t report.Tally) {
	return func(queue string, t report.Tally) {
		hub.Tell(floor.Event{Type: "queue.counted", Queue: queue, Data: report.News{Name: queue, Today: t.Figures()}})
	}
}

// phones lets browsers be telephones, at a door of the house that is opened after the web's.
type phones struct{ house *house }

func (p phones) ServeWebSocket(ctx context.Context, conn net.Conn, device string) error {
	return p.house.sip.ServeWebSocket(ctx, conn, device)
}

// gate lets the API see whom the phones' door keeps out.
type gate struct{ house *house }

func (g gate) Bans() []sip.Ban              { return g.house.sip.Bans() }
func (g gate) LiftBan(host netip.Addr) bool { return g.house.sip.LiftBan(host) }
func (g gate) Counters() sip.Counters       { return g.house.sip.Counters() }

// ladders lets the API read what was recorded at a door that is opened after the web's.
type ladders struct{ house *house }

func (l ladders) Of(ctx context.Context, call string) (sip.Ladder, error) {
	return l.house.ladders.Of(ctx, call)
}

// document lets the API change the center: who is new gets a password, as with the command; the house follows by itself.
type document struct{ house *house }

func (d document) Export(ctx context.Context) ([]byte, error) { return d.house.center.Export(ctx) }

func (d document) Apply(ctx context.Context, doc center.Document) (center.Changes, error) {
	changes, err := d.house.center.Apply(ctx, doc)
	if err == nil && len(changes.NewPeople) > 0 {
		_, err = givePasswords(ctx, d.house.center, d.house.settings, changes.NewPeople, "")
	}
	return changes, err
}
