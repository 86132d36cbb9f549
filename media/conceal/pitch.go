package conceal

import "math"

// pitch finds the lag at which the newest samples are most like those before them, and how alike the two are: 1 for
// a periodic signal, towards 0 for noise. The normalised cross-correlation takes every scale-th sample alone.
func pitch(past []int16, scale int) (lag int, likeness float64) {
	newest := past[len(past)-compared*scale:]
	power := func(samples []int16) (sum int64) {
		for _, s := range samples {
			sum += int64(s) * int64(s)
		}
		return sum
	}
	lag = longest * scale
	first := len(past) - len(newest) - shortest*scale
	earlier := power(past[first : first+len(newest)])
	for l := shortest * scale; l <= longest*scale; l++ {
		at := len(past) - len(newest) - l
		if product := correlate(newest, past[at:at+len(newest)], scale); product > 0 {
			if alike := float64(product) / math.Sqrt(float64(earlier)); alike > likeness {
				lag, likeness = l, alike
			}
		}
		if at > 0 {
			earlier += int64(past[at-1])*int64(past[at-1]) - int64(past[at+len(newest)-1])*int64(past[at+len(newest)-1])
		}
	}
	if likeness > 0 {
		likeness = min(1, likeness*float64(scale)/math.Sqrt(float64(power(newest))))
	}
	return lag, likeness
}

// correlate sums the products of every stride-th sample of two equally long stretches.
func correlate(a, b []int16, stride int) (sum int64) {
	b = b[:len(a)]
	for i := 0; i < len(a); i += stride {
		sum += int64(a[i]) * int64(b[i])
	}
	return sum
}
