// Package sip owns signalling: the listening sockets, the gate that keeps strangers out, the registrar and the legs, each
// a SIP dialog (RFC 3261) run by an actor of its own. It says what happened to a leg and does what it is told; which leg
// rings, is answered or joined with which other is decided elsewhere. It carries SDP as bytes between the peer and a
// [Media] and knows of audio only how it is to be carried.
package sip

import (
	"log/slog"

	sipmsg "github.com/emiago/sipgo/sip"
)

// The library has settings of its own for the whole process.
func init() {
	// It would rather fail than send a datagram that IP may have to split; offers with a few codecs and long Record-Routes
	// are larger than that, and every peer takes them.
	sipmsg.UDPMTUSize = maxMessage
	// It would cut off what is longer than its buffers.
	sipmsg.TransportBufferReadSize = maxMessage
	// Its layers are given the server's logger; what goes to this one is its bookkeeping of connections.
	sipmsg.SetDefaultLogger(slog.New(slog.DiscardHandler))
}

// maxMessage is the largest message sent, in bytes. The parser takes none that is larger either.
const maxMessage = 65535
