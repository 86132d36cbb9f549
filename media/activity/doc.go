// Package activity finds out who talks: a [Detector] tells speech from noise in the audio of one side, a [Tally] adds
// up from that of two sides who talked how long, when both were silent and when they talked at once.
// It decodes no packets, has no clock and no lock, and understands no words; whoever taps the audio feeds it.
package activity
