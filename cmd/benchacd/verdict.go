package main

import (
	"fmt"
	"strings"

	"threering/acd/sim"
)

// What is promised.
const (
	mostForNothing = .25 // phones that ring for nothing, a call
	mostOfLate     = .5  // of the late answers of the best baseline, where agents are to spare
	mostLonger     = 1.05
	scarce         = .9 // occupied share from which agents are not to spare
)

// verdict is what one case comes to: the brain beside the best of the others that disturbs no more agents than the brain
// may, and beside whatever the others do.
type verdict struct {
	load     float64
	miss     miss
	ours     sim.Figures
	single   sim.Figures // the brain, one phone at a time
	strict   sim.Figures // the brain, if who misses once is always set aside
	lenient  sim.Figures // … and if never, but at the second miss in a row
	best     sim.Result  // of the baselines, the fewest late answers within the same limit of rings for nothing
	bestAny  sim.Result  // … whatever they ring for nothing
	bound    sim.Figures // of the clairvoyant
	least    float64     // of the seeds, the smallest share of the best's late answers that is gone
	greatest float64
}

func judge(load float64, m miss, runs [][]sim.Result) verdict {
	v := weigh(load, m, pooled(runs))
	for i, run := range runs {
		gone := weigh(load, m, run).gone()
		if i == 0 {
			v.least, v.greatest = gone, gone
		}
		v.least, v.greatest = min(v.least, gone), max(v.greatest, gone)
	}
	return v
}

func weigh(load float64, m miss, results []sim.Result) verdict {
	v := verdict{load: load, miss: m}
	for _, r := range results {
		switch r.Setting {
		case ours:
			v.ours = r.Total
		case withoutMore:
			v.single = r.Total
		case oneMiss:
			v.strict = r.Total
		case twoMisses:
			v.lenient = r.Total
		case clairvoyant:
			v.bound = r.Total
		default:
			if r.Total.ForNothing <= mostForNothing && (v.best.Setting == "" || r.Total.Late < v.best.Total.Late) {
				v.best = r
			}
			if v.bestAny.Setting == "" || r.Total.Late < v.bestAny.Total.Late {
				v.bestAny = r
			}
		}
	}
	return v
}

// kept says which promises do not hold, in words; "yes" where all do.
func (v verdict) kept() string {
	var not []string
	fails := func(is bool, what string, args ...any) {
		if is {
			not = append(not, fmt.Sprintf(what, args...))
		}
	}
	if v.load < scarce {
		fails(v.goable() >= mostOfLate && v.gone() < 1-mostOfLate, "%.0f %% of the late answers gone", 100*v.gone())
		fails(v.ours.ForNothing > mostForNothing, "%.2f phones for nothing", v.ours.ForNothing)
	} else {
		fails(v.ours.Late > v.bestAny.Total.Late, "%s has fewer late", v.bestAny.Setting)
		fails(float64(v.ours.LongestMs) > mostLonger*float64(v.bestAny.Total.LongestMs), "a longer wait than %s", v.bestAny.Setting)
	}
	fails(v.ours.Overtakes > 0, "%d overtakes", v.ours.Overtakes)
	if not == nil {
		return "yes"
	}
	return "no: " + strings.Join(not, ", ")
}

// gone is the share of the best baseline's late answers that are not late with the brain.
func (v verdict) gone() float64 {
	if v.best.Total.Late == 0 {
		return 0
	}
	return 1 - v.ours.Late/v.best.Total.Late
}

// goable is the share that a clairvoyant's late answers leave of the best baseline's: agents are to spare where that is
// half of them, or more.
func (v verdict) goable() float64 {
	if v.best.Total.Late == 0 {
		return 0
	}
	return 1 - v.bound.Late/v.best.Total.Late
}

func head() []string {
	return []string{
		"occupied", "offers", "late %", "one phone at a time", "one miss", "two", "best with ≤ .25 for nothing", "late %", "of it gone %", "seeds", "can go %", "any baseline", "late %", "for nothing",
		"clairvoyant late %", "p99 s", "baseline", "longest s", "baseline", "phones", "for nothing", "overtakes", "in vain", "kept",
	}
}

func rule() []string {
	line := head()
	for i := range line {
		line[i] = "---"
	}
	return line
}

func rows(verdicts []verdict) (lines [][]string) {
	seconds := func(ms int64) string { return fmt.Sprintf("%.1f", float64(ms)/1000) }
	percent := func(x float64) string { return fmt.Sprintf("%.2f", 100*x) }
	for _, v := range verdicts {
		best := v.best.Total
		lines = append(lines, []string{
			fmt.Sprintf("%.0f %%", 100*v.load), v.miss.String(), percent(v.ours.Late), percent(v.single.Late), percent(v.strict.Late), percent(v.lenient.Late),
			v.best.Setting, percent(best.Late), fmt.Sprintf("%.0f", 100*v.gone()),
			fmt.Sprintf("%.0f–%.0f", 100*v.least, 100*v.greatest), fmt.Sprintf("%.0f", 100*v.goable()),
			v.bestAny.Setting, percent(v.bestAny.Total.Late), fmt.Sprintf("%.2f", v.bestAny.Total.ForNothing),
			percent(v.bound.Late), seconds(v.ours.P99Ms), seconds(best.P99Ms), seconds(v.ours.LongestMs), seconds(best.LongestMs),
			fmt.Sprintf("%.2f", v.ours.Alerted), fmt.Sprintf("%.2f", v.ours.ForNothing), fmt.Sprint(v.ours.Overtakes), fmt.Sprint(v.ours.InVain), v.kept(),
		})
	}
	return lines
}
