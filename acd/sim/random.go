package sim

import (
	"math/rand/v2"
)

// purpose tells random streams apart, so that one more number drawn for one thing moves nothing else.
type purpose uint64

const (
	arrivals purpose = iota + 1
	patience
	talks
	wrapUps
	pickUps
	spells
	notices
)

// stream is the random numbers of one purpose and of up to three things they are for, such as a call, an agent and the
// how-manieth offer. Whatever else is drawn, or decided, they are the same.
func stream(seed uint64, p purpose, of ...uint64) rand.PCG {
	hi, lo := mix(seed), mix(seed^mix(uint64(p)))
	for _, x := range of {
		hi, lo = mix(hi^x), mix(lo+x)
	}
	var pcg rand.PCG
	pcg.Seed(hi, lo)
	return pcg
}

// mix spreads a number over all 64 bits: the finalizer of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom
// number generators", 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
