package sip

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// A Ban keeps a stranger out: nothing that it sends is answered, except what belongs to a call in progress. Who may call
// from a host, a trunk or a registered device, is not a stranger there.
type Ban struct {
	Network netip.Prefix // one address of IPv4, a /64 of IPv6
	Device  string       // "": all that comes from there; else one name, at an address where other devices are registered
	Why     Fault
	Proven  bool // it is sure that the messages came from there: over UDP, one source can pretend to be another
	Times   int  // how often it was banned, this time included; each ban is longer than the one before
	Since   time.Time
	Until   time.Time
	Dropped uint64 // messages that this ban has kept out
}

// A Fault is what a stranger did.
type Fault string

const (
	FaultJunk     Fault = "junk"     // messages that are not SIP, or that only somebody of ours may send
	FaultScan     Fault = "scan"     // asked to register again and again, and never did
	FaultPassword Fault = "password" // wrong credentials
)

// weight is how much a fault counts; those of banAt lead to a ban. A telephone with a wrong password, which tries twice a
// minute, gets there after a quarter of an hour.
func (f Fault) weight() float32 {
	if f == FaultPassword {
		return 3
	}
	return 1
}

const (
	banAt      = 30
	firstBan   = 5 * time.Minute
	growth     = 4 // each ban is so many times as long as the one before
	longestBan = 24 * time.Hour
	remembers  = 24 * time.Hour // how long after its end a ban is remembered
	mostBans   = 4096
)

func lengthOf(times int) time.Duration {
	length := firstBan
	for range times - 1 {
		if length *= growth; length >= longestBan {
			return longestBan
		}
	}
	return length
}

// Bans are those that hold, and for a while those that did.
type Bans struct {
	store   *banStore     // nil: memory only
	changed chan struct{} // holds one token while something is to be written

	mu     sync.Mutex // guards the fields below
	all    map[origin]*Ban
	unkept map[origin]bool // to be written
}

func newBans(store *banStore) *Bans {
	return &Bans{store: store, changed: make(chan struct{}, 1), all: make(map[origin]*Ban), unkept: make(map[origin]bool)}
}

func originOf(b Ban) origin { return origin{b.Network.Addr(), b.Device} }

// impose bans an origin, again for longer.
func (b *Bans) impose(who origin, why Fault, proven bool, now time.Time) Ban {
	b.mu.Lock()
	defer b.mu.Unlock()
	ban := b.all[who]
	if ban == nil {
		b.makeRoom(now)
		ban = &Ban{Network: netip.PrefixFrom(who.network, bitsOf(who.network)), Device: who.name}
		b.all[who] = ban
	}
	ban.Times++
	ban.Why, ban.Proven = why, proven || ban.Proven && ban.Until.After(now)
	ban.Since, ban.Until = now, now.Add(lengthOf(ban.Times))
	b.keep(who)
	return *ban
}

func bitsOf(network netip.Addr) int { return min(network.BitLen(), 64) }

// makeRoom forgets bans that are over long since and, where there are too many, the one that ends first. The lock is held.
func (b *Bans) makeRoom(now time.Time) {
	if len(b.all) < mostBans {
		return
	}
	var first origin
	var ends time.Time
	for who, ban := range b.all {
		if now.Sub(ban.Until) > remembers {
			b.drop(who)
		} else if ends.IsZero() || ban.Until.Before(ends) {
			first, ends = who, ban.Until
		}
	}
	if len(b.all) >= mostBans {
		b.drop(first)
	}
}

func (b *Bans) drop(who origin) {
	delete(b.all, who)
	b.keep(who)
}

// holds is the ban that an origin is under now, and counts what it keeps out.
func (b *Bans) holds(who origin, now time.Time) (Ban, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	ban := b.all[who]
	if ban == nil || !ban.Until.After(now) {
		return Ban{}, false
	}
	ban.Dropped++
	return *ban, true
}

// List is the bans that hold now, the newest first.
func (b *Bans) List(now time.Time) []Ban {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []Ban
	for _, ban := range b.all {
		if ban.Until.After(now) {
			list = append(list, *ban)
		}
	}
	slices.SortFunc(list, func(x, y Ban) int {
		return cmp.Or(y.Since.Compare(x.Since), x.Network.Addr().Compare(y.Network.Addr()), cmp.Compare(x.Device, y.Device))
	})
	return list
}

// Lift ends all bans of the network that an address is in, and forgets that there were any; false where there were none.
func (b *Bans) Lift(host netip.Addr) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	network, lifted := networkOfHost(host), false
	for who := range b.all {
		if who.network == network {
			b.drop(who)
			lifted = true
		}
	}
	return lifted
}

// pardon ends the ban of an origin of which it was not sure that it had done anything.
func (b *Bans) pardon(who origin) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if ban := b.all[who]; ban != nil && !ban.Proven {
		b.drop(who)
	}
}

// keep has what is known of an origin written. The lock is held.
func (b *Bans) keep(who origin) {
	if b.store == nil {
		return
	}
	b.unkept[who] = true
	select {
	case b.changed <- struct{}{}:
	default:
	}
}

// banWrites is how long changes are gathered before they are written.
const banWrites = time.Second

// serve writes what has changed until ctx ends, and once more then.
func (b *Bans) serve(ctx context.Context, failed func(error)) {
	for ctx.Err() == nil {
		select {
		case <-b.changed:
		case <-ctx.Done():
		}
		gathering := time.NewTimer(banWrites)
		select {
		case <-gathering.C:
		case <-ctx.Done():
		}
		gathering.Stop()
		if err := b.write(); err != nil {
			failed(err)
		}
	}
}

// write writes what has changed; what could not be written stays to be.
func (b *Bans) write() error {
	b.mu.Lock()
	changes := make(map[origin]*Ban, len(b.unkept))
	for who := range b.unkept {
		changes[who] = nil
		if ban := b.all[who]; ban != nil {
			copied := *ban
			changes[who] = &copied
		}
	}
	clear(b.unkept)
	b.mu.Unlock()
	if len(changes) == 0 {
		return nil
	}
	err := b.store.write(changes)
	if err != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		for who := range changes {
			b.keep(who)
		}
	}
	return err
}
