package sip

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"time"
)

// An origin is who is held responsible for what comes in: an address (of IPv6 its /64, of which one machine has all), or, at
// an address that others of ours share, one name there.
type origin struct {
	network netip.Addr
	name    string
}

func networkOfHost(host netip.Addr) netip.Addr {
	host = host.Unmap().WithZone("")
	if host.Is6() {
		if prefix, err := host.Prefix(64); err == nil {
			return prefix.Addr()
		}
	}
	return host
}

const (
	crowdSets = 4096 // a power of two
	crowdWays = 4    // origins of a set; the one heard longest ago makes room
)

// A crowd remembers what origins have done lately. Its memory is what it is from the beginning, however many come: who has
// been silent longest of those that share a set is forgotten. Which do, nobody outside can know.
type crowd struct {
	seed maphash.Seed

	mu   sync.Mutex // guards sets
	sets [][crowdWays]conduct
}

// A conduct is that of one origin.
type conduct struct {
	who    uint64 // hash of the origin; 0: nobody
	heard  int64  // when it was last heard, in milliseconds
	spent  float32
	faults float32
}

func newCrowd() *crowd {
	return &crowd{seed: maphash.MakeSeed(), sets: make([][crowdWays]conduct, crowdSets)}
}

const (
	pace    = 10  // messages a second of one origin that are looked at
	atOnce  = 40  // that many at once
	forgets = 0.1 // faults a second that are forgotten
)

// allows counts what a message of an origin costs, one where it is like others, and says whether the origin keeps to its pace.
func (c *crowd) allows(who origin, cost float32, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.find(who, now)
	if k.spent+cost > atOnce {
		return false
	}
	k.spent += cost
	return true
}

// blames adds to an origin's faults and says how many they are now.
func (c *crowd) blames(who origin, faults float32, now time.Time) float32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.find(who, now)
	k.faults += faults
	return k.faults
}

// clears takes an origin's faults from it.
func (c *crowd) clears(who origin, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.find(who, now).faults = 0
}

// find is the conduct of an origin up to now. The lock is held.
func (c *crowd) find(who origin, now time.Time) *conduct {
	hash := maphash.Comparable(c.seed, who) | 1
	set, at := &c.sets[hash>>1&(crowdSets-1)], now.UnixMilli()
	oldest := &set[0]
	for i := range set {
		k := &set[i]
		if k.who == hash {
			passed := float32(max(at-k.heard, 0)) / 1000
			k.spent, k.faults, k.heard = max(0, k.spent-passed*pace), max(0, k.faults-passed*forgets), at
			return k
		}
		if k.heard < oldest.heard {
			oldest = k
		}
	}
	*oldest = conduct{who: hash, heard: at}
	return oldest
}
