//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"

	"threering/cmd/internal/bench"
	"threering/media"
	"threering/sip/softphone"
)

// An offering is how soon agents who have become free are rung again, while callers wait: from the BYE of their phone to the
// next INVITE to it.
type offering struct {
	Agents, Waiting int
	Wire            *pace // by the kernel's time of both; nil where this process may not look at the wire
	Phones          pace  // as the phones see it, with their own slowness
	Core            float64
}

func (o *offering) String() string {
	text := fmt.Sprintf("%d agents, %d calls waiting, %.0f %% of the core", o.Agents, o.Waiting, 100*o.Core)
	if o.Wire != nil {
		text += "\n  free → INVITE on the wire: " + o.Wire.String()
	}
	return text + "\n  as the phones see it:      " + o.Phones.String()
}

// A team is agents whose phones pick up at once and hang up after a while.
type team struct {
	phones []*softphone.Phone
	engine *media.Engine
	talk   time.Duration // on average
	seen   *turnover
}

// newTeam makes the phones, which listen, but have no server yet.
func newTeam(agents int, talk time.Duration) (*team, error) {
	t := &team{talk: talk, seen: newTurnover()}
	var err error
	if t.engine, err = media.NewEngine(media.Config{Bind: bench.Loopback, Low: 40_000, High: 59_999}); err != nil {
		return nil, err
	}
	for n := range agents {
		p, err := softphone.New(softphone.Config{
			Server: netip.AddrPortFrom(bench.Loopback, 5060), User: name(n), Engine: t.engine, Incoming: func(c *softphone.Call) { t.takes(t.phones[n], c) },
		})
		if err != nil {
			return nil, errors.Join(err, t.close())
		}
		t.phones = append(t.phones, p)
	}
	return t, nil
}

// close ends all phones, side by side.
func (t *team) close() error {
	var work sync.WaitGroup
	all := make([]error, len(t.phones))
	for i, p := range t.phones {
		work.Go(func() { all[i] = p.Close() })
	}
	work.Wait()
	return errors.Join(append(all, t.engine.Close())...)
}

// takes is an agent's phone that is called: it is picked up at once, and hung up on after the talk.
func (t *team) takes(phone *softphone.Phone, c *softphone.Call) {
	t.seen.rung(phone.Addr(), time.Now())
	c.Ring()
	c.Answer()
	talk := time.Duration(rand.ExpFloat64() * float64(t.talk))
	ctx, stop := context.WithTimeout(context.Background(), talk)
	_, err := c.WaitEnded(ctx)
	stop()
	if err == nil { // the caller was first, or the phone is closed
		return
	}
	t.seen.left(phone.Addr(), time.Now())
	c.Hangup()
}

// document is a hotline that leads straight into the queue of the team.
func (t *team) document() string {
	var people, agents strings.Builder
	for n, p := range t.phones {
		fmt.Fprintf(&people, "  - {id: %q, name: Agent, role: agent, device: \"sip:%s@%s\"}\n", name(n), name(n), p.Addr())
		fmt.Fprintf(&agents, "%q, ", name(n))
	}
	return `center: {name: Benchmark, time_zone: UTC, language: en, country: CN}
trusted: [127.0.0.1/32]
numbers: [{number: "400", flow: main}]
flows:
  main: {start: wait, steps: {wait: {queue: hotline, next: bye, otherwise: bye}, bye: {hangup: normal}}}
queues:
  - {name: hotline, agents: [` + strings.TrimSuffix(agents.String(), ", ") + `], wrap_up: 0s, max_wait: 0s, announce: false}
people:
  - {id: supervisor, name: Supervisor, role: supervisor}
` + people.String()
}

// available has the supervisor make everybody available.
func (s *server) available(ctx context.Context, agents int) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	client := http.Client{Jar: jar}
	send := func(method, path string, body any) error {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		req, err := http.NewRequestWithContext(ctx, method, "http://"+s.http+path, bytes.NewReader(text))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/json")
		res, err := client.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		if res.StatusCode >= 300 {
			return fmt.Errorf("%s %s: %s", method, path, res.Status)
		}
		return nil
	}
	err = send(http.MethodPost, "/api/v1/session", map[string]string{"name": supervisor, "password": secret})
	for n := 0; n < agents && err == nil; n++ {
		err = send(http.MethodPut, "/api/v1/agents/"+name(n)+"/state", map[string]string{"state": "available"})
	}
	return err
}

// measureOffers has a team talk while callers wait. For each who is hung up on another dials in.
func (p *plan) measureOffers(ctx context.Context, f *figures) error {
	t, err := newTeam(p.agents, time.Duration(float64(p.agents)/p.turns*float64(time.Second)))
	if err != nil {
		return err
	}
	o, err := p.offer(ctx, t)
	f.Offers = o
	return errors.Join(err, t.close())
}

func (p *plan) offer(ctx context.Context, t *team) (*offering, error) {
	s, err := p.open(ctx, t.document(), 0)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	if err := s.available(ctx, p.agents); err != nil {
		return nil, err
	}
	deafEar, err := net.ListenUDP("udp4", &net.UDPAddr{IP: bench.Loopback.AsSlice()}) // what callers are played
	if err != nil {
		return nil, err
	}
	defer deafEar.Close()
	c, err := newCaller(s, "400", uint16(deafEar.LocalAddr().(*net.UDPAddr).Port), true)
	if err != nil {
		return nil, err
	}
	defer c.close()
	c.mu.Lock()
	c.hungUp = c.begin
	c.mu.Unlock()
	if err := c.fill(ctx, p.agents+p.waiting); err != nil {
		return nil, err
	}
	time.Sleep(5 * time.Second) // everybody who can talk does
	o := &offering{Agents: p.agents}
	if o.Wire, o.Core, err = p.watch(ctx, s, t); err != nil {
		return nil, err
	}
	o.Phones = t.seen.pace()
	c.mu.Lock()
	o.Waiting = len(c.calls) - p.agents
	c.hungUp = nil
	c.mu.Unlock()
	return o, nil
}

// watch counts for a while how soon phones are rung again, and what it takes of the server's core.
func (p *plan) watch(ctx context.Context, s *server, t *team) (wire *pace, core float64, err error) {
	observers := []*turnover{t.seen}
	heard, stop, err := s.overhear(ctx)
	if err == nil {
		observers = append(observers, heard)
	} else if !errors.Is(err, os.ErrPermission) {
		return nil, 0, err
	}
	began, cpu := time.Now(), s.cpu()
	for _, o := range observers {
		o.count(true)
	}
	time.Sleep(p.offers)
	for _, o := range observers {
		o.count(false)
	}
	core = float64(s.cpu()-cpu) / float64(time.Since(began))
	time.Sleep(time.Second) // for the last of them
	if heard == nil {
		return nil, core, nil
	}
	err = stop()
	found := heard.pace()
	return &found, core, err
}

// overhear follows what the server and its phones say on the wire until it is stopped.
func (s *server) overhear(ctx context.Context) (heard *turnover, stop func() error, err error) {
	port := s.sip.Port()
	wire, err := bench.OpenWire(port)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	heard = newTurnover()
	done := make(chan error, 1)
	go func() { done <- wire.Watch(ctx, func(p bench.Packet) { heard.hear(p, port) }) }()
	return heard, func() error {
		cancel()
		return errors.Join(<-done, wire.Close())
	}, nil
}

// fill makes calls, a hundred a second, until so many are in progress.
func (c *caller) fill(ctx context.Context, calls int) error {
	ctx, stop := context.WithTimeout(ctx, 2*time.Minute)
	defer stop()
	for ; ctx.Err() == nil; time.Sleep(100 * time.Millisecond) {
		answered, open := 0, 0
		c.mu.Lock()
		for _, k := range c.calls {
			open++
			if !k.answered.IsZero() {
				answered++
			}
		}
		c.mu.Unlock()
		if answered >= calls {
			return nil
		}
		for range min(calls-open, 10) {
			c.begin()
		}
		c.sweep(time.Now())
	}
	return fmt.Errorf("not all calls came in: %w", ctx.Err())
}
