package sip

import (
	"crypto/rand"
	"fmt"
	"maps"
	"net"
	"slices"
	"strconv"

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

// Dial calls a device where it is: at its newest contact, or at its fixed address. The error is ErrUnreachable where there
// is none; what happens to a call that was placed comes as events.
func (s *Server) Dial(device string, d Dial) (*Leg, error) {
	c, err := s.contactOf(device)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", device, err)
	}
	l, err := s.place(device, c, d)
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
	l, err := s.place(userOf(c.uri), c, d)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", uri, err)
	}
	return l, nil
}

// A route is where an INVITE goes.
type route struct {
	uri     sipmsg.Uri
	network string
	hop     string // host:port where the phone was heard; "": where uri says
}

// contactOf finds the way to a device.
func (s *Server) contactOf(name string) (route, error) {
	device, known := s.config.Devices.Device(name)
	if !known {
		return route{}, ErrUnreachable
	}
	if device.Fixed != "" {
		return fixedContact(device.Fixed)
	}
	c, ok := s.config.Contacts.newest(device.Name)
	if !ok {
		return route{}, ErrUnreachable
	}
	r, err := fixedContact(c.uri)
	r.network = c.network
	switch {
	case s.connected(c.network, c.source.String()):
		r.hop = c.source.String()
	case c.network == webSocket: // to nowhere else: its Contact names no host (RFC 7118 5)
		return route{}, ErrUnreachable
	}
	return r, err
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
func (s *Server) place(to string, r route, d Dial) (*Leg, error) {
	for name, value := range d.Headers {
		if err := checkHeader(name, value); err != nil {
			return nil, err
		}
	}
	callID := rand.Text()
	l := s.newLeg(callID, s.callerTag(callID))
	l.from, l.to = Party{Number: d.From, Name: d.FromName}, to
	l.media, l.notify, l.crossed = d.Media, d.Notify, d.Crossed
	if l.media == nil || l.notify == nil {
		return nil, errNoMedia
	}
	if err := l.buildInvite(r, d); err != nil {
		return nil, err
	}
	if !s.start(l, l.dial) {
		l.release()
		return nil, ErrClosed
	}
	return l, nil
}

func (l *Leg) buildInvite(r route, d Dial) error {
	s := l.server
	dest := r.hop
	if dest == "" {
		dest = net.JoinHostPort(r.uri.Host, strconv.Itoa(portOf(r.uri)))
	}
	number := userPart(d.From)
	if number == "" {
		number = "anonymous"
	}
	told := s.told(s.bound(r.network, dest), dest)
	from := sipmsg.Uri{Scheme: "sip", User: number, Host: told.Addr().String()}
	l.dialog = dialog{
		callID:  l.id,
		local:   address{quoted(d.FromName), from, l.tag},
		remote:  address{"", sipmsg.Uri{Scheme: "sip", User: userPart(l.to), Host: r.uri.Host}, ""},
		target:  r.uri,
		network: r.network,
		hop:     r.hop,
	}
	req := l.dialog.request(sipmsg.INVITE, l.dialog.next())
	req.AppendHeader(sipmsg.NewHeader("Allow", allowed))
	req.AppendHeader(sipmsg.NewHeader("Supported", supported))
	identity := sipmsg.FromHeader{DisplayName: l.dialog.local.name, Address: from}
	req.AppendHeader(sipmsg.NewHeader("P-Asserted-Identity", identity.Value()))
	for _, name := range slices.Sorted(maps.Keys(d.Headers)) {
		req.AppendHeader(sipmsg.NewHeader(name, d.Headers[name]))
	}
	l.invite = req
	return s.address(req)
}
