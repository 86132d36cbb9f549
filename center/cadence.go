package center

import (
	"slices"
	"time"
)

// Cadence names the country whose phones' way of ringing says how long "three
// rings" are.
type Cadence string

// ring is one ring.
type ring struct {
	country Cadence
	sounds  time.Duration // from the begin of the first burst to the end of the last
	period  time.Duration // from one ring to the next
}

// rings is how many a caller should hear at most.
const rings = 3

func knownRings() []ring {
	return []ring{
		{"cn", 1 * time.Second, 5 * time.Second},
		{"us", 2 * time.Second, 6 * time.Second},
		{"uk", 1 * time.Second, 3 * time.Second},
		{"hk", 1 * time.Second, 4 * time.Second},
		{"jp", 1 * time.Second, 3 * time.Second},
	}
}

// cadences is the names that are known.
func cadences() []string {
	var names []string
	for _, r := range knownRings() {
		names = append(names, string(r.country))
	}
	return names
}

func (c Cadence) ring() ring {
	known := knownRings()
	return known[max(0, slices.IndexFunc(known, func(r ring) bool { return r.country == c }))]
}

// Target is three full rings: by then a caller who asked for a person should
// hear one. An unknown cadence counts as "cn".
func (c Cadence) Target() time.Duration { return rings * c.ring().period }

// OfferTimeout is from the first ring on an agent's phone to the end of the
// third one's sound.
func (c Cadence) OfferTimeout() time.Duration {
	r := c.ring()
	return (rings-1)*r.period + r.sounds
}
