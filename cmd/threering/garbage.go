package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// The memory in use is little (a few tens of MiB), and each call leaves some tens of KiB behind: with Go's standard, that garbage may be
// as much as what is in use, a tenth of a busy core goes into sweeping. So there may be four times as much, but no more than headroom.
const (
	leastGarbage = 100 // percent of the memory in use
	mostGarbage  = 400
	headroom     = 256 << 20 // bytes
	weighEvery   = time.Second
)

// sweep sets how much garbage may gather, by the memory in use, until ctx ends. Where the environment says it (GOGC), that holds.
func sweep(ctx context.Context) {
	if os.Getenv("GOGC") != "" {
		return
	}
	before := debug.SetGCPercent(mostGarbage)
	defer debug.SetGCPercent(before)
	ticker := time.NewTicker(weighEvery)
	defer ticker.Stop()
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	for set := mostGarbage; ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		metrics.Read(sample)
		if percent := garbageFor(sample[0].Value.Uint64()); percent < set*9/10 || percent > set*11/10 {
			set = percent
			debug.SetGCPercent(set)
		}
	}
}

// garbageFor is how much garbage may gather beside so many bytes in use, in percent of them.
func garbageFor(live uint64) int {
	return int(min(max(headroom*100/max(live, 1), leastGarbage), mostGarbage))
}
