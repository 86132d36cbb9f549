package journal

import (
	"slices"
	"time"

	"threering/media"
)

// Call is the summary of one call, folded from its entries. Durations are in milliseconds.
type Call struct {
	ID          string       `json:"id"`
	StartedAt   time.Time    `json:"started_at"`
	EndedAt     *time.Time   `json:"ended_at,omitempty"`
	Direction   Direction    `json:"direction" enum:"in,out,internal,consultation,callback"`
	Other       string       `json:"other,omitempty" doc:"Id of the call that this consultation is about, or that this call tries again."`
	MergedInto  string       `json:"merged_into,omitempty" doc:"Id of the call that this consultation was joined with."`
	Number      string       `json:"number"`
	Name        string       `json:"name,omitempty"`
	Dialled     string       `json:"dialled"`
	Flow        string       `json:"flow,omitempty"`
	Notice      string       `json:"notice,omitempty"` // id of the recording notice that was played
	Queue       string       `json:"queue,omitempty"`  // the last
	Agent       string       `json:"agent,omitempty"`  // of the last talk
	Agents      []string     `json:"agents,omitempty" doc:"All who talked, or were to, in their order."`
	Outcome     Outcome      `json:"outcome"`
	EndedBy     string       `json:"ended_by,omitempty"`
	AskedAt     *time.Time   `json:"asked_at,omitempty"` // first asked for a person
	HeardAt     *time.Time   `json:"heard_at,omitempty"` // first heard one
	WaitMs      int64        `json:"wait_ms"`            // in queues
	TalkMs      int64        `json:"talk_ms"`            // hold included
	HoldMs      int64        `json:"hold_ms"`
	WrapUpMs    int64        `json:"wrapup_ms"`
	Offers      int          `json:"offers"`
	Talks       int          `json:"talks"`
	Transfers   int          `json:"transfers,omitempty" doc:"How often it was put through."`
	MOS         float64      `json:"mos,omitempty" doc:"Mean opinion score of the worst direction of its legs, 1 to 4.5; absent before it was measured."`
	Disposition *Disposition `json:"disposition,omitempty"`
}

// fold is a call's summary with where the folding of its entries stands: what is kept of a call, so that it can go on after
// a restart.
type fold struct {
	Call
	Entries  int       `json:"entries"`
	LastAt   time.Time `json:"last_at"`
	Waiting  time.Time `json:"waiting_since,omitzero"`
	Talking  time.Time `json:"talking_since,omitzero"`
	Held     time.Time `json:"held_since,omitzero"`
	Holders  int       `json:"holders,omitempty"` // both sides may hold at a time
	Wrapping time.Time `json:"wrapping_since,omitzero"`
	Reached  bool      `json:"reached,omitempty"` // of a callback: the customer has picked up
}

// add brings the summary up to date with one more entry, and numbers the entry.
func (c *fold) add(e *Entry) {
	c.Entries++
	e.Seq = c.Entries
	c.LastAt = e.At
	switch e.Kind {
	case CallArrived, CallPlaced:
		c.begin(e)
	case QueueEntered, QueueLeft, OfferMade, CallerHears:
		c.waits(e)
	case OfferAnswered, TalkStarted, TalkHeld, TalkResumed, TalkEnded, TransferDone, GuestJoined:
		c.talks(e)
	case WrapUpStarted:
		c.Wrapping = e.At
	case WrapUpEnded:
		since(&c.WrapUpMs, &c.Wrapping, e.At)
	case CallEnded:
		c.end(e)
	default:
		c.learn(e)
	}
	if e.Name != "" {
		c.Name = e.Name
	}
}

// begin notes who has called whom.
func (c *fold) begin(e *Entry) {
	c.ID, c.StartedAt, c.Outcome = e.Call, e.At, UnderWay
	c.Number, c.Dialled = e.Number, e.Dialled
	if e.Kind == CallArrived {
		c.Direction, c.Name, c.Flow = In, e.Name, e.Flow
		return
	}
	c.Direction, c.Other = e.Direction, e.Other
	c.spoke(e.Agent)
}

// waits follows the caller's way to a person.
func (c *fold) waits(e *Entry) {
	switch e.Kind {
	case QueueEntered:
		c.Queue, c.Waiting = e.Queue, e.At
		first(&c.AskedAt, e.At)
	case QueueLeft:
		since(&c.WaitMs, &c.Waiting, e.At)
	case OfferMade:
		c.Offers++
	case CallerHears:
		first(&c.HeardAt, e.At)
	}
}

// talks follows who talks, and for how long.
func (c *fold) talks(e *Entry) {
	switch e.Kind {
	case OfferAnswered:
		if c.Direction == Callback && !c.Reached { // the customer is yet to be called
			return
		}
		c.Talks++ // here, since the announcement may be all that comes of it
		c.spoke(e.Agent)
	case TalkStarted:
		c.Talks = max(c.Talks, e.Talk) // where nothing was offered
		c.spoke(e.Agent)
		c.Talking = e.At
	case TalkHeld:
		c.hold(1, e.At)
	case TalkResumed:
		c.hold(-1, e.At)
	case TalkEnded:
		c.Holders = 0
		since(&c.HoldMs, &c.Held, e.At)
		since(&c.TalkMs, &c.Talking, e.At)
	case TransferDone:
		c.Transfers++
	case GuestJoined:
		c.has(e.Agent)
	}
}

// learn notes what else is known of the call.
func (c *fold) learn(e *Entry) {
	switch e.Kind {
	case CallAnswered:
		c.Reached = c.Direction == Callback
	case CallMerged:
		if e.Why == MergedAway {
			c.MergedInto = e.Other
		}
	case NoticePlayed:
		c.Notice = e.Notice
	case LegMeasured:
		c.measured(e.Quality)
	case Disposed:
		c.Disposition = e.Disposition
	}
}

// spoke notes who has the call now. A number outside has it without a name.
func (c *fold) spoke(agent string) {
	if agent != "" {
		c.Agent = agent
		c.has(agent)
	}
}

// has notes an agent among those who had to do with the call.
func (c *fold) has(agent string) {
	if agent != "" && !slices.Contains(c.Agents, agent) {
		c.Agents = append(slices.Clone(c.Agents), agent)
	}
}

// measured keeps the worst score.
func (c *fold) measured(q *media.Quality) {
	scores := []float64{q.Received.MOS}
	if q.Sent != nil {
		scores = append(scores, q.Sent.MOS)
	}
	for _, mos := range scores {
		if c.MOS == 0 || mos < c.MOS {
			c.MOS = mos
		}
	}
}

// hold counts who holds: a talk is held from the first side that does to the last.
func (c *fold) hold(step int, at time.Time) {
	c.Holders = max(c.Holders+step, 0)
	switch {
	case c.Holders == 0:
		since(&c.HoldMs, &c.Held, at)
	case c.Held.IsZero():
		c.Held = at
	}
}

func (c *fold) end(e *Entry) {
	since(&c.WaitMs, &c.Waiting, e.At)
	since(&c.HoldMs, &c.Held, e.At)
	since(&c.TalkMs, &c.Talking, e.At)
	c.EndedAt, c.EndedBy, c.Outcome = &e.At, e.By, e.Outcome
}

// first keeps the earliest moment.
func first(at **time.Time, now time.Time) {
	if *at == nil {
		*at = &now
	}
}

// since closes an open span and adds its length.
func since(ms *int64, open *time.Time, now time.Time) {
	if !open.IsZero() {
		*ms += now.Sub(*open).Milliseconds()
		*open = time.Time{}
	}
}
