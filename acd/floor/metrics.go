package floor

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/media"
)

// Metrics counts what the floor does, for Prometheus.
type Metrics struct {
	calls  prometheus.Gauge
	ends   *prometheus.CounterVec
	offers *prometheus.CounterVec
	waits  *prometheus.HistogramVec
	asa    prometheus.Histogram
	states *prometheus.GaugeVec
	mos    *prometheus.HistogramVec
	lost   *prometheus.CounterVec
	taken  *prometheus.CounterVec
	whose  *prometheus.SummaryVec
	theirs *prometheus.CounterVec
}

// rings are the borders of waiting, around the promise of three rings (15 s), in seconds.
var rings = []float64{1, 2, 5, 9, 15, 18, 30, 60, 120, 300}

// NewMetrics makes the metrics and registers them; with nil they are counted and shown to nobody.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{
		calls:  prometheus.NewGauge(prometheus.GaugeOpts{Name: "threering_calls", Help: "Calls in progress."}),
		ends:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "threering_calls_ended_total", Help: "Calls by what became of them."}, []string{"outcome"}),
		offers: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "threering_offers_total", Help: "Offers by how they ended."}, []string{"end"}),
		waits:  prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "threering_wait_seconds", Help: "Time in a queue.", Buckets: rings}, []string{"queue", "end"}),
		asa:    prometheus.NewHistogram(prometheus.HistogramOpts{Name: "threering_answer_seconds", Help: "From asking for a person to hearing one.", Buckets: rings}),
		states: prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "threering_agents", Help: "Agents by state."}, []string{"state"}),
		mos: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "threering_leg_mos", Help: "Mean opinion score of the audio of a leg, by the E-model.", Buckets: []float64{2, 2.5, 3, 3.5, 3.8, 4, 4.2, 4.35, 4.5},
		}, []string{"side", "direction"}),
		lost:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "threering_rtp_packets_lost_total", Help: "Packets of audio that never came, counted at the end of a leg."}, []string{"side"}),
		taken: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "threering_rtp_packets_total", Help: "Packets of audio that came, counted at the end of a leg."}, []string{"side"}),
	}
	m.whose = prometheus.NewSummaryVec(prometheus.SummaryOpts{
		Name: "threering_whose_leg_mos", Help: "Sum and number of the mean opinion scores of legs, of each trunk and each agent.",
	}, []string{"of", "name", "direction"})
	m.theirs = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "threering_whose_rtp_packets_total", Help: "Packets of audio of each trunk's and each agent's legs, and those that never came.",
	}, []string{"of", "name", "fate"})
	for _, s := range []brain.State{brain.Offline, brain.Available, brain.Offered, brain.Talking, brain.WrapUp, brain.Break, brain.Missed} {
		m.states.WithLabelValues(string(s))
	}
	if reg != nil {
		reg.MustRegister(m.calls, m.ends, m.offers, m.waits, m.asa, m.states, m.mos, m.lost, m.taken, m.whose, m.theirs)
	}
	return m
}

func (m *Metrics) arrived() { m.calls.Inc() }

func (m *Metrics) ended(o journal.Outcome) {
	m.calls.Dec()
	m.ends.WithLabelValues(string(o)).Inc()
}

func (m *Metrics) offerEnded(end string) { m.offers.WithLabelValues(end).Inc() }

func (m *Metrics) waited(queue, end string, d time.Duration) {
	m.waits.WithLabelValues(queue, end).Observe(d.Seconds())
}

func (m *Metrics) heard(d time.Duration) { m.asa.Observe(d.Seconds()) }

func (m *Metrics) measured(side string, q media.Quality) {
	m.mos.WithLabelValues(side, "received").Observe(q.Received.MOS)
	if q.Sent != nil {
		m.mos.WithLabelValues(side, "sent").Observe(q.Sent.MOS)
	}
	m.taken.WithLabelValues(side).Add(float64(q.Received.Packets))
	m.lost.WithLabelValues(side).Add(float64(q.Received.Lost))
}

// measuredBy counts a leg's quality for a trunk or an agent; an empty name is none of them.
func (m *Metrics) measuredBy(of, name string, q media.Quality) {
	if name == "" {
		return
	}
	m.whose.WithLabelValues(of, name, "received").Observe(q.Received.MOS)
	if q.Sent != nil {
		m.whose.WithLabelValues(of, name, "sent").Observe(q.Sent.MOS)
	}
	m.theirs.WithLabelValues(of, name, "received").Add(float64(q.Received.Packets))
	m.theirs.WithLabelValues(of, name, "lost").Add(float64(q.Received.Lost))
}

// agent counts one who comes into a state from another; an empty one is none: they are new, or gone.
func (m *Metrics) agent(from, to brain.State) {
	if from != "" {
		m.states.WithLabelValues(string(from)).Dec()
	}
	if to != "" {
		m.states.WithLabelValues(string(to)).Inc()
	}
}
