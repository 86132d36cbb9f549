package media

import "github.com/pion/rtp"

// A mapping turns the sequence numbers and timestamps of one relayed stream into the sender's own. It stays the same
// for all of the stream, so that a lost packet stays a gap and a late one stays late.
type mapping struct {
	first     uint64 // sequence numbers of the stream before this one came too late
	newest    uint64 // the newest sequence number of the stream
	seq       uint16 // what is added to a sequence number
	timestamp uint32 // what is added to a timestamp
}

// relay sends a received packet on at once.
func (s *sender) relay(pkt *packet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.silent() || s.playback != nil || s.digits.pressing() {
		return
	}
	if pkt.isAudio() && !relayable(pkt.kind.codec(), s.terms.codec) {
		s.transcode(pkt)
		return
	}
	if s.feed != nil {
		if !pkt.isAudio() {
			s.feed.voice.put(pkt) // a key is pressed anew: see Bridge
			return
		}
		s.feed = nil // the codecs have changed to the same
	}
	begins := s.clock.source != pkt.stream
	out, ok := s.render(pkt)
	if !ok {
		s.leaveOut(pkt, begins)
		return
	}
	if begins {
		s.relayed = s.mapTo(pkt)
	}
	m := &s.relayed
	if pkt.seq < m.first {
		return
	}
	m.newest = max(m.newest, pkt.seq)
	h := rtp.Header{
		Marker:         pkt.marker || begins && pkt.isAudio(),
		PayloadType:    out.payloadType,
		SequenceNumber: uint16(pkt.seq) + m.seq,
		Timestamp:      pkt.timestamp + m.timestamp,
	}
	s.send(h, out.payload)
	s.clock.sent(pkt.stream, h.SequenceNumber, h.Timestamp, out.span, pkt.at)
}

// relayable says whether packets of one codec can be sent on as they are, or byte by byte, as the other's.
func relayable(from, to Codec) bool { return from == to || from.is711() && to.is711() }

// A rendering is a received packet's content as the peer of the sender takes it.
type rendering struct {
	payloadType uint8
	span        uint32 // how many samples it lasts
	payload     []byte
}

// render puts a packet's content into the peer's codec and payload type; not ok is one that the peer does not take.
func (s *sender) render(pkt *packet) (out rendering, ok bool) {
	out.payload = s.scratch[:len(pkt.payload)]
	if pkt.isAudio() {
		if pkt.kind.codec() == s.terms.codec {
			copy(out.payload, pkt.payload)
		} else {
			translate711(out.payload, s.terms.codec, pkt.payload)
		}
		out.payloadType, out.span = s.terms.audio, uint32(len(pkt.payload))
		return out, true
	}
	key, isKey := parseKeyEvent(pkt.payload)
	copy(out.payload, pkt.payload)
	out.payloadType, out.span = s.terms.keys, uint32(key.duration)
	return out, pkt.kind == event && isKey && s.terms.takesKeys
}

// mapTo has a stream go on, with this packet, where the sender is now.
func (s *sender) mapTo(pkt *packet) mapping {
	return mapping{
		first: pkt.seq, newest: pkt.seq,
		seq: s.clock.seq - uint16(pkt.seq), timestamp: s.clock.now(pkt.at) - pkt.timestamp,
	}
}

// leaveOut closes the gap in the sequence numbers that a packet not sent on would leave: it is not lost.
func (s *sender) leaveOut(pkt *packet, begins bool) {
	m := &s.relayed
	if begins || pkt.seq <= m.newest {
		return
	}
	m.first, m.newest = pkt.seq+1, pkt.seq
	m.seq--
}
