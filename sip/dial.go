package sip

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// Dial is an outgoing call.
type Dial struct {
	From, FromName string            // the number and name shown; an empty number is shown as anonymous
	Media          Media             // its Offer goes with the INVITE
	Notify         func(Event)       // what happens, possibly before Dial has returned; must not block
	Headers        map[string]string // further headers of the INVITE; ErrHeader where one cannot be sent

	// Crossed has a 2xx that crosses our CANCEL told as Answered: the leg is up, and to be hung up on again or talked on.
	// Else such a leg is hung up on and ends as cancelled.
	Crossed bool
}

// Dial calls a device where it is: at its fixed address, or wherever it is registered, all at once; the first phone that
// answers is the leg's, and the others are told that the call was completed elsewhere. Phones whose audio is carried
// otherwise than that of the newest ([Server.Carriage]) are not rung, and of browsers the newest page alone. The error is
// ErrUnreachable where there is none; what happens to a call that was placed comes as events.
func (s *Server) Dial(device string, d Dial) (*Leg, error) {
	routes, err := s.routesTo(device)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", device, err)
	}
	l, err := s.place(device, routes, d)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", device, err)
	}
	return l, nil
}

// DialURI calls a SIP URI as it stands: sip:95588@192.0.2.1:5060;transport=tcp.
func (s *Server) DialURI(uri string, d Dial) (*Leg, error) {
	c, err := fixedContact(uri)
	if err != nil {
		return nil, fmt.Errorf("dial: %w", err)
	}
	l, err := s.place(userOf(c.uri), []route{c}, d)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", uri, err)
	}
	return l, nil
}

// A route is where an INVITE goes.
type route struct {
	uri     sipmsg.Uri
	network string
	hop     string       // host:port where the phone was heard; "": where uri says
	path    []sipmsg.Uri // proxies on the way (RFC 3327)
}

// routesTo finds the ways to a device, the newest first.
func (s *Server) routesTo(name string) ([]route, error) {
	device, known := s.config.Devices.Device(name)
	if !known {
		return nil, ErrUnreachable
	}
	if device.Fixed != "" {
		r, err := fixedContact(device.Fixed)
		return []route{r}, err
	}
	var routes []route
	var instances []string
	for _, c := range s.config.Contacts.valid(device.Name, time.Now()) {
		r, ok := s.routeOf(c)
		switch {
		case !ok || c.instance != "" && slices.Contains(instances, c.instance): // a further flow to the same phone
		case len(routes) == 0, r.network != webSocket && routes[0].network != webSocket:
			routes, instances = append(routes, r), append(instances, c.instance)
		}
	}
	if routes == nil {
		return nil, ErrUnreachable
	}
	return routes, nil
}

// routeOf is the way to a contact; false where there is none.
func (s *Server) routeOf(c contact) (route, bool) {
	r, err := fixedContact(c.uri)
	if err != nil {
		return r, false
	}
	r.network, r.path = c.network, c.path
	switch {
	case c.proxy().IsValid() && !s.connected(c.network, c.source.String()):
		r.hop = c.proxy().String()
	case s.connected(c.network, c.source.String()):
		r.hop = c.source.String()
	case c.network == webSocket: // to nowhere else: its Contact names no host (RFC 7118 5)
		return r, false
	}
	return r, true
}

func fixedContact(text string) (route, error) {
	var uri sipmsg.Uri
	if err := sipmsg.ParseUri(text, &uri); err != nil || uri.Host == "" {
		return route{}, fmt.Errorf("%w: %q is no SIP URI", ErrAddress, text)
	}
	uri.Headers = nil
	return route{uri: uri, network: networkOf(uri)}, nil
}

// place makes the leg and starts it.
func (s *Server) place(to string, routes []route, d Dial) (*Leg, error) {
	for _, r := range routes {
		if !s.speaks(r.network) {
			return nil, fmt.Errorf("send over %s: %w", r.network, ErrAddress)
		}
	}
	l, err := s.outgoing(to, d)
	if err != nil {
		return nil, err
	}
	l.dialog.network = routes[0].network
	for _, r := range routes {
		l.attempts = append(l.attempts, &attempt{route: r, ctx: l.ctx})
	}
	return l, s.set(l)
}

// outgoing makes a leg that calls.
func (s *Server) outgoing(to string, d Dial) (*Leg, error) {
	for name, value := range d.Headers {
		if err := checkHeader(name, value); err != nil {
			return nil, err
		}
	}
	if d.Media == nil || d.Notify == nil {
		return nil, errNoMedia
	}
	callID := rand.Text()
	l := s.newLeg(callID, s.callerTag(callID))
	l.from, l.to = Party{Number: d.From, Name: d.FromName}, to
	l.media, l.notify, l.placed = d.Media, d.Notify, d
	l.dialog = dialog{callID: callID}
	return l, nil
}

// set starts a leg that calls.
func (s *Server) set(l *Leg) error {
	if !s.start(l, l.dial) {
		l.release()
		return ErrClosed
	}
	return nil
}

// buildInvite makes the INVITE of an attempt, to be sent to host:port first.
func (l *Leg) buildInvite(a *attempt, hop string) error {
	s, r, d := l.server, a.route, l.placed
	told := s.told(s.bound(r.network, hop), hop)
	from, to := l.parties(a, told.Addr())
	a.dialog = dialog{
		callID:   l.id,
		local:    address{from.name, from.uri, l.tag},
		remote:   to,
		localSeq: l.dialog.localSeq,
		target:   r.uri,
		routes:   r.path,
		network:  r.network,
		hop:      r.hop,
	}
	req := a.dialog.request(sipmsg.INVITE, l.dialog.localSeq)
	req.SetDestination(hop)
	req.AppendHeader(sipmsg.NewHeader("Allow", allowed))
	req.AppendHeader(sipmsg.NewHeader("Supported", supported))
	identity := sipmsg.FromHeader{DisplayName: a.dialog.local.name, Address: from.uri}
	req.AppendHeader(sipmsg.NewHeader("P-Asserted-Identity", identity.Value()))
	for _, name := range slices.Sorted(maps.Keys(d.Headers)) {
		req.AppendHeader(sipmsg.NewHeader(name, d.Headers[name]))
	}
	l.offerSession(req)
	req.SetBody(l.offer)
	req.AppendHeader(sipmsg.NewHeader("Content-Type", "application/sdp"))
	a.invite = req
	if a.asked != nil {
		if err := sign(req, a.asked, a.stage.User, a.stage.Password); err != nil {
			return err
		}
	}
	return s.address(req)
}

// parties are who calls and who is called, as an attempt says it.
func (l *Leg) parties(a *attempt, own netip.Addr) (from, to address) {
	name, number, host := quoted(l.placed.FromName), userPart(l.placed.From), own.String()
	to.uri = sipmsg.Uri{Scheme: "sip", User: userPart(l.to), Host: a.route.uri.Host}
	if st := a.stage; st != nil { // a carrier gets no name, and knows its own customers by its own
		name, number, host = "", userPart(cmp.Or(st.Caller, st.User)), bracketed(st.Host)
		to.uri = st.uri(userPart(st.Called))
	}
	if number == "" {
		number = anonymous
	}
	from = address{name: name, uri: sipmsg.Uri{Scheme: "sip", User: number, Host: host}}
	return from, to
}
