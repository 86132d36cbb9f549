package rate

import "math"

// A Kaiser window with this β keeps the stop band 60 dB down; the transition is then as wide as passage/n of the
// sampling rate, n being the window's length in samples (Kaiser, "Nonrecursive digital filter design using the
// I0-sinh window function", 1974).
const (
	beta    = 5.653
	passage = 3.625
)

// kaiser is the window at x, which goes from -1 to 1.
func kaiser(x float64) float64 {
	return bessel(beta*math.Sqrt(max(0, 1-x*x))) / highest
}

var highest = bessel(beta)

// bessel is the modified Bessel function of the first kind and order 0, by its power series.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > sum*1e-12; k++ {
		term *= x / 2 / k * x / 2 / k
		sum += term
	}
	return sum
}

// sinc is sin(πx)/πx.
func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}
