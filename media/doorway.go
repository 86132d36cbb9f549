package media

import (
	"fmt"
	"net/netip"
	"sync"
	"time"

	"threering/media/ice"
	"threering/media/mux"
	"threering/media/udp"
)

// A doorway is the one UDP port by which all browsers come and go, so that a firewall has but one to open. A browser's first
// datagrams are checks, which name the leg that they are for; from then on its address tells.
type doorway struct {
	socket *udp.Socket

	mu     sync.RWMutex // guards the fields below
	guests map[string]*Port
	ways   map[netip.AddrPort]*Port
}

// openDoorway opens it, where the configuration has one.
func (e *Engine) openDoorway() error {
	if e.config.Browsers == 0 {
		return nil
	}
	d := &doorway{guests: make(map[string]*Port), ways: make(map[netip.AddrPort]*Port)}
	var err error
	at := netip.AddrPortFrom(e.config.Bind, uint16(e.config.Browsers))
	if d.socket, err = e.loops.Listen(at, 16*receiveBuffer, d.take); err != nil {
		return fmt.Errorf("the browsers' port: %w", err)
	}
	e.doorway = d
	return nil
}

// take hands a datagram to the leg that it is for. Nobody answers one for none.
func (d *doorway) take(datagram []byte, from netip.AddrPort, at time.Time) {
	if p := d.find(datagram, from); p != nil {
		p.take(datagram, from, at)
	}
}

func (d *doorway) find(datagram []byte, from netip.AddrPort) *Port {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if mux.KindOf(datagram) != mux.STUN {
		return d.ways[from]
	}
	ufrag, _ := ice.Username(datagram)
	return d.guests[ufrag]
}

// expect lets in checks for a leg by the user name that its SDP tells.
func (d *doorway) expect(ufrag string, p *Port) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.guests[ufrag] = p
}

// enter notes the way that a leg's checks have found.
func (d *doorway) enter(way netip.AddrPort, p *Port) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ways[way] = p
}

// leave forgets a leg.
func (d *doorway) leave(p *Port) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for ufrag, guest := range d.guests {
		if guest == p {
			delete(d.guests, ufrag)
		}
	}
	for way, guest := range d.ways {
		if guest == p {
			delete(d.ways, way)
		}
	}
}

// enterDoorway has a leg use the browsers' port, if there is one, in place of its own.
func (p *Port) enterDoorway() {
	d := p.engine.doorway
	if d == nil || p.moved {
		return
	}
	p.moved = true
	p.out.attach(d.socket)
	p.session.local = netip.AddrPortFrom(p.engine.config.Advertise, d.socket.Addr().Port())
	if err := p.engine.sockets.close(p.pair); err != nil {
		p.engine.config.Log.Warn("a browser's leg keeps its own port", "port", p.Addr(), "error", err)
	}
}
