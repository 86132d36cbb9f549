package center

import (
	"cmp"
	"context"
	"time"

	"threering/acd/brain"
	"threering/acd/floor"
)

// Plan is what the floor has to know of the document.
func (c *Center) Plan(ctx context.Context) (floor.Plan, error) {
	doc, err := c.Document(ctx)
	if err != nil {
		return floor.Plan{}, err
	}
	return doc.plan(), nil
}

func (d Document) plan() floor.Plan {
	plan := floor.Plan{Cadence: string(d.Center.RingCadence), Music: d.Center.Music}
	for _, q := range d.Queues {
		plan.Queues = append(plan.Queues, q.plan(d.People, d.Center))
	}
	for _, p := range d.People {
		if p.Role.takesCalls() {
			plan.Agents = append(plan.Agents, floor.Agent{Agent: brain.Agent{ID: p.ID, Skills: p.Skills}, Name: p.Name})
		}
	}
	return plan
}

func (q Queue) plan(people []Person, center Info) floor.Queue {
	cadence := center.RingCadence
	zone, err := time.LoadLocation(center.TimeZone)
	if err != nil { // checked
		zone = time.UTC
	}

	plan := floor.Queue{
		Queue: brain.Queue{
			Name:         q.Name,
			Agents:       q.servedBy(people),
			Target:       cadence.Target(),
			OfferTimeout: cmp.Or(q.OfferTimeout, cadence.OfferTimeout()),
			MaxWait:      or(q.MaxWait, defaultMaxWait),
			WrapUp:       or(q.WrapUp, defaultWrapUp),
			Breather:     or(q.Breather, defaultBreather),
			MissesToStop: q.Misses,
			Strategy:     brain.Strategy(q.Strategy),
		},
		Title:    cmp.Or(q.Title, q.Name),
		Skill:    q.Skill,
		Announce: or(q.Announce, true),
	}
	q.Routing.plan(&plan.Queue)
	q.Telling.plan(&plan, center.Language)
	plan.VIP = q.VIP
	q.Callback.plan(&plan, zone)
	return plan
}
