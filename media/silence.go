package media

import "time"

// A vigil waits for signs of life of a peer that has promised to send: by RTP or RTCP.
type vigil struct {
	kept  bool      // the peer is to send; it is not while either side holds
	since time.Time // the last sign of life, or when it was promised
	told  bool      // the present silence has been reported
}

// keep starts or ends the vigil. What was agreed anew gives the peer time anew.
func (v *vigil) keep(on bool, at time.Time) { *v = vigil{kept: on, since: at} }

// alive notes a sign of life.
func (v *vigil) alive(at time.Time) { v.since, v.told = at, false }

// silence is how long nothing came, if that is as long as limit and was not told before; else 0.
func (v *vigil) silence(at time.Time, limit time.Duration) time.Duration {
	lasts := at.Sub(v.since)
	if !v.kept || v.told || limit <= 0 || lasts < limit {
		return 0
	}
	v.told = true
	return lasts
}

// look samples the jitter, and says how long the peer has given no sign of life, once for each silence that reaches limit; else 0.
func (r *receiver) look(at time.Time, limit time.Duration) (silent time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.arrivals.timed {
		r.jitter.Take(r.arrivals.jitter * 1000 / SampleRate)
	}
	return r.vigil.silence(at, limit)
}
