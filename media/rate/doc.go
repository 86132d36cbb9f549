// Package rate changes the sampling rate of 16-bit audio: [Up] and [Down] between 8 and 16 kHz for a running stream,
// a frame at a time, and [Convert] between any two rates for a whole sound.
// All are linear-phase filters with a Kaiser window, so nothing but a delay is done to what both rates can carry.
// The package knows no codecs and no clocks: who sends a stream says when.
package rate

// block is how many samples at 8 kHz are filtered at a go: 20 ms.
const block = 160
