package media

import (
	"time"

	"threering/media/quality"
)

// Quality is how good a leg's audio was, each way.
type Quality struct {
	Codec    string          `json:"codec" doc:"The codec that was sent last."`
	Received quality.Report  `json:"received" doc:"What came from the peer, as measured here."`
	Sent     *quality.Report `json:"sent,omitempty" doc:"What came to the peer, by its RTCP reports; absent where it sent none."`
}

// listening is how long the rest of the way to an ear takes beside the network: packets of 20 ms and a jitter buffer of as
// much.
const listening = 40 * time.Millisecond

// Quality sums up how good the audio was so far. It can still be asked after Close.
func (p *Port) Quality() Quality {
	p.control.mu.Lock()
	defer p.control.mu.Unlock()
	trips, timed := p.control.trips.Spread()
	q := Quality{Codec: p.Codec().String(), Received: p.in.report()}
	judge(&q.Received, trips)
	if timed {
		q.Received.RoundTrip = &trips
	}
	if jitter, heard := p.control.jitter.Spread(); heard {
		packets, _ := p.out.sent()
		sent := quality.Report{Packets: packets, Lost: uint64(max(0, p.control.view.Lost)), Jitter: jitter, RoundTrip: q.Received.RoundTrip}
		sent.LossShare = float64(sent.Lost) / float64(max(packets, 1))
		judge(&sent, trips)
		q.Sent = &sent
	}
	return q
}

// judge rates a direction by the E-model: half the round trip, and a jitter buffer that holds what the jitter asks for.
func judge(r *quality.Report, trips quality.Spread) {
	delay := listening + time.Duration((trips.Mean/2+2*r.Jitter.Mean)*float64(time.Millisecond))
	n := quality.Network{Codec: quality.G711Concealed, OneWayDelay: delay, Loss: r.LossShare, BurstRatio: r.Losses.Ratio}
	r.R, r.MOS = quality.R(n), quality.MOS(n)
}

// report sums up what came.
func (r *receiver) report() quality.Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.arrivals.stats()
	jitter, _ := r.jitter.Spread()
	losses := r.arrivals.window.losses()
	report := quality.Report{
		Packets: s.PacketsIn - r.arrivals.window.duplicates, Lost: s.Lost,
		Duplicates: r.arrivals.window.duplicates, OutOfOrder: r.arrivals.window.outOfOrder,
		Jitter: jitter, Losses: losses.Clustering(tick),
	}
	report.LossShare = float64(s.Lost) / float64(max(report.Packets+s.Lost, 1))
	return report
}
