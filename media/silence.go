package media

import "time"

// patient is how many times as long is waited for a peer that only listens: RTCP is all that can be expected of it.
const patient = 3

// A vigil waits for signs of life of a peer: by RTP or RTCP. Nobody is sent to for ever who gives none.
type vigil struct {
	kept   bool      // the peer is to send, or to listen; neither while we hold
	listen bool      // it only listens
	since  time.Time // the last sign of life, or when it was promised
	told   bool      // the present silence has been reported
}

// keep starts or ends the vigil. What was agreed anew gives the peer time anew.
func (v *vigil) keep(sends, listens bool, at time.Time) {
	*v = vigil{kept: sends || listens, listen: !sends, since: at}
}

// alive notes a sign of life.
func (v *vigil) alive(at time.Time) { v.since, v.told = at, false }

// silence is how long nothing came, if that is as long as limit and was not told before; else 0.
func (v *vigil) silence(at time.Time, limit time.Duration) time.Duration {
	lasts := at.Sub(v.since)
	if v.listen {
		limit *= patient
	}
	if !v.kept || v.told || limit <= 0 || lasts < limit {
		return 0
	}
	v.told = true
	return lasts
}

// watch waits for signs of life of a peer that is to send, or to listen.
func (r *receiver) watch(sends, listens bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.vigil.keep(sends, listens, time.Now())
}

// look samples the jitter, and says how long the peer has given no sign of life, once for each silence that reaches limit; else 0.
func (r *receiver) look(at time.Time, limit time.Duration) (silent time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.arrivals.timed && at.Sub(r.arrivals.leadAt) < 2*round {
		r.jitter.Take(r.arrivals.jitter * 1000 / SampleRate)
	}
	return r.vigil.silence(at, limit)
}
