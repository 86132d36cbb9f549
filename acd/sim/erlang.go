package sim

import "math"

// ErlangC is the share of callers who wait at all, where they come as a Poisson process, wait for ever, and are served for
// exponential times by agents who are all alike (A. K. Erlang, "Solution of some problems in the theory of probabilities of
// significance in automatic telephone exchanges", 1917). Load is in erlangs: arrivals times the mean handling time. It is
// worked out from Erlang B by its recursion over the number of agents, upside down,
//
//	1/B(n) = 1 + n/load · 1/B(n−1),   C(n) = n·B(n) / (n − load·(1 − B(n)))
//
// which needs no factorial and loses no digits at any size (V. B. Iversen, "Teletraffic Engineering and Network Planning",
// Technical University of Denmark, the chapters on Erlang's loss and delay systems). It is 1 where the load is too much.
func ErlangC(agents int, load float64) float64 {
	switch {
	case load <= 0:
		return 0
	case load >= float64(agents):
		return 1
	}
	inverse := 1.
	for n := 1; n <= agents; n++ {
		inverse = 1 + float64(n)/load*inverse
		if math.IsInf(inverse, 1) {
			return 0
		}
	}
	b := 1 / inverse
	return float64(agents) * b / (float64(agents) - load*(1-b))
}

// ErlangInTime is the share of callers who wait no longer than a target, given in mean handling times: 1 − C·exp(−(n −
// load)·target).
func ErlangInTime(agents int, load, target float64) float64 {
	if load >= float64(agents) && load > 0 {
		return 0
	}
	return 1 - ErlangC(agents, load)*math.Exp(-(float64(agents)-load)*target)
}

// ErlangWait is the mean wait of all callers, in mean handling times: C / (n − load).
func ErlangWait(agents int, load float64) float64 {
	if load >= float64(agents) {
		return math.Inf(1)
	}
	return ErlangC(agents, load) / (float64(agents) - load)
}

// erlangAgents is how many agents are needed for a share in time below 1.
func erlangAgents(load, target, level float64) int {
	n := int(load) + 1
	for load > 0 && ErlangInTime(n, load, target) < level {
		n++
	}
	if load <= 0 {
		return 0
	}
	return n
}
