package trunk

import (
	"slices"
	"sync"
	"time"
)

// A ledger counts what the trunks' calls cost, and how many there are. Every minute of a call is paid for before it begins,
// so that no cap is ever passed: not by many calls at once, and not by one that lasts.
type ledger struct {
	now   func() time.Time
	dirty chan struct{} // holds one token while something is to be kept

	mu       sync.Mutex // guards the fields below
	zone     *time.Location
	day      string
	accounts map[string]*account
}

// An account is one trunk's.
type account struct {
	spent    Money // today
	reserved Money // for calls that nobody has answered yet
	calls    int64 // that went out today
	out      []*fare
	kept     bool // as it is
}

// A fare is what one call that goes out by a trunk costs.
type fare struct {
	trunk    string
	agent    string
	price    Money // a minute
	answered bool
	ended    bool
}

func newLedger(now func() time.Time) *ledger {
	return &ledger{now: now, dirty: make(chan struct{}, 1), zone: time.UTC, accounts: map[string]*account{}}
}

// today gives a trunk's account, emptied where another day has begun. l.mu is held.
func (l *ledger) today(trunk string) *account {
	if day := l.now().In(l.zone).Format(time.DateOnly); day != l.day {
		l.day = day
		for _, a := range l.accounts {
			a.spent, a.calls, a.kept = 0, 0, false
		}
	}
	a := l.accounts[trunk]
	if a == nil {
		a = &account{kept: true}
		l.accounts[trunk] = a
	}
	return a
}

// setZone says where the center's days begin.
func (l *ledger) setZone(zone *time.Location) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.zone = zone
}

// load takes over what was spent before a restart.
func (l *ledger) load(all []spending) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range all {
		a := l.today(s.trunk)
		if s.day == l.day {
			a.spent, a.calls = a.spent+s.spent, a.calls+s.calls
		}
	}
}

// begin lets a call out by a trunk, if its limits allow, with its first minute put aside; end must follow. The reason is ""
// where they do.
func (l *ledger) begin(trunk string, o Out, agent string, price Money) (*fare, Reason) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if why := l.may(trunk, o, agent, price); why != "" {
		return nil, why
	}
	a, f := l.today(trunk), &fare{trunk: trunk, agent: agent, price: price}
	a.out = append(a.out, f)
	a.reserved += price
	a.calls++
	l.changed(a)
	return f, ""
}

// check says what begin would say.
func (l *ledger) check(trunk string, o Out, agent string, price Money) Reason {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.may(trunk, o, agent, price)
}

func (l *ledger) may(trunk string, o Out, agent string, price Money) Reason {
	a := l.today(trunk)
	own := 0
	for _, f := range a.out {
		if f.agent == agent {
			own++
		}
	}
	switch {
	case len(a.out) >= o.Calls || agent != "" && own >= o.perAgent():
		return TooMany
	case a.spent+a.reserved+price > o.Spend:
		return SpentUp
	}
	return ""
}

// answer has the first minute paid.
func (l *ledger) answer(f *fare) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f.ended || f.answered {
		return
	}
	f.answered = true
	a := l.today(f.trunk)
	a.reserved -= f.price
	a.spent += f.price
	l.changed(a)
}

// minute pays for one more; false where the cap does not allow it.
func (l *ledger) minute(f *fare, cap Money) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.today(f.trunk)
	if f.ended || a.spent+a.reserved+f.price > cap {
		return false
	}
	a.spent += f.price
	l.changed(a)
	return true
}

// end closes a call. One that was not answered has cost nothing.
func (l *ledger) end(f *fare) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f.ended {
		return
	}
	f.ended = true
	a := l.today(f.trunk)
	if !f.answered {
		a.reserved -= f.price
	}
	a.out = slices.DeleteFunc(a.out, func(other *fare) bool { return other == f })
}

// A balance is how a trunk's account stands.
type balance struct {
	spent Money
	calls int64
	out   int // under way
}

func (l *ledger) balance(trunk string) balance {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.today(trunk)
	return balance{a.spent, a.calls, len(a.out)}
}

// changed has what was spent kept soon. l.mu is held.
func (l *ledger) changed(a *account) {
	a.kept = false
	select {
	case l.dirty <- struct{}{}:
	default:
	}
}

// unkept takes what is to be written.
func (l *ledger) unkept() []spending {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []spending
	for name, a := range l.accounts {
		if !a.kept {
			a.kept = true
			all = append(all, spending{name, l.day, a.spent, a.calls})
		}
	}
	return all
}

// again has written again what could not be.
func (l *ledger) again(all []spending) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range all {
		l.changed(l.today(s.trunk))
	}
}
