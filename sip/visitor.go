package sip

import (
	"net/netip"

	sipmsg "github.com/emiago/sipgo/sip"
)

// access is what a request's source may do.
type access int

const (
	stranger access = iota // gets no answer, unless it registers
	foreign                // is the browser of one device and calls as another
	doubtful               // says that it is a device known at this host, or calls from an unknown browser: must prove it
	welcome
)

// visitor says who sent a request that belongs to no leg.
func (s *Server) visitor(req *sipmsg.Request) (Party, access) {
	source, err := netip.ParseAddrPort(req.Source())
	if err != nil || req.From() == nil {
		return Party{}, stranger
	}
	source = netip.AddrPortFrom(source.Addr().Unmap(), source.Port())
	party := Party{
		Number: userOf(req.From().Address),
		Name:   unquoted(req.From().DisplayName),
		Source: source,
	}
	device, known := s.config.Devices.Device(party.Number)
	trunk, byTrunk := s.config.Trunks.Trunk(source.Addr())
	contacts, network := s.config.Contacts, sipmsg.NetworkToLower(req.Transport())
	if network == webSocket {
		return s.browserVisitor(req, party, device.Name)
	}
	switch {
	case known && (contacts.isAt(device.Name, network, source) || fixedAt(device, source)):
		party.Device = device.Name
		return party, welcome
	case byTrunk:
		return s.trunkParty(req, party, trunk), welcome
	case s.config.Devices.Trusted(source.Addr()):
		return party, welcome
	case known && contacts.isAtHost(device.Name, source.Addr()):
		party.Device = device.Name
		return party, doubtful
	case !req.IsInvite() && contacts.anyAt(network, source):
		return party, welcome
	}
	return party, stranger
}

// browserVisitor judges what came by a browser's connection. Its address says nothing: that may be a proxy's, or this very
// host's. device is the one that the request claims to be, "" where there is none of that name.
func (s *Server) browserVisitor(req *sipmsg.Request, party Party, device string) (Party, access) {
	vouched := s.vouchedFor(req)
	registered := vouched == "" && device != "" && s.config.Contacts.isAt(device, webSocket, party.Source)
	switch {
	case device != "" && device == vouched, registered:
		party.Device = device
		return party, welcome
	case req.IsInvite() && vouched != "":
		return party, foreign
	case req.IsInvite():
		party.Device = party.Number
		return party, doubtful
	case vouched != "" || s.config.Contacts.anyAt(webSocket, party.Source):
		return party, welcome
	}
	return party, stranger
}

// fixedAt says whether that is the address of a device that never registers. Over TCP its port is any.
func fixedAt(device Device, source netip.AddrPort) bool {
	var uri sipmsg.Uri
	if device.Fixed == "" || sipmsg.ParseUri(device.Fixed, &uri) != nil {
		return false
	}
	host, err := netip.ParseAddr(uri.Host)
	if err != nil || host.Unmap() != source.Addr() {
		return false
	}
	return sipmsg.IsReliable(networkOf(uri)) || portOf(uri) == int(source.Port())
}

// networkOf is the transport that a URI asks for.
func networkOf(uri sipmsg.Uri) string {
	if transport, ok := uri.UriParams.Get("transport"); ok {
		return sipmsg.NetworkToLower(transport)
	}
	if uri.Scheme == "sips" {
		return secured
	}
	return "udp"
}

func portOf(uri sipmsg.Uri) int {
	if uri.Port > 0 {
		return uri.Port
	}
	if networkOf(uri) == secured {
		return 5061
	}
	return 5060
}
