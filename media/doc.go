// Package media owns the audio of call legs: UDP ports and their RTP, the SDP that describes them, playing of
// sounds, relaying between two legs, keys pressed on a telephone (RFC 4733) and a tap for whoever records.
// A [Port] is one leg: it makes and reads SDP as bytes, so that signalling need not understand it.
// The package knows no SIP, no calls and no files; it decides nothing about who hears whom.
package media
