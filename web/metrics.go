package web

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"threering/center"
)

// metrics counts what the server does, for Prometheus.
type metrics struct {
	signIns *prometheus.CounterVec
	show    http.Handler // nil: nothing is shown
}

func newMetrics(reg *prometheus.Registry, hub *Hub) metrics {
	m := metrics{signIns: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "threering_sign_ins_total", Help: "Sign-ins by how they ended: ok, wrong (name or password), limited (too many wrong ones before).",
	}, []string{"end"})}
	if reg == nil {
		return m
	}
	reg.MustRegister(m.signIns,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "threering_event_streams", Help: "Open streams of live events."},
			func() float64 { return float64(hub.open()) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "threering_event_streams_cut_total", Help: "Streams of live events that were too slow."},
			func() float64 { return float64(hub.cuts.Load()) }))
	m.show = promhttp.HandlerFor(reg, promhttp.HandlerOpts{})
	return m
}

// serveMetrics shows the metrics to programs on this machine and to admins.
func (s *Server) serveMetrics(w http.ResponseWriter, r *http.Request) {
	v, err := s.visitor(r.Context(), r.RemoteAddr)
	switch {
	case s.metrics.show == nil:
		writeProblem(w, http.StatusNotFound, "No metrics are kept.")
	case isLocal(r, v) || (err == nil && v.Role == center.Admin):
		s.metrics.show.ServeHTTP(w, r)
	default:
		writeProblem(w, http.StatusForbidden, "Metrics are for programs on the server's machine and for admins.")
	}
}

// isLocal says whether a program on this machine asks, for itself: what a proxy
// on this machine passes on is somebody else's.
func isLocal(r *http.Request, v visitor) bool {
	return v.address.IsLoopback() && r.Header.Get("X-Forwarded-For") == "" && r.Header.Get("Forwarded") == ""
}
