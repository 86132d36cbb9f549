package sim

import (
	"math"
	"slices"
	"strconv"
	"time"

	"threering/acd/brain"
	"threering/acd/report"
)

// Figures is what came of some calls. Who gave up after less than report.ShortAbandon counts against nobody.
type Figures struct {
	report.Figures
	Late       float64  `json:"late"`        // share of those who had no person when the target had passed and were still there, 0 to 1
	GivenUp    int      `json:"given_up"`    // by the queue
	P50Ms      int64    `json:"p50_ms"`      // waits of those who were answered
	P90Ms      int64    `json:"p90_ms"`      //
	P99Ms      int64    `json:"p99_ms"`      //
	P999Ms     int64    `json:"p999_ms"`     //
	LongestMs  int64    `json:"longest_ms"`  // wait of anybody, answered or not
	Overtakes  int      `json:"overtakes"`   // offered past somebody of the same queue and priority who came before and had no phone ringing
	InVain     int      `json:"in_vain"`     // agents who picked up and heard nobody
	Alerted    float64  `json:"alerted"`     // phones a call
	Missed     float64  `json:"missed"`      // of those, that rang out or at a desk where nobody was, a call
	ForNothing float64  `json:"for_nothing"` // of those, that rang beside somebody and were silenced again, a call
	Told       int      `json:"told"`        // bounds of the wait that callers were told, of those of which is known whether they were right
	ToldRight  *float64 `json:"told_right"`  // share of these within which the caller was answered, 0 to 1; null where there are none
	Occupancy  *float64 `json:"occupancy"`   // of all agents: (talk + wrap-up) / (that + available); null for a queue
}

// Part is the figures of a queue or a half hour.
type Part struct {
	Name string `json:"name"`
	Figures
}

// Result is what came of one setting.
type Result struct {
	Setting   string  `json:"setting"`
	Calls     int     `json:"calls"`
	Hash      string  `json:"hash"` // of all orders: the same seed gives the same
	Total     Figures `json:"total"`
	Queues    []Part  `json:"queues"`
	HalfHours []Part  `json:"half_hours"` // in which the callers came
}

// count gathers calls for their figures.
type count struct {
	report.Tally
	late                       int // of those who stayed until the target
	stayed                     int // until they heard a person, or the target
	givenUp, overtakes, inVain int
	rung, missed, forNothing   int
	told, right                int // bounds of the wait
	longest                    time.Duration
	waits                      []time.Duration // of the answered
}

func (n *count) add(k *call, target time.Duration) {
	wait := time.Duration(k.wait) * time.Microsecond
	n.Offered++
	n.longest = max(n.longest, wait)
	n.rung += int(k.rung)
	n.missed += int(k.missed)
	n.forNothing += int(k.rung - k.missed)
	n.inVain += int(k.inVain)
	if k.overtook {
		n.overtakes++
	}
	if k.outcome == Answered || wait > target {
		n.stayed++
	}
	if wait > target {
		n.late++
	}
	switch k.outcome {
	case Answered:
		n.forNothing--
		n.Answered++
		n.Waited += wait
		n.waits = append(n.waits, wait)
		if wait <= target {
			n.InTime++
		}
	case Abandoned:
		n.Abandoned++
		if wait <= report.ShortAbandon {
			n.ShortAbandoned++
		}
	case GivenUp:
		n.givenUp++
	}
}

// judge looks whether what the call was told of its wait was right. Of who hung up before is not known what would have been.
func (n *count) judge(k *call, arrived brain.Instant) {
	for _, bound := range k.told {
		switch late := arrived+k.wait > bound; {
		case late || k.outcome == GivenUp:
			n.told++
		case k.outcome == Answered:
			n.told++
			n.right++
		}
	}
}

func (n *count) figures() Figures {
	slices.Sort(n.waits)
	f := Figures{
		Figures: n.Tally.Figures(), GivenUp: n.givenUp,
		P50Ms: quantile(n.waits, .5), P90Ms: quantile(n.waits, .9), P99Ms: quantile(n.waits, .99), P999Ms: quantile(n.waits, .999),
		LongestMs: n.longest.Milliseconds(), Overtakes: n.overtakes, InVain: n.inVain,
	}
	if f.Told = n.told; n.told > 0 {
		f.ToldRight = share(float64(n.right)/float64(n.told), true)
	}
	if n.stayed > 0 {
		f.Late = float64(n.late) / float64(n.stayed)
	}
	if calls := float64(n.Offered); calls > 0 {
		f.Alerted, f.Missed, f.ForNothing = float64(n.rung)/calls, float64(n.missed)/calls, float64(n.forNothing)/calls
	}
	return f
}

// quantile is the smallest of the sorted waits that at least that share does not pass, in milliseconds; 0 of none.
func quantile(sorted []time.Duration, share float64) int64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max(0, int(math.Ceil(share*float64(len(sorted))))-1)].Milliseconds()
}

// result works out the figures of a run that is over.
func (e *engine) result(setting string) Result {
	var total count
	queues := make([]count, len(e.s.Queues))
	halves := make([]count, e.halfHour(e.s.end()-1)+1)
	for c := range e.calls {
		who, k := &e.callers[c], &e.calls[c]
		target := e.s.Queues[who.queue].Target
		for _, n := range []*count{&total, &queues[who.queue], &halves[e.halfHour(who.at)]} {
			n.add(k, target)
			n.judge(k, who.at)
		}
	}
	r := Result{Setting: setting, Calls: len(e.calls), Hash: e.hash.text(), Total: total.figures()}
	var all work
	for _, w := range e.worked {
		all.busy, all.free = all.busy+w.busy, all.free+w.free
	}
	r.Total.Occupancy = share(all.occupancy())
	for i := range queues {
		r.Queues = append(r.Queues, Part{Name: e.s.Queues[i].Name, Figures: queues[i].figures()})
	}
	for i := range halves {
		f := halves[i].figures()
		if i < len(e.worked) {
			f.Occupancy = share(e.worked[i].occupancy())
		}
		r.HalfHours = append(r.HalfHours, Part{Name: e.s.halfHourName(i), Figures: f})
	}
	return r
}

func share(x float64, ok bool) *float64 {
	if !ok {
		return nil
	}
	return &x
}

// halfHourName is the time of day at which a half hour begins, with the day from the second on.
func (s *Scenario) halfHourName(nth int) string {
	at := s.begin().Add(time.Duration(nth) * halfHour)
	name := clockOf(at).String()
	if d := at.Sub(dawn) / day; d > 0 {
		name = "day " + strconv.Itoa(int(d)+1) + " " + name
	}
	return name
}
