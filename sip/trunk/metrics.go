package trunk

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics counts what the trunks do, for Prometheus.
type metrics struct {
	calls    *prometheus.CounterVec
	failures *prometheus.CounterVec
	refusals *prometheus.CounterVec
}

func newMetrics(reg prometheus.Registerer, t *Trunks) *metrics {
	m := &metrics{
		calls:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "threering_trunk_calls_total", Help: "Calls by trunks that have ended, by their last status."}, []string{"trunk", "direction", "code"}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "threering_trunk_failures_total", Help: "Tries of calls out that a server of a trunk refused or did not answer, by status."}, []string{"trunk", "code"}),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "threering_trunk_refusals_total", Help: "Calls that were not let out, by reason."}, []string{"reason"}),
	}
	if reg != nil {
		reg.MustRegister(m.calls, m.failures, m.refusals, present{t})
	}
	return m
}

func (m *metrics) ended(trunk, direction string, code int) {
	m.calls.WithLabelValues(trunk, direction, strconv.Itoa(code)).Inc()
}

func (m *metrics) failed(trunk string, code int) {
	m.failures.WithLabelValues(trunk, strconv.Itoa(code)).Inc()
}

func (m *metrics) refused(why Reason) { m.refusals.WithLabelValues(string(why)).Inc() }

// present collects how the trunks do at this moment.
type present struct{ trunks *Trunks }

var (
	upDesc    = prometheus.NewDesc("threering_trunk_up", "1: the trunk is up, 0: it is down; absent: unknown.", []string{"trunk"}, nil)
	callsDesc = prometheus.NewDesc("threering_trunk_calls", "Calls under way by the trunk.", []string{"trunk", "direction"}, nil)
	spentDesc = prometheus.NewDesc("threering_trunk_spent", "Spent by the trunk today, in the carrier's currency.", []string{"trunk"}, nil)
)

func (p present) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{upDesc, callsDesc, spentDesc} {
		to <- d
	}
}

func (p present) Collect(to chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	for _, v := range p.trunks.List() {
		if v.State != Unknown {
			up := 0.0
			if v.State == Up {
				up = 1
			}
			gauge(upDesc, up, v.Name)
		}
		gauge(callsDesc, float64(v.In), v.Name, "in")
		gauge(callsDesc, float64(v.Out), v.Name, "out")
		gauge(spentDesc, v.Spent, v.Name)
	}
}
