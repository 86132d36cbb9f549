package main

import (
	"os"
	"runtime"
)

// leastProcessors are those of Go's scheduler, on a machine with one core too. Whoever waits for the disk (the journal, a
// recording) holds one until the runtime notices, which takes it up to 10 ms. On the only one, all that is ready stands still
// meanwhile: the INVITE to an agent, the audio. With more than two on one core, the collector of garbage takes more of it.
const leastProcessors = 2

// widen sees to enough of them. Where the environment says how many (GOMAXPROCS), that holds.
func widen() {
	if os.Getenv("GOMAXPROCS") == "" && runtime.GOMAXPROCS(0) < leastProcessors {
		runtime.GOMAXPROCS(leastProcessors)
	}
}
