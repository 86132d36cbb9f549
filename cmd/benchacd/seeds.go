package main

import "threering/acd/sim"

// pooled is the results of the same settings with several seeds as one: shares and quantiles are means, the longest wait is
// that of all, and what should not happen at all is counted.
func pooled(runs [][]sim.Result) []sim.Result {
	results := make([]sim.Result, len(runs[0]))
	for i := range results {
		results[i].Setting = runs[0][i].Setting
		for _, run := range runs {
			results[i].Total = plus(results[i].Total, run[i].Total, float64(len(runs)))
		}
	}
	return results
}

// plus adds one of n figures.
func plus(f, one sim.Figures, n float64) sim.Figures {
	f.Offered += one.Offered
	f.Late += one.Late / n
	f.Alerted += one.Alerted / n
	f.Missed += one.Missed / n
	f.ForNothing += one.ForNothing / n
	f.P99Ms += int64(float64(one.P99Ms) / n)
	f.LongestMs = max(f.LongestMs, one.LongestMs)
	f.Overtakes += one.Overtakes
	f.InVain += one.InVain
	return f
}
