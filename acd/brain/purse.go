package brain

const (
	purseMost = 100 // rings
	dearest   = 2   // a ring for nothing of an empty purse costs as much as one of so many callers being late
)

// purse is what the calls of a queue may still ring for nothing, in parts of a ring. Each call puts its share in, each phone
// that was stopped takes out as much as it is likely that it disturbed somebody.
type purse int64

func (p *purse) earn(percent int) { *p = min(*p+purse(percent)*sure/100, purseMost*sure) }

func (p *purse) spend(parts int64) { *p = max(*p-purse(parts), 0) }

// price is what a ring for nothing costs, in callers who are late: next to nothing for who is rich, and the more the less
// there is to spend.
func (p purse) price() int64 {
	gone := sure - int64(p)/purseMost
	return gone * gone / sure * gone / sure / dearest
}

// pay takes a phone that was stopped out of the queue's purse. One at a desk where nobody is disturbs nobody.
func (b *Brain) pay(o *offer, now Instant) {
	if o.line.Strategy == RingAll {
		return
	}
	cost := int64(sure)
	if o.rang != 0 && b.learned() {
		s := b.usual(o.doubt)
		cost -= s.never(o.line.OfferTimeout) * sure / max(s.after(min(now.Sub(o.rang), o.line.OfferTimeout)), 1)
	}
	o.line.purse.spend(cost)
}
