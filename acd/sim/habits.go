package sim

import "time"

// The models: how other products route, read in their sources, with the names that their users know.
const (
	appQueue    = "app_queue"          // Asterisk
	callCenter  = "mod_callcenter"     // FreeSWITCH, longest-idle-agent
	progressive = "ring_progressively" // FreeSWITCH, ring-progressively
	sequential  = "sequential"         // nobody's: one phone after the other, at once
	clairvoyant = "clairvoyant"        // nobody's: first come first served, knowing who will pick up soonest; who passes some callers over can have more in time
)

// habits are what a model does, and when.
type habits struct {
	ring     time.Duration // how long a phone rings
	rest     time.Duration // a call after a miss
	tick     time.Duration // it looks once in this time; 0: at once
	own      bool          // each call has a tick of its own, from its entry
	addEvery time.Duration // one more phone for the call; 0: never
	others   bool          // who let the call pass is rung for it after all others
	aside    bool          // who misses is not rung until they say so
	foresees bool          // rings who will be the first to pick up
}

// habits are those of the product as it is shipped, with what the setting says otherwise.
func (s Setting) habits() habits {
	var h habits
	switch s.Dispatcher {
	case appQueue: // timeout 15, retry 5; each caller's own thread looks once a second
		h = habits{ring: 15 * time.Second, rest: 5 * time.Second, tick: time.Second, own: true}
	case callCenter: // the originate's own timeout; one dispatcher that sleeps 100 ms
		h = habits{ring: 60 * time.Second, tick: 100 * time.Millisecond}
	case progressive: // ring-progressively-delay 10
		h = habits{ring: 60 * time.Second, tick: 100 * time.Millisecond, addEvery: 10 * time.Second}
	case sequential:
		h = habits{ring: 20 * time.Second, others: true}
	case clairvoyant:
		h = habits{ring: 2 * time.Minute, foresees: true}
	}
	h.ring, h.rest, h.addEvery = or(s.Ring, h.ring), or(s.Retry, h.rest), or(s.AddEvery, h.addEvery)
	h.aside = s.SetAside
	return h
}
