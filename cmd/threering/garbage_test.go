package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHowMuchGarbageMayGather(t *testing.T) {
	const mib = 1 << 20
	for live, percent := range map[uint64]int{0: 400, 20 * mib: 400, 64 * mib: 400, 128 * mib: 200, 256 * mib: 100, 4096 * mib: 100} {
		require.Equal(t, percent, garbageFor(live), "%d MiB", live/mib)
	}
}
