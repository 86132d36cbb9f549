package brain

import "time"

const (
	heard      = 2 * time.Second // a phone that rang for less may not have been heard
	doubts     = 3               // nobody is doubted more than twice
	doubtLasts = 3 * time.Minute
)

// hear keeps whether the agent's phone was silent for long enough to wonder whether they are there.
func (a *agent) hear(rang time.Duration, picked bool, now Instant) {
	if !picked && rang >= heard {
		a.silent, a.silentAt = a.silent+1, now
	}
}

// present ends every doubt about an agent who has done something.
func (a *agent) present() { a.silent, a.misses = 0, 0 }

// doubt is how often in a row the agent's phone was silent. Such agents are a kind of their own, no longer like themselves:
// where agents forget to say that they are away, a silent phone tells more than the agent's past.
func (a *agent) doubt() int { return min(a.silent, doubts-1) }

// doubted says whether the agent is likelier to be away than usual, as has been learned of those whose phones were silent,
// so that others are asked first for a while.
func (b *Brain) doubted(a *agent, now Instant) bool {
	return a.silent > 0 && b.kinds[a.doubt()].away && a.silentAt.Add(doubtLasts) > now
}
