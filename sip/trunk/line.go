package trunk

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"sync"
	"time"

	"threering/config/certs"
	"threering/sip"
)

// State is how a trunk or a server of it does.
type State string

// The states.
const (
	Unknown State = "unknown" // it was not asked, or has not answered yet
	Up      State = "up"
	Down    State = "down"
)

// A line is a trunk at work. Its keeper looks its servers' names up, asks them whether they are there, and keeps the trunk
// registered.
type line struct {
	trunk   Trunk
	servers []server
	tls     *tls.Config
	own     *certs.Pair // that its servers are shown; nil: none
	broken  error       // what the document names cannot be used
	trunks  *Trunks
	wake    chan struct{} // holds one token when the keeper has to look at once
	cancel  context.CancelFunc
	done    chan struct{} // the keeper has ended

	mu       sync.Mutex // guards the fields below
	targets  []target
	lookedUp error
	health   map[netip.AddrPort]health
	account  registered
	state    State
	why      string
	since    time.Time
}

// health is what is known of one server.
type health struct {
	state State
	fails int // in a row
	why   string
	until time.Time // it asked to be left alone so long
}

// registered is how the registration stands.
type registered struct {
	at    target
	until time.Time // zero: not registered
	why   string
}

func newLine(t Trunk, trunks *Trunks) *line {
	l := &line{
		trunk: t, trunks: trunks, wake: make(chan struct{}, 1), done: make(chan struct{}),
		health: map[netip.AddrPort]health{}, state: Unknown, since: trunks.now(),
	}
	for _, text := range t.Servers {
		s, err := parseServer(text)
		l.broken = errors.Join(l.broken, err)
		l.servers = append(l.servers, s)
	}
	if t.TLS != nil {
		var err error
		if l.tls, err = l.secured(*t.TLS); err != nil {
			l.broken = errors.Join(l.broken, err)
		}
	}
	return l
}

// secured is how connections to the trunk's servers are made: each server is verified, and shown our certificate where it asks.
func (l *line) secured(t TLS) (*tls.Config, error) {
	pool, err := authorities(t.CA)
	if err != nil {
		return nil, fmt.Errorf("read the authorities: %w", err)
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool, ServerName: t.Name}
	if t.Certificate != "" {
		own, err := certs.Open(t.Certificate, t.Key)
		if err != nil {
			return nil, err
		}
		c.GetClientCertificate, l.own = own.Client, own
	}
	return c, nil
}

// watchCertificate follows the files of our certificate, until ctx ends. A connection that is open keeps the one it was made with.
func (l *line) watchCertificate(ctx context.Context) {
	if l.own == nil {
		return
	}
	alarm := func(err error) { l.trunks.cfg.Alarm("certificate of trunk "+l.trunk.Name, err) }
	l.own.Watch(ctx, l.trunks.rhythm.certificate, alarm)
	alarm(nil)
}

// hop is a target as requests go to it.
func (l *line) hop(t target) sip.Hop {
	h := sip.Hop{Network: t.network, Addr: t.addr, Host: t.server.host, Port: t.server.port}
	if t.network == "tls" {
		h.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
		if l.tls != nil {
			h.TLS = l.tls.Clone()
		}
		if h.TLS.ServerName == "" {
			h.TLS.ServerName = t.name
		}
	}
	return h
}

// known are the targets as they were found last.
func (l *line) known() []target {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.targets)
}

// path are the targets in the order in which a call tries them: where we are registered, then those that are up, then those of
// which nothing is known, then those that are down.
func (l *line) path() []target {
	l.mu.Lock()
	defer l.mu.Unlock()
	rank := func(t target) int {
		switch h := l.health[t.addr]; {
		case h.state == Down || l.trunks.now().Before(h.until):
			return 3
		case t.addr == l.account.at.addr && !l.account.until.IsZero():
			return 0
		case h.state == Up:
			return 1
		}
		return 2
	}
	list := slices.Clone(l.targets)
	slices.SortStableFunc(list, func(a, b target) int { return rank(a) - rank(b) })
	return list
}

// at says whether an address is one of the trunk's: of its servers as they were found, or of its networks.
func (l *line) at(addr netip.Addr) bool {
	for _, text := range l.trunk.Addresses {
		if n, err := network(text); err == nil && n.Contains(addr) {
			return true
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(l.targets, func(t target) bool { return t.addr.Addr() == addr })
}

// found takes what the names were found to stand for. What could not be looked up now stays as it was.
func (l *line) found(targets []target, err error) {
	l.mu.Lock()
	l.lookedUp = err
	if err == nil || len(targets) > 0 {
		l.targets = targets
		maps.DeleteFunc(l.health, func(addr netip.AddrPort, _ health) bool {
			return !slices.ContainsFunc(targets, func(t target) bool { return t.addr == addr })
		})
	}
	l.mu.Unlock()
	l.judge()
}

// failsMost is how often in a row a server may not answer before it is taken to be down.
const failsMost = 2

// answered takes a server's answer to OPTIONS.
func (l *line) answered(addr netip.AddrPort, code int, err error) {
	l.mu.Lock()
	h := l.health[addr]
	switch {
	case err == nil && code != 503 && code != 408:
		h = health{state: Up, until: h.until}
	default:
		h.fails++
		if h.why = fmt.Sprintf("%d to OPTIONS", code); err != nil {
			h.why = err.Error()
		}
		if h.fails >= failsMost {
			h.state = Down
		}
	}
	l.health[addr] = h
	l.mu.Unlock()
	l.judge()
}

// doubts says whether a server has not answered of late, and is not taken to be down.
func (l *line) doubts() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(l.targets, func(t target) bool {
		h := l.health[t.addr]
		return h.fails > 0 && h.state != Down
	})
}

// suspect takes the news that a call failed by a server, and has the keeper ask it at once.
func (l *line) suspect(addr netip.AddrPort, f sip.Failure) {
	l.mu.Lock()
	h := l.health[addr]
	h.fails++
	h.why = fmt.Sprintf("%d to a call", f.Code)
	if f.RetryAfter > 0 {
		h.until = l.trunks.now().Add(min(f.RetryAfter, time.Hour))
	}
	if h.fails >= failsMost || f.Code == 503 {
		h.state = Down
	}
	l.health[addr] = h
	l.mu.Unlock()
	l.judge()
	l.nudge()
}

func (l *line) nudge() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// judge draws the conclusion from what is known, and tells what has changed.
func (l *line) judge() {
	l.mu.Lock()
	state, why := l.verdict()
	changed := state != l.state
	if changed {
		l.since = l.trunks.now()
	}
	l.state, l.why = state, why
	l.mu.Unlock()
	if changed {
		l.trunks.changed(l.trunk.Name, state, why)
	}
}

// verdict is how the trunk does as a whole. l.mu is held.
func (l *line) verdict() (State, string) {
	switch {
	case l.broken != nil:
		return Down, l.broken.Error()
	case len(l.targets) == 0 && l.lookedUp != nil:
		return Down, l.lookedUp.Error()
	case l.trunk.Register != nil && l.account.until.IsZero() && l.account.why != "":
		return Down, "not registered: " + l.account.why
	case l.trunk.Register != nil && l.account.until.IsZero():
		return Unknown, ""
	case l.trunk.Register != nil && l.trunk.keepalive() == 0:
		return Up, ""
	}
	state, why := Unknown, ""
	for i, t := range l.targets {
		switch h := l.health[t.addr]; {
		case h.state == Up:
			return Up, ""
		case h.state == Down && (i == 0 || state == Down):
			state, why = Down, h.why
		default:
			state = Unknown
		}
	}
	return state, why
}
