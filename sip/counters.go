package sip

import "sync/atomic"

// Counters are what has happened since the start.
type Counters struct {
	Dropped      uint64 // messages that got no answer: from strangers, or no SIP at all
	Malformed    uint64 // requests refused for their form
	Challenges   uint64 // requests without credentials, or with stale ones
	AuthFailures uint64 // wrong or replayed credentials, or an unknown user's
	Banned       uint64 // messages dropped because their senders are banned
	Bans         uint64 // bans imposed
	Overloaded   uint64 // calls refused because there was too much to do
}

type counters struct {
	dropped, malformed, challenges, failures, banned, bans, overloaded atomic.Uint64
}

// Counters tells what has happened since the start.
func (s *Server) Counters() Counters {
	return Counters{
		Dropped:      s.counters.dropped.Load(),
		Malformed:    s.counters.malformed.Load(),
		Challenges:   s.counters.challenges.Load(),
		AuthFailures: s.counters.failures.Load(),
		Banned:       s.counters.banned.Load(),
		Bans:         s.counters.bans.Load(),
		Overloaded:   s.counters.overloaded.Load(),
	}
}
