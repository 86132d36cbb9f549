package media

import (
	"net/netip"
	"sync"
	"time"

	"github.com/pion/rtp"

	"threering/media/ice"
	"threering/media/mux"
	"threering/media/quality"
	"threering/media/rtcp"
	"threering/media/srtp"
)

// A receiver decides what of the arriving datagrams is the peer's, and keeps count of it.
type receiver struct {
	out  *sender                   // is told where the peer is
	ours func(netip.AddrPort) bool // says whether an address is that of a port of ours

	mu       sync.Mutex // guards the fields below; taken before the sender's
	kinds    [128]kind  // what each payload type stands for
	source   source
	vigil    vigil
	arrivals arrivals
	jitter   quality.Series // in ms, at each round
	keys     keys
	inband   *inband // reads keys from the audio of a peer that sends none otherwise; else nil
	ignored  uint64
	believed netip.Addr // the host that has given a sign of life
	taps     []*tapping
	closed   bool
	parsed   rtp.Packet // the last datagram, here so that parsing allocates nothing
	agent    *ice.Agent // answers checks; nil without ICE
	sealed   bool       // only what is encrypted is taken
	cipher   *srtp.Session
}

// agree takes over what signalling has agreed upon; keys is whether they come by telephone-event.
func (r *receiver) agree(kinds [128]kind, remote netip.AddrPort, keys bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if keys {
		r.inband = nil
	} else if r.inband == nil {
		r.inband = new(inband)
	}
	r.kinds = kinds
	if r.source.expect(remote) {
		r.out.follow(remote)
	}
}

// expect takes up what our offer lets the peer send, even before its answer comes.
func (r *receiver) expect(kinds [128]kind) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kinds = kinds
}

func (r *receiver) stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.arrivals.stats()
	s.Ignored = r.ignored
	return s
}

// isPeer says whether an address is one the peer is known by, and an SSRC that of its stream, if it sends one.
func (r *receiver) isPeer(a netip.Addr, ssrc uint32) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.source.isPeer(a) && (r.arrivals.number == 0 || ssrc == 0 || ssrc == r.arrivals.ssrc)
}

// ignore counts a datagram that was dropped.
func (r *receiver) ignore() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ignored++
}

// alive notes a sign of life that is no packet of audio.
func (r *receiver) alive(from netip.Addr, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.believe(from)
	r.vigil.alive(at)
}

// sum is what a report tells the peer.
func (r *receiver) sum() rtcp.Received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.arrivals.sum()
}

// A verdict is what became of a datagram.
type verdict struct {
	taken bool // it is the peer's
	key   rune // the key press it reports, or 0
}

// take parses a datagram into pkt, counts it and gives it to the taps.
func (r *receiver) take(pkt *packet, datagram []byte, from netip.AddrPort, at time.Time) verdict {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.admit(pkt, datagram, from, at) {
		r.ignored++
		return verdict{}
	}
	v := verdict{taken: true}
	h := &r.parsed.Header
	switch pkt.kind {
	case unknown:
		r.ignored++
	case event:
		v.key = r.keys.press(h.SSRC, h.Timestamp, pkt.payload)
	default:
		for _, t := range r.taps {
			t.Packet(at, pkt.kind.codec(), h.SequenceNumber, h.Timestamp, pkt.payload)
		}
		if r.inband != nil {
			v.key = r.inband.take(pkt.kind.codec(), pkt.payload)
		}
	}
	return v
}

// admit says whether a datagram is a packet of the peer's, and if so writes it to pkt. One of an unknown kind is the
// peer's if it has its place in the present stream: comfort noise, say, but not RTCP.
func (r *receiver) admit(pkt *packet, datagram []byte, from netip.AddrPort, at time.Time) bool {
	if len(datagram) > maxPacket {
		return false
	}
	datagram, ok := r.open(datagram)
	if !ok || r.parsed.Unmarshal(datagram) != nil || r.parsed.Version != 2 {
		return false
	}
	h := &r.parsed.Header
	kind := r.kinds[h.PayloadType]
	mine, moved := r.source.admit(from, h.SSRC, kind != unknown && !r.strays(from), at)
	if !mine {
		return false
	}
	if moved {
		r.out.follow(from)
	}
	r.believe(from.Addr())
	if len(r.parsed.Payload) == 0 {
		kind = unknown
	}
	*pkt = packet{
		at: at, kind: kind, stream: stream{source: r}, marker: h.Marker,
		seq: uint64(h.SequenceNumber), timestamp: h.Timestamp, payload: r.parsed.Payload,
	}
	if kind == unknown && !r.arrivals.continues(pkt, h.SSRC) {
		return false
	}
	r.arrivals.count(pkt, h.SSRC)
	r.vigil.alive(at)
	return true
}

// strays says whether a datagram comes from another leg of ours, of which the peer's description does not speak: that leg's
// peer has named this port for its own, and would else be heard in a call that is none of its business. Where a call comes back
// to this engine both legs name each other.
func (r *receiver) strays(from netip.AddrPort) bool {
	declared := r.source.declared
	if from == r.source.locked || from == declared || !r.ours(from) {
		return false
	}
	return from.Port() != declared.Port() || !r.ours(declared)
}

// take handles one datagram.
func (p *Port) take(datagram []byte, from netip.AddrPort, at time.Time) {
	switch mux.KindOf(datagram) {
	case mux.RTCP:
		p.takeControl(datagram, from, at)
	case mux.STUN:
		p.check(datagram, from, at)
	case mux.DTLS:
		p.shake(datagram, from)
	default:
		p.takeAudio(datagram, from, at)
	}
}

// takeAudio handles what may be RTP.
func (p *Port) takeAudio(datagram []byte, from netip.AddrPort, at time.Time) {
	pkt := p.engine.packets.Get().(*packet)
	defer p.engine.packets.Put(pkt)
	v := p.in.take(pkt, datagram, from, at)
	if !v.taken {
		return
	}
	h := p.joined.Load()
	if h != nil {
		h.relay(p, pkt)
	}
	if v.key == 0 {
		return
	}
	if h != nil && pkt.kind == event {
		h.key(p, v.key)
	}
	p.listener.Digit(p, v.key)
}
