package media

import "time"

// Stats counts a port's RTP so far. In counts are of packets taken for the peer's; octets are of payload.
type Stats struct {
	PacketsIn, OctetsIn   uint64
	PacketsOut, OctetsOut uint64
	Lost                  uint64    // packets that the peer's sequence numbers say were sent and never came
	Ignored               uint64    // datagrams dropped: no RTP, another source, a payload type not negotiated
	Jitter                float64   // interarrival jitter in milliseconds (RFC 3550 section 6.4.1)
	LastPacket            time.Time // when the last packet of the peer came; zero before the first
}
