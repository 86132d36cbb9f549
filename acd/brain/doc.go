// Package brain decides who is rung for whom: a deterministic state machine from what happened (Event) to what is to be
// done (Order). It reads no clock, starts no goroutine, does no I/O and ranges over no map, so the same events give the
// same orders, always. It knows neither SIP nor audio; the floor carries its orders out and reports what came of them.
package brain
