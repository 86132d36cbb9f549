package sip

import (
	"net/netip"
	"sync"
)

// A switchboard finds the leg that a message belongs to, and knows the addresses that legs talk with.
type switchboard struct {
	mu    sync.RWMutex // guards the fields below
	legs  map[legKey]*Leg
	peers map[netip.Addr]int // how many legs talk with it
	calls map[callKey]bool   // that began incoming legs

	quiet chan struct{} // holds one token when there may be no leg left
}

// A legKey is our half of a dialog's id.
type legKey struct{ callID, tag string }

// A callKey is what an INVITE keeps on all ways that proxies fork it to (RFC 3261 8.2.2.2).
type callKey struct {
	callID, tag string
	seq         uint32
}

func newSwitchboard() *switchboard {
	return &switchboard{legs: make(map[legKey]*Leg), peers: make(map[netip.Addr]int), calls: make(map[callKey]bool), quiet: make(chan struct{}, 1)}
}

func (b *switchboard) add(l *Leg) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.legs[legKey{l.id, l.tag}] = l
}

func (b *switchboard) remove(l *Leg) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.legs, legKey{l.id, l.tag})
	delete(b.calls, l.origin)
	if len(b.legs) > 0 {
		return
	}
	select {
	case b.quiet <- struct{}{}:
	default:
	}
}

// claim takes an INVITE for a leg; false: another has come of it already, by another way.
func (b *switchboard) claim(k callKey) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.calls[k] {
		return false
	}
	b.calls[k] = true
	return true
}

func (b *switchboard) find(callID, tag string) *Leg {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.legs[legKey{callID, tag}]
}

// talks says whether a message belongs to a leg.
func (b *switchboard) talks(e envelope) bool {
	tag := e.ourTag()
	return len(tag) > 0 && b.find(string(e.callID), string(tag)) != nil
}

func (b *switchboard) all() []*Leg {
	b.mu.RLock()
	defer b.mu.RUnlock()
	legs := make([]*Leg, 0, len(b.legs))
	for _, l := range b.legs {
		legs = append(legs, l)
	}
	return legs
}

// meet notes that something of ours talks with that address; part, which must follow, that it no longer does.
func (b *switchboard) meet(addr netip.Addr) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.peers[addr]++
}

func (b *switchboard) part(addr netip.Addr) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.peers[addr]--; b.peers[addr] <= 0 {
		delete(b.peers, addr)
	}
}

// talksWith says whether anything of ours talks with that address.
func (b *switchboard) talksWith(addr netip.Addr) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.peers[addr] > 0
}
