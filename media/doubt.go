package media

import (
	"net/netip"
	"time"
)

// probe is how many packets are left out for one that still goes to a host which has given no sign of life for too long:
// one a second, should there be somebody after all.
const probe = 50

// A doubt counts what is sent to hosts from which nothing has come yet. An SDP can name anybody's address: who never said
// that it wants packets gets few, however often it is named anew.
type doubt struct {
	most int        // packets in all; 0: no limit
	sent int        // to hosts in doubt
	sure netip.Addr // the host that has given a sign of life last
}

// newDoubt allows half of the silence after which a call is given up, in packets.
func newDoubt(silence time.Duration) doubt {
	return doubt{most: int(silence / (2 * tick))}
}

// allows counts a packet and says whether it may be sent there.
func (d *doubt) allows(to netip.Addr) bool {
	if to == d.sure || d.most == 0 {
		return true
	}
	d.sent++
	return d.sent <= d.most || d.sent%probe == 0
}

// believe notes a sign of life from a host.
func (s *sender) believe(host netip.Addr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.doubt.sure = host
}

// believe notes a sign of life of the peer's; the receiver's lock is held.
func (r *receiver) believe(host netip.Addr) {
	if r.believed != host { // else the sender knows, and its lock is none to take for each packet
		r.believed = host
		r.out.believe(host)
	}
}
