//go:build linux

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// A way is how calls are carried.
type way string

const (
	direct   way = "direct"   // not at all: the phones talk to each other, which shows their own share of the delay
	bare     way = "bare"     // by a relay of datagrams, the yardstick
	relayed  way = "relayed"  // by the engine
	recorded way = "recorded" // by the engine, and recorded
	music    way = "music"    // each leg is played music by the engine
)

// An order is what the process under test is told: one line of JSON. The first half of the legs are callers, the second
// half, in the same order, their agents.
type order struct {
	Way  way
	Legs []netip.AddrPort // where the phones are
	Dir  string           // of the recordings; it does not exist yet
}

// A usage is what a process has used up so far and what it holds.
type usage struct {
	At         time.Duration // since the process began
	CPU        time.Duration // user and system
	Busy       time.Duration // of the core, whoever it worked for
	RSS        int64         // bytes
	Heap       int64         // bytes of objects and stacks; after a garbage collection in ready and outcome
	Goroutines int
}

// ready is the first answer: the calls stand.
type ready struct {
	Idle  usage            // before the calls
	Ports []netip.AddrPort // where each leg is to be sent
}

// outcome is the last answer, before the calls end.
type outcome struct {
	Held    usage
	Dropped int64 // packets that the recorder had no room for
}

// A carrier is a way of carrying calls.
type carrier interface {
	open(o order) ([]netip.AddrPort, error)
	close() (dropped int64, err error)
}

// serve is the process under test: it is given an order, then asked for its usage by each further line, until the end
// of the input ends the calls.
func serve(in io.Reader, out io.Writer) error {
	began := time.Now()
	lines := bufio.NewReader(in)
	answers := json.NewEncoder(out)
	var o order
	line, err := lines.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("reading the order: %w", err)
	}
	if err := json.Unmarshal(line, &o); err != nil {
		return fmt.Errorf("reading the order: %w", err)
	}
	var c carrier = &server{}
	if o.Way == bare {
		c = &bareRelay{}
	}
	debug.FreeOSMemory()
	idle, err := used(began)
	if err != nil {
		return err
	}
	ports, err := c.open(o)
	if err != nil {
		_, closeErr := c.close()
		return errors.Join(err, closeErr)
	}
	answers.Encode(ready{idle, ports})
	for {
		if _, err := lines.ReadBytes('\n'); err != nil {
			break
		}
		now, err := used(began)
		if err != nil {
			return err
		}
		answers.Encode(now)
	}
	runtime.GC()
	held, err := used(began)
	dropped, closeErr := c.close()
	return errors.Join(err, closeErr, answers.Encode(outcome{held, dropped}))
}

// used reads what this process has used.
func used(began time.Time) (usage, error) {
	var r unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &r); err != nil {
		return usage{}, fmt.Errorf("reading the CPU time: %w", err)
	}
	at := time.Since(began)
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return usage{}, fmt.Errorf("reading the memory: %w", err)
	}
	pages, err := strconv.ParseInt(strings.Fields(string(statm))[1], 10, 64)
	if err != nil {
		return usage{}, fmt.Errorf("reading the memory: %w", err)
	}
	busy, err := busy()
	if err != nil {
		return usage{}, fmt.Errorf("reading the core's time: %w", err)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return usage{
		At: at, CPU: time.Duration(r.Utime.Nano() + r.Stime.Nano()), Busy: busy,
		RSS: pages * int64(os.Getpagesize()), Heap: int64(m.HeapAlloc + m.StackInuse), Goroutines: runtime.NumGoroutine(),
	}, nil
}

// busy is how long the core that this process runs on has worked so far, for whomever: see "cpu0" in proc_stat(5). It
// counts in hundredths of a second.
func busy() (time.Duration, error) {
	var core int
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return 0, err
	}
	for !set.IsSet(core) {
		core++
	}
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, err
	}
	_, line, _ := strings.Cut(string(stat), fmt.Sprintf("\ncpu%d ", core))
	var user, nice, system, idle, wait, irq, softirq, steal int64
	_, err = fmt.Sscan(line, &user, &nice, &system, &idle, &wait, &irq, &softirq, &steal)
	return time.Duration(user+nice+system+irq+softirq+steal) * 10 * time.Millisecond, err
}

// A process is the process under test, seen from the phones.
type process struct {
	command *exec.Cmd
	orders  io.WriteCloser
	answers *json.Decoder
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
	p := &process{command: command, orders: in, answers: json.NewDecoder(out)}
	if err := errors.Join(json.NewEncoder(in).Encode(o), p.answers.Decode(&p.ready)); err != nil {
		p.kill()
		return nil, fmt.Errorf("waiting for the calls: %w", err)
	}
	return p, nil
}

// ask has the process write down its usage now; it is read when there is time.
func (p *process) ask() { p.orders.Write([]byte("\n")) }

// finish ends the calls and says what they cost between the two times that it was asked.
func (p *process) finish(calls int) (cost, error) {
	var from, to usage
	var last outcome
	p.orders.Close()
	for _, answer := range []any{&from, &to, &last} {
		if err := p.answers.Decode(answer); err != nil {
			return cost{}, fmt.Errorf("reading the usage: %w", err)
		}
	}
	idle, n := p.ready.Idle, float64(calls)
	return cost{
		CPU:        float64(to.CPU-from.CPU) / float64(time.Millisecond) / (n * (to.At - from.At).Seconds()),
		Core:       float64(to.CPU-from.CPU) / float64(to.At-from.At),
		Others:     min(1, max(0, float64((to.Busy-from.Busy)-(to.CPU-from.CPU))/float64(to.At-from.At))),
		RSS:        float64(to.RSS-idle.RSS) / 1024 / n,
		Heap:       float64(last.Held.Heap-idle.Heap) / 1024 / n,
		Goroutines: float64(to.Goroutines-idle.Goroutines) / (2 * n),
		Dropped:    last.Dropped,
	}, p.command.Wait()
}

// kill ends a process that has not ended by itself.
func (p *process) kill() {
	p.command.Process.Kill()
	p.command.Wait()
}
