//go:build linux

package main

import "time"

const (
	bucket  = 10 * time.Microsecond
	buckets = 20_000 // up to 200 ms; what is above counts as that
)

// A histogram counts durations in buckets of 10 µs. Its zero value is empty.
type histogram struct {
	buckets [buckets]int32
	count   int64
}

func (h *histogram) add(d time.Duration) {
	h.buckets[min(max(d/bucket, 0), buckets-1)]++
	h.count++
}

// merge adds what another has counted.
func (h *histogram) merge(other *histogram) {
	for i, n := range other.buckets {
		h.buckets[i] += n
	}
	h.count += other.count
}

// quantile is the duration that a share of all does not exceed, rounded up to the bucket; 0 where there is none.
func (h *histogram) quantile(share float64) time.Duration {
	if h.count == 0 {
		return 0
	}
	var below int64
	for i, n := range h.buckets {
		if below += int64(n); float64(below) >= share*float64(h.count) {
			return time.Duration(i+1) * bucket
		}
	}
	return buckets * bucket
}
