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
}

// A legKey is our half of a dialog's id.
type legKey struct{ callID, tag string }

func newSwitchboard() *switchboard {
	return &switchboard{legs: make(map[legKey]*Leg), peers: make(map[netip.Addr]int)}
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
}

func (b *switchboard) find(callID, tag string) *Leg {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.legs[legKey{callID, tag}]
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
