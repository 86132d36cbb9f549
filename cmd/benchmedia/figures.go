//go:build linux

package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"

	"threering/cmd/internal/bench"
)

// counts are of all packets of a trial, warm-up included.
type counts struct {
	Sent, Received int64
	Unsent         int64 // the kernel would not take them from the phones: not counted as lost
	LoadDrops      int64 // dropped at the phones' sockets: the phones were too slow
	ServerDrops    int64 // dropped at the sockets of the process under test
	Disordered     int64
	Foreign        int64 // of a shape or from a port that no packet should have
}

// heard is what the phones heard in the window, and the counts.
type heard struct {
	counts
	Delay  histogram // from sent to received
	Jitter histogram // of what is played: by how much the time between two packets differs from 20 ms
}

// merge adds what was heard in another part of the window.
func (h *heard) merge(other *heard) {
	h.Delay.merge(&other.Delay)
	h.Jitter.merge(&other.Jitter)
}

// cost is what calls took of the process that carries them.
type cost struct {
	CPU        float64 // milliseconds a call and second
	Core       float64 // share of a core
	Others     float64 // share of that core that others took in the meantime
	RSS        float64 // KiB a call
	Heap       float64 // KiB of objects and stacks a call
	Goroutines float64 // a leg
	Dropped    int64   // packets that the recorder had no room for
}

// A trial is what was measured of one way at one number of calls.
type trial struct {
	Way   way
	Calls int
	Heard heard
	Cost  cost
}

// MarshalJSON leaves out the histograms but for their quantiles, in milliseconds.
func (t trial) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Way   way
		Calls int
		Lost  int64
		counts
		cost
		DelayP50, DelayP99, JitterP50, JitterP99 float64
	}{
		t.Way, t.Calls, t.lost(), t.Heard.counts, t.Cost,
		bench.MS(t.Heard.Delay.quantile(.5)), bench.MS(t.Heard.Delay.quantile(.99)),
		bench.MS(t.Heard.Jitter.quantile(.5)), bench.MS(t.Heard.Jitter.quantile(.99)),
	})
}

func (t trial) String() string {
	what := &t.Heard.Delay
	if t.Way == music {
		what = &t.Heard.Jitter
	}
	return fmt.Sprintf("%-8s %4d calls  %.3f ms CPU a call-second  p50 %.2f p99 %.2f ms  lost %d  phones' drops %d  core taken by others %.0f %%",
		t.Way, t.Calls, t.Cost.CPU, bench.MS(what.quantile(.5)), bench.MS(what.quantile(.99)), t.lost(), t.Heard.LoadDrops+t.Heard.Unsent, 100*t.Cost.Others)
}

// lost is how many packets never came, for another reason than slow phones. Of those who hear music nothing is relayed.
func (t trial) lost() int64 {
	if t.Way == music {
		return 0
	}
	return t.Heard.Sent - t.Heard.Received - t.Heard.LoadDrops
}

// carried says whether nothing was lost, neither on the way nor to the recorder, and nearly all came in time.
func (t trial) carried() bool {
	return t.lost() == 0 && t.Cost.Dropped == 0 && t.Heard.Delay.quantile(.99) <= carriedP99
}

// figures are the outcome of a run.
type figures struct {
	At     time.Time
	Cores  int // of the machine
	Go     string
	Took   time.Duration
	Window time.Duration
	Direct trial
	Trials []trial
	Music  []trial
	Secure []trial // encrypted, and not
	Steps  []trial // of the search
	Most   int     // recorded calls that were carried; 0 where it was not searched
}

func newFigures(p *plan) *figures {
	return &figures{At: p.began, Cores: runtime.NumCPU(), Go: runtime.Version(), Window: p.window}
}

// of gives one number of each trial of a way at a number of calls.
func (f *figures) of(w way, calls int, number func(trial) float64) []float64 {
	var all []float64
	for _, t := range f.Trials {
		if t.Way == w && t.Calls == calls {
			all = append(all, number(t))
		}
	}
	return all
}

// middle is the median, 0 of none.
func middle(numbers []float64) float64 {
	if len(numbers) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(numbers))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

// ratios divides each number by the yardstick's of the same turn.
func ratios(numbers, yardstick []float64) []float64 {
	all := make([]float64, min(len(numbers), len(yardstick)))
	for i := range all {
		all[i] = numbers[i] / yardstick[i]
	}
	return all
}

func sum(numbers []float64) (total float64) {
	for _, n := range numbers {
		total += n
	}
	return total
}

// print writes the figures as BENCHMARKS.md has them.
func (f *figures) print(to io.Writer) error {
	fmt.Fprintf(to, "Measured %s with %s on a machine of %d cores; %s a trial, %s in all.\n\n",
		f.At.UTC().Format("2006-01-02"), f.Go, f.Cores, f.Window, f.Took.Round(time.Second))
	table := bench.NewTable(to)
	f.printCalls(table)
	if err := table.Flush(); err != nil {
		return fmt.Errorf("printing the figures: %w", err)
	}
	fmt.Fprintln(to)
	f.printMemory(table)
	if err := table.Flush(); err != nil {
		return fmt.Errorf("printing the figures: %w", err)
	}
	fmt.Fprintln(to)
	f.printRest(to)
	return nil
}

// printCalls writes a line for each number of calls and way.
func (f *figures) printCalls(to io.Writer) {
	bench.Row(to, "calls", "way", "CPU ms a call-second: least", "median", "ratio to bare: of the least", "median", "lost", "phones' drops", "added delay p50 ms", "p99 ms", "core taken by others %")
	bench.Row(to, "---", "---", "---", "---", "---", "---", "---", "---", "---", "---", "---")
	own := f.Direct.Heard.Delay
	for _, calls := range f.numbers() {
		yardstick := f.of(bare, calls, cpu)
		for _, w := range []way{bare, relayed, recorded} {
			used := f.of(w, calls, cpu)
			if len(used) == 0 || len(yardstick) == 0 {
				continue
			}
			bench.Row(to, fmt.Sprint(calls), string(w), fmt.Sprintf("%.2f", slices.Min(used)), fmt.Sprintf("%.2f", middle(used)),
				fmt.Sprintf("%.2f", slices.Min(used)/slices.Min(yardstick)), fmt.Sprintf("%.2f", middle(ratios(used, yardstick))),
				fmt.Sprintf("%.0f", sum(f.of(w, calls, func(t trial) float64 { return float64(t.lost() + t.Cost.Dropped) }))),
				fmt.Sprintf("%.0f", sum(f.of(w, calls, func(t trial) float64 { return float64(t.Heard.LoadDrops + t.Heard.Unsent) }))),
				fmt.Sprintf("%.2f", middle(f.of(w, calls, delay(.5)))-bench.MS(own.quantile(.5))),
				fmt.Sprintf("%.2f", middle(f.of(w, calls, delay(.99)))-bench.MS(own.quantile(.99))),
				fmt.Sprintf("%.0f", 100*middle(f.of(w, calls, func(t trial) float64 { return t.Cost.Others }))))
		}
	}
}

func cpu(t trial) float64 { return t.Cost.CPU }

func delay(share float64) func(trial) float64 {
	return func(t trial) float64 { return bench.MS(t.Heard.Delay.quantile(share)) }
}

// numbers are the numbers of calls that were measured.
func (f *figures) numbers() []int {
	var all []int
	for _, t := range f.Trials {
		all = append(all, t.Calls)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// printMemory writes what calls hold, at the largest number of them, where what is held once weighs least.
func (f *figures) printMemory(to io.Writer) {
	bench.Row(to, "way", "calls", "resident KiB a call", "Go heap and stacks KiB a call", "goroutines a leg")
	bench.Row(to, "---", "---", "---", "---", "---")
	most := slices.Max(append(f.numbers(), 0))
	for _, w := range []way{bare, relayed, recorded} {
		middleOf := func(number func(trial) float64) string { return fmt.Sprintf("%.1f", middle(f.of(w, most, number))) }
		bench.Row(to, string(w), fmt.Sprint(most),
			middleOf(func(t trial) float64 { return t.Cost.RSS }),
			middleOf(func(t trial) float64 { return t.Cost.Heap }),
			middleOf(func(t trial) float64 { return t.Cost.Goroutines }))
	}
}

// printRest writes what is one number each.
func (f *figures) printRest(to io.Writer) {
	own := f.Direct.Heard.Delay
	fmt.Fprintf(to, "- The phones' own delay, taken off above: p50 %.2f ms, p99 %.2f ms.\n", bench.MS(own.quantile(.5)), bench.MS(own.quantile(.99)))
	if len(f.Music) > 0 {
		best := slices.MinFunc(f.Music, func(a, b trial) int {
			return cmp.Compare(a.Heard.Jitter.quantile(.99), b.Heard.Jitter.quantile(.99))
		})
		fmt.Fprintf(to, "- Music to %d listeners, difference from 20 ms between two packets: p50 %.2f ms, p99 %.2f ms; %.2f ms CPU a listener-second.\n",
			2*best.Calls, bench.MS(best.Heard.Jitter.quantile(.5)), bench.MS(best.Heard.Jitter.quantile(.99)), best.Cost.CPU/2)
	}
	f.printSecure(to)
	for _, t := range f.Steps {
		fmt.Fprintf(to, "- %d recorded calls: %.0f %% of the core, %d packets lost, %d dropped by the recorder, delay p99 %.2f ms.\n",
			t.Calls, 100*t.Cost.Core, t.lost(), t.Cost.Dropped, bench.MS(t.Heard.Delay.quantile(.99)))
	}
	if len(f.Steps) > 0 {
		fmt.Fprintf(to, "- The most recorded calls on one core with no packet lost and a delay p99 of %s at most: %d.\n", carriedP99, f.Most)
	}
}

// printSecure writes what a leg costs that is encrypted, beside one that is not.
func (f *figures) printSecure(to io.Writer) {
	costs := func(w way) (all []float64, lost int64) {
		for _, t := range f.Secure {
			if t.Way == w {
				all, lost = append(all, t.Cost.CPU/2), lost+t.lost()
			}
		}
		return all, lost
	}
	plain, _ := costs(relayed)
	for _, w := range []way{sdes, browser} {
		used, lost := costs(w)
		if len(used) == 0 || len(plain) == 0 {
			continue
		}
		fmt.Fprintf(to, "- A leg with %s, of %d relayed calls: %.2f ms CPU a second, %.2f times a plain one's %.2f; %d packets lost.\n",
			w, secured, slices.Min(used), slices.Min(used)/slices.Min(plain), slices.Min(plain), lost)
	}
}
