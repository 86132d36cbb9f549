package report

import (
	"context"
	"slices"
	"strings"
	"time"

	"threering/acd/journal"
	"threering/media"
)

// Past reads the journal; *journal.Journal does.
type Past interface {
	Entries(ctx context.Context, from, to time.Time, kinds []journal.Kind, each func(journal.Entry)) error
}

// By is what the audio of legs is summed up by.
type By string

// What legs are told apart by.
const (
	ByAgent  By = "agent"  // whose leg it was; legs of callers are left out
	ByDevice By = "device" // an agent's device, or the address where a caller's leg came from
	ByTrunk  By = "trunk"  // the trunk that a leg went by, either way; legs of phones are left out
)

// of names what a measured leg belongs to; "" is nothing that is asked for.
func (b By) of(e journal.Entry) string {
	switch b {
	case ByAgent:
		return e.Agent
	case ByTrunk:
		return e.Trunk
	}
	return e.Device
}

// Audio is how good the audio of some legs was, as measured at the end of each.
type Audio struct {
	Name     string         `json:"name" doc:"What they have in common: id of an agent or device, a trunk, an address."`
	Legs     int            `json:"legs" doc:"How many were measured."`
	Received AudioDirection `json:"received" doc:"What came from the peer, as measured here."`
	Sent     AudioDirection `json:"sent" doc:"What came to the peer, by the reports of those who send them."`
}

// AudioDirection sums up one direction.
type AudioDirection struct {
	Legs      int     `json:"legs" doc:"Of these, how many have anything to tell of this direction."`
	Packets   uint64  `json:"packets"`
	Lost      uint64  `json:"lost" doc:"Packets that were sent and never came."`
	LossShare float64 `json:"loss_share" doc:"lost / (packets + lost), 0 to 1."`
	MOS       float64 `json:"mos" doc:"Mean opinion score (ITU-T G.107), the mean over the legs; 0 where there is none."`
	WorstMOS  float64 `json:"worst_mos" doc:"That of the worst leg."`
	JitterMs  float64 `json:"jitter_ms" doc:"Mean jitter, the mean over the legs."`
}

// ReadAudio sums up the legs that were measured from a moment on and before another, by name.
func ReadAudio(ctx context.Context, past Past, by By, from, to time.Time) ([]Audio, error) {
	sums := map[string]*Audio{}
	err := past.Entries(ctx, from, to, []journal.Kind{journal.LegMeasured}, func(e journal.Entry) {
		name := by.of(e)
		if name == "" || e.Quality == nil {
			return
		}
		if sums[name] == nil {
			sums[name] = &Audio{Name: name}
		}
		sums[name].add(*e.Quality)
	})
	list := make([]Audio, 0, len(sums))
	for _, a := range sums {
		a.Received.settle()
		a.Sent.settle()
		list = append(list, *a)
	}
	slices.SortFunc(list, func(a, b Audio) int { return strings.Compare(a.Name, b.Name) })
	return list, err
}

// add takes in one leg; until settle the means are sums.
func (a *Audio) add(q media.Quality) {
	a.Legs++
	if q.Received.Packets > 0 {
		a.Received.add(q.Received.Packets, q.Received.Lost, q.Received.MOS, q.Received.Jitter.Mean)
	}
	if s := q.Sent; s != nil {
		a.Sent.add(s.Packets-min(s.Lost, s.Packets), s.Lost, s.MOS, s.Jitter.Mean)
	}
}

func (d *AudioDirection) add(packets, lost uint64, mos, jitter float64) {
	if d.Legs == 0 || mos < d.WorstMOS {
		d.WorstMOS = mos
	}
	d.Legs++
	d.Packets += packets
	d.Lost += lost
	d.MOS += mos
	d.JitterMs += jitter
}

// settle makes means of the sums.
func (d *AudioDirection) settle() {
	if d.Legs == 0 {
		return
	}
	d.MOS /= float64(d.Legs)
	d.JitterMs /= float64(d.Legs)
	d.LossShare = float64(d.Lost) / float64(max(d.Packets+d.Lost, 1))
}
