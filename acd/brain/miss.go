package brain

import "time"

const (
	missesAtMost  = 2   // in a row that an agent may have where nothing is said
	retriesFew    = 16  // observations after which they count
	retriesMost   = 100 // observations before the older ones count half
	firstChances  = 2   // until then, of so many who miss once one is asked again …
	secondChances = 8   // … and later of so many, where those who miss are likely away
)

// retries are how the phones of those are picked up who have just missed once and are asked again: where offers are missed
// one by one like all phones, where agents forget to say that they have gone mostly not.
type retries struct {
	history
	chances int // who have missed once, and might have been asked again
}

func (r *retries) add(rang time.Duration, picked bool) { r.history.add(rang, picked, retriesMost) }

// away says whether so many of them let it ring out again that who has missed once had better not be asked.
func (r *retries) away(usual *silence, rings time.Duration) bool {
	again := r.silence(&r.history)
	return 5*again.after(rings) >= 2*sure && again.after(rings) > 2*usual.after(rings)
}

// askAgain says whether an agent who has missed once is asked again.
func (b *Brain) askAgain(rings time.Duration) bool {
	b.again.chances++
	switch r := &b.again; {
	case r.n < retriesFew:
		return r.chances%firstChances == 0
	case r.away(b.usual(0), rings):
		return r.chances%secondChances == 0
	}
	return true
}

// missed sets an agent who let the phone ring out aside, where nobody rings them again until they say so; or shows at least
// that they have missed a call.
func (b *Brain) missed(o *offer, a *agent) {
	a.misses++
	why := b.setsAside(o.line, a.misses)
	switch {
	case a.want != Available:
		b.rest(a)
	case why != "":
		b.set(a, Missed, why)
	default:
		b.set(a, Available, MissedOne)
	}
}

// setsAside says why an agent who has missed so often in a row is set aside; empty: they are not.
func (b *Brain) setsAside(l *line, misses int) string {
	switch {
	case l.MissesToStop > 0 || !l.rules.learned:
		if misses >= max(l.MissesToStop, 1) {
			return MissedInARow
		}
	case misses >= missesAtMost:
		return MissedInARow
	case !b.askAgain(l.OfferTimeout):
		return LikelyAway
	}
	return ""
}
