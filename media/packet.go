package media

import (
	"time"

	"threering/media/udp"
)

// maxPacket is the size of the largest datagram taken in, in bytes; G.711 in frames of 60 ms needs 492.
const maxPacket = udp.MaxDatagram

// A kind is what a payload type stands for on one port: nothing, keys, or a codec.
type kind uint8

const (
	unknown kind = iota
	event        // telephone-event
	speech       // and the codec's own number
)

func (c Codec) kind() kind  { return speech + kind(c) }
func (k kind) codec() Codec { return Codec(k - speech) }

// A packet is one received RTP packet, understood. The payload is valid only while it is handed on.
type packet struct {
	at        time.Time
	kind      kind
	stream    stream
	marker    bool
	seq       uint64 // the sequence number, extended so that it does not wrap within a stream
	timestamp uint32
	payload   []byte
}

func (p *packet) isAudio() bool { return p.kind >= speech }

// A stream names a run of packets whose sequence numbers and timestamps belong together: of a source, of a mix, or, with
// neither, something the port itself makes up.
type stream struct {
	source *receiver
	mix    *Mix
	number uint32
}
