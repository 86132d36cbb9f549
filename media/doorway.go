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
	places map[*Port]*place
}

// A place is how the doorway knows a leg.
type place struct {
	ufrags []string
	way    netip.AddrPort // not valid before checks have found it
}

// openDoorway opens it, where the configuration has one.
func (e *Engine) openDoorway() error {
	if e.config.Browsers == 0 {
		return nil
	}
	d := &doorway{guests: make(map[string]*Port), ways: make(map[netip.AddrPort]*Port), places: make(map[*Port]*place)}
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
	if d.guests[ufrag] == p {
		return
	}
	if d.places[p] == nil {
		d.places[p] = &place{}
	}
	d.guests[ufrag] = p
	d.places[p].ufrags = append(d.places[p].ufrags, ufrag)
}

// enter notes the way that a leg's checks have found, and says whether it is the leg's now: nobody takes another's, whatever
// address they write on their checks.
func (d *doorway) enter(way netip.AddrPort, p *Port) bool {
	d.mu.RLock()
	holder := d.ways[way]
	d.mu.RUnlock()
	if holder != nil {
		return holder == p
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	here := d.places[p]
	if here == nil || d.ways[way] != nil { // it has left, or somebody else was quicker
		return false
	}
	delete(d.ways, here.way)
	d.ways[way], here.way = p, way
	return true
}

// leave forgets a leg.
func (d *doorway) leave(p *Port) {
	d.mu.Lock()
	defer d.mu.Unlock()
	here := d.places[p]
	if here == nil {
		return
	}
	for _, ufrag := range here.ufrags {
		delete(d.guests, ufrag)
	}
	delete(d.ways, here.way)
	delete(d.places, p)
}

// enterDoorway has a leg use the browsers' port, if there is one, in place of its own.
func (p *Port) enterDoorway() {
	d := p.engine.doorway
	if d == nil || p.session.moved {
		return
	}
	p.session.moved = true
	p.out.attach(d.socket)
	p.control.attach(d.socket)
	p.session.local = netip.AddrPortFrom(p.engine.config.Advertise, d.socket.Addr().Port())
	if err := p.engine.sockets.close(p.pair); err != nil {
		p.engine.config.Log.Warn("a browser's leg keeps its own port", "port", p.Addr(), "error", err)
	}
}
