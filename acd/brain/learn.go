package brain

import "time"

const (
	pickupStep  = 500 * time.Millisecond
	pickupSteps = 40   // twenty seconds
	pickupMost  = 200  // observations of one agent, before the older ones count half
	pickupsMost = 5000 // of all
	pickupPrior = 50   // as many observations of one agent count as much as those of all
	allPickups  = 50   // observations of all from which on they count, and not the queue's fixed times
	pickupsNew  = 16   // observations after which what is known of all is made up anew
)

// sure is a chance of one: chances are kept in whole parts of it, so that every machine comes to the same orders.
const sure = 1 << 20

// history is how long phones rang before they were picked up. It forgets slowly.
type history struct {
	picked [pickupSteps]uint16 // picked up after so many steps
	lasted [pickupSteps]uint16 // not picked up when it stopped after so many steps
	n      int
}

func (h *history) add(rang time.Duration, picked bool, most int) {
	if h.n >= most {
		h.n = 0
		for i := range h.picked {
			h.picked[i] /= 2
			h.lasted[i] /= 2
			h.n += int(h.picked[i] + h.lasted[i])
		}
	}
	i := min(int(rang/pickupStep), pickupSteps-1)
	if picked {
		h.picked[i]++
	} else {
		h.lasted[i]++
	}
	h.n++
}

// silence is the chance that a phone still rings after so many steps, if it is let ring.
type silence [pickupSteps + 1]int64

// silence comes of a history, beside which that of all counts as much as pickupPrior observations. A phone that was stopped
// was one of those that could have been picked up for as long as it rang (Kaplan and Meier).
func (h *history) silence(all *history) (s silence) {
	own, others := int64(all.n), int64(pickupPrior)
	rings := own*int64(h.n) + others*int64(all.n)
	s[0] = sure
	for i := range pickupSteps {
		s[i+1] = s[i]
		if picked := own*int64(h.picked[i]) + others*int64(all.picked[i]); picked > 0 {
			s[i+1] = max(s[i]-s[i]*picked/rings, 1)
			rings -= picked
		}
		rings -= own*int64(h.lasted[i]) + others*int64(all.lasted[i])
	}
	return s
}

// after is the chance that the phone still rings after some time.
func (s *silence) after(d time.Duration) int64 {
	return s[min(max(int(d/pickupStep), 0), pickupSteps)]
}

// never is the chance that the phone would ring for ever. Phones are stopped before all who are there have picked up; how
// many are still to come follows from how fast those become fewer who do (Aitken).
func (s *silence) never(stopped time.Duration) int64 {
	fifth := stopped / 5
	end := s.after(stopped)
	before, last := s.after(stopped-2*fifth)-s.after(stopped-fifth), s.after(stopped-fifth)-end
	switch {
	case last == 0:
		return end
	case last >= before:
		return 0
	}
	return max(end-last*last/(before-last), 0)
}

// kind is what is known of the phones of all agents who are alike.
type kind struct {
	history
	silence silence // as of the last time that it was made up
	away    bool    // more of them would ring for ever than phones commonly do
}

// learned says whether enough is known of how phones are picked up.
func (b *Brain) learned() bool { return b.kinds[0].n >= allPickups }

// silence is how long the offer's phone may be expected to ring.
func (b *Brain) silence(o *offer) silence {
	if o.doubt > 0 {
		return *b.usual(o.doubt)
	}
	return o.agent.pickups.silence(&b.kinds[0].history)
}

// usual is how long the phones of a kind ring.
func (b *Brain) usual(doubt int) *silence {
	if b.kinds[doubt].n < pickupsNew {
		doubt = 0
	}
	return &b.kinds[doubt].silence
}

// learn keeps how long a phone has rung. What was stopped counts for as long as it rang.
func (b *Brain) learn(o *offer, now Instant, picked bool) {
	if o.rang == 0 || o.agent.auto {
		return
	}
	rang := now.Sub(o.rang)
	if o.doubt == 0 {
		o.agent.pickups.add(rang, picked, pickupMost)
	}
	b.kinds[o.doubt].add(rang, picked, pickupsMost)
	if b.kinds[o.doubt].n%pickupsNew == 0 {
		b.makeUp(o.doubt, o.line.OfferTimeout)
	}
	if o.misses == 1 {
		b.again.add(rang, picked)
	}
	o.agent.hear(rang, picked, now)
}

// makeUp brings what is known of a kind up to date. The first is the measure of the others.
func (b *Brain) makeUp(doubt int, stopped time.Duration) {
	x, usual := &b.kinds[doubt], &b.kinds[0]
	x.silence = x.history.silence(&usual.history)
	x.away = doubt > 0 && b.learned() && x.silence.never(stopped) > 2*usual.silence.never(stopped)
}
