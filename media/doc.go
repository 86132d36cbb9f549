// Package media owns the audio of call legs: their RTP, plain or encrypted, and RTCP, the SDP that describes them, playing of
// sounds, bridges of two legs and mixes of more, keys pressed on a telephone, and taps for whoever records.
// A [Port] is one leg: it makes and reads SDP as bytes, so that signalling need not understand it.
// The package knows no SIP, no calls and no files; it decides nothing about who hears whom.
package media
