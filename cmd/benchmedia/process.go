//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"threering/cmd/internal/bench"
)

// A way is how calls are carried.
type way string

const (
	direct   way = "direct"   // not at all: the phones talk to each other, which shows their own share of the delay
	bare     way = "bare"     // by a relay of datagrams, the yardstick
	relayed  way = "relayed"  // by the engine
	recorded way = "recorded" // by the engine, and recorded
	sdes     way = "SDES"     // by the engine, encrypted with keys from SDP
	browser  way = "WebRTC"   // by the engine, as browsers do: all by one port, with keys from a handshake
	music    way = "music"    // each leg is played music by the engine
)

// An order is what the process under test is told: one line of JSON. The first half of the legs are callers, the second
// half, in the same order, their agents.
type order struct {
	Way    way
	Phones []phone
	Dir    string // of the recordings; it does not exist yet
}

// A memory is what the process under test holds.
type memory struct {
	RSS        int64 // bytes
	Heap       int64 // bytes of objects and stacks
	Goroutines int
}

// ready is the first answer: the calls stand.
type ready struct {
	Idle    memory           // before the calls
	Ports   []netip.AddrPort // where each leg is to be sent
	Answers []string         // to the phones' offers, as SDP; none of the bare relay
}

// outcome is the last answer, when the calls end.
type outcome struct {
	Held    memory // before they end
	Dropped int64  // packets that the recorder had no room for
}

// A carrier is a way of carrying calls.
type carrier interface {
	open(o order) (ports []netip.AddrPort, answers []string, err error)
	close() (dropped int64, err error)
}

// serve is the process under test: it is given an order, and carries calls until its input ends.
func serve(in io.Reader, out io.Writer) error {
	orders, answers := json.NewDecoder(in), json.NewEncoder(out)
	var o order
	if err := orders.Decode(&o); err != nil {
		return fmt.Errorf("reading the order: %w", err)
	}
	var c carrier = &server{}
	if o.Way == bare {
		c = &bareRelay{}
	}
	idle, err := holds()
	if err != nil {
		return err
	}
	ports, answered, err := c.open(o)
	if err != nil {
		_, closeErr := c.close()
		return errors.Join(err, closeErr)
	}
	if err := answers.Encode(ready{idle, ports, answered}); err != nil {
		return fmt.Errorf("answering: %w", err)
	}
	_, readErr := io.Copy(io.Discard, in)
	held, err := holds()
	dropped, closeErr := c.close()
	return errors.Join(readErr, err, closeErr, answers.Encode(outcome{held, dropped}))
}

// holds reads what this process holds; of the heap, what a garbage collection leaves.
func holds() (memory, error) {
	resident, err := bench.Resident(os.Getpid())
	if err != nil {
		return memory{}, err
	}
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return memory{resident, int64(m.HeapAlloc + m.StackInuse), runtime.NumGoroutine()}, nil
}

// A process is the process under test, seen from the phones.
type process struct {
	command *exec.Cmd
	orders  io.WriteCloser
	answers *json.Decoder
	began   time.Time
	ready   ready
}

// start runs a process on the calling thread's core and waits until its calls stand.
func start(ctx context.Context, o order) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, self, carry)
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	p := &process{command: command, orders: in, answers: json.NewDecoder(out), began: time.Now()}
	if err := errors.Join(json.NewEncoder(in).Encode(o), p.answers.Decode(&p.ready)); err != nil {
		p.kill()
		return nil, fmt.Errorf("waiting for the calls: %w", err)
	}
	return p, nil
}

// A usage is what a process and its core have done so far.
type usage struct {
	span time.Duration // on the clock
	cpu  time.Duration // user and system time of the process
	busy time.Duration // of the core, whoever it worked for
}

func (u usage) minus(v usage) usage { return usage{u.span - v.span, u.cpu - v.cpu, u.busy - v.busy} }
func (u usage) plus(v usage) usage  { return usage{u.span + v.span, u.cpu + v.cpu, u.busy + v.busy} }

// others is the share of the core that went to others.
func (u usage) others() float64 {
	return min(1, max(0, float64(u.busy-u.cpu)/float64(u.span)))
}

// used reads the usage from outside, so that a process that is behind with its packets need not answer.
func (p *process) used(core int) (usage, error) {
	cpu, err := bench.CPU(p.command.Process)
	if err != nil {
		return usage{}, err
	}
	busy, err := busy(core)
	if err != nil {
		return usage{}, fmt.Errorf("reading the core's time: %w", err)
	}
	return usage{time.Since(p.began), cpu, busy}, nil
}

// busy is how long a core has worked so far: see "cpu0" in proc_stat(5). It counts in hundredths of a second.
func busy(core int) (time.Duration, error) {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, err
	}
	_, line, _ := strings.Cut(string(stat), fmt.Sprintf("\ncpu%d ", core))
	var user, nice, system, idle, wait, irq, softirq, steal int64
	_, err = fmt.Sscan(line, &user, &nice, &system, &idle, &wait, &irq, &softirq, &steal)
	return time.Duration(user+nice+system+irq+softirq+steal) * 10 * time.Millisecond, err
}

// finish ends the calls and says what they cost, by what was spent in the window.
func (p *process) finish(calls int, spent usage) (cost, error) {
	p.orders.Close()
	var last outcome
	if err := p.answers.Decode(&last); err != nil {
		return cost{}, fmt.Errorf("reading the outcome: %w", err)
	}
	idle, n := p.ready.Idle, float64(calls)
	return cost{
		CPU:        bench.MS(spent.cpu) / (n * spent.span.Seconds()),
		Core:       float64(spent.cpu) / float64(spent.span),
		Others:     spent.others(),
		RSS:        float64(last.Held.RSS-idle.RSS) / 1024 / n,
		Heap:       float64(last.Held.Heap-idle.Heap) / 1024 / n,
		Goroutines: float64(last.Held.Goroutines-idle.Goroutines) / (2 * n),
		Dropped:    last.Dropped,
	}, p.command.Wait()
}

// kill ends a process that has not ended by itself; the errors say no more than that it had.
func (p *process) kill() {
	_ = p.command.Process.Kill()
	_ = p.command.Wait()
}
