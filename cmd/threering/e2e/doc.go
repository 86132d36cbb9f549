// Package e2e has no code of its own: its tests run the built binary, with the race detector, against SIPp and baresip over
// real sockets, the way callers and agents reach it.
package e2e
