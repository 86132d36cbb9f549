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
	"strings"
	"sync"
	"time"

	"threering/cmd/internal/bench"
	"threering/media"
	"threering/sip/softphone"
)

// An offering is how soon agents who have become free are rung again, while callers wait.
type offering struct {
	Agents, Waiting int
	Turns           int           // talks that ended in the time
	P50, P99, Most  time.Duration // from the agent's hanging up to the next INVITE at their phone, as the phone sees it
	Late            int           // were not rung again
	Core            float64
}

func (o *offering) String() string {
	return fmt.Sprintf("%d agents, %d calls waiting: %d talks ended, free → INVITE p50 %.1f p99 %.1f most %.1f ms, not rung again %d, %.0f %% of the core",
		o.Agents, o.Waiting, o.Turns, bench.MS(o.P50), bench.MS(o.P99), bench.MS(o.Most), o.Late, 100*o.Core)
}

// A team is agents whose phones pick up at once and hang up after a while.
type team struct {
	phones []*softphone.Phone
	engine *media.Engine
	talk   time.Duration // on average

	mu     sync.Mutex // guards the fields below
	freed  map[int]time.Time
	counts bool // what happens now is counted
	took   []time.Duration
	turns  int
}

// newTeam makes the phones, which listen, but have no server yet.
func newTeam(agents int, talk time.Duration) (*team, error) {
	t := &team{talk: talk, freed: map[int]time.Time{}}
	var err error
	if t.engine, err = media.NewEngine(media.Config{Bind: bench.Loopback, Low: 40_000, High: 59_999}); err != nil {
		return nil, err
	}
	for n := range agents {
		p, err := softphone.New(softphone.Config{
			Server: netip.AddrPortFrom(bench.Loopback, 5060), User: name(n), Engine: t.engine, Incoming: func(c *softphone.Call) { t.takes(n, c) },
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
func (t *team) takes(agent int, c *softphone.Call) {
	now := time.Now()
	t.mu.Lock()
	if freed, again := t.freed[agent]; again {
		delete(t.freed, agent)
		t.took = append(t.took, now.Sub(freed))
	}
	t.mu.Unlock()
	c.Ring()
	c.Answer()
	talk := time.Duration(rand.ExpFloat64() * float64(t.talk))
	ctx, stop := context.WithTimeout(context.Background(), talk)
	_, err := c.WaitEnded(ctx)
	stop()
	if err == nil { // the caller was first, or the phone is closed
		return
	}
	t.mu.Lock()
	if t.counts {
		t.turns++
		t.freed[agent] = time.Now()
	}
	t.mu.Unlock()
	c.Hangup()
}

// count begins to count, and gives what it has counted when it ends.
func (t *team) count(d time.Duration) (took []time.Duration, turns, late int) {
	t.mu.Lock()
	t.counts = true
	t.mu.Unlock()
	time.Sleep(d)
	t.mu.Lock()
	t.counts = false
	t.mu.Unlock()
	time.Sleep(time.Second) // for the last of them
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.took, t.turns, len(t.freed)
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
	began, cpu := time.Now(), s.cpu()
	took, turns, late := t.count(p.offers)
	core := float64(s.cpu()-cpu) / float64(time.Since(began))
	c.mu.Lock()
	waiting := len(c.calls) - p.agents
	c.hungUp = nil
	c.mu.Unlock()
	return &offering{Agents: p.agents, Waiting: waiting, Turns: turns, P50: quantile(took, .5), P99: quantile(took, .99), Most: quantile(took, 1), Late: late, Core: core}, nil
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
