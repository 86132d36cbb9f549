package sip

import (
	"strings"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// vouchedFor is the device that a request's connection was vouched for; "" where nobody did, as over all but WebSocket.
func (s *Server) vouchedFor(req *sipmsg.Request) string {
	if sipmsg.NetworkToLower(req.Transport()) != webSocket {
		return ""
	}
	if b := s.browsers.find(req.Source()); b != nil {
		return b.device
	}
	return ""
}

// wayTo finds the connection to a device's browser: the one where that very contact registered last (same), else the one
// where the device last did, after that moment. "": there is none.
func (s *Server) wayTo(device string, contact sipmsg.Uri, after time.Time) (hop string, same bool) {
	for _, c := range s.config.Contacts.of(device) {
		source := c.source.String()
		if c.network != webSocket || !s.connected(webSocket, source) {
			continue
		}
		var uri sipmsg.Uri
		if sipmsg.ParseUri(c.uri, &uri) == nil && uri.User == contact.User && strings.EqualFold(uri.Host, contact.Host) {
			return source, true
		}
		if hop == "" && c.registered.After(after) {
			hop = source
		}
	}
	return hop, false
}

// eachLeg has every leg do something.
func (s *Server) eachLeg(do func(*Leg)) {
	for _, l := range s.legs.all() {
		l.box.post(func() { do(l) })
	}
}

// device is the one that the leg's peer is; "" where it is none of ours.
func (l *Leg) device() string {
	if l.tx == nil {
		return l.to
	}
	return l.from.Device
}

// strand takes the news that a browser's connection was closed at that moment.
func (l *Leg) strand(hop string, at time.Time) {
	if l.dialog.network != webSocket || l.dialog.hop != hop || l.state != up && l.state != answering {
		return
	}
	if !l.stranded {
		l.stranded = true
		l.tell(Stranded{})
	}
	l.newcomers = at
	l.homing.set(l.box, l.server.rhythm.homing, func() {
		l.newcomers = time.Time{}
		l.rejoin()
	})
	l.rejoin()
}

// rejoin looks for another connection to a stranded leg's peer. The leg stays stranded where a page is there that does not
// know of it: that may be loaded anew once more, or the former one come back. For a while another page is only taken if it
// has come since: the browser may have other tabs open, while that of the talk has only lost its connection.
func (l *Leg) rejoin() {
	if !l.stranded || l.state != up && l.state != answering {
		return
	}
	hop, same := l.server.wayTo(l.device(), l.dialog.target, l.newcomers)
	if hop == "" || hop == l.dialog.hop && !same {
		return
	}
	l.stranded = !same
	if same {
		l.homing.stop()
	}
	l.dialog.hop = hop
	l.tell(Rejoined{Same: same})
}

// detour finds the way to a peer whose connection is closed: to a browser by the one that it has now, and to others by
// their Contact.
func (l *Leg) detour(req *sipmsg.Request) {
	if l.dialog.network == webSocket {
		hop, same := l.server.wayTo(l.device(), l.dialog.target, time.Time{})
		if hop != "" && (same || !l.server.connected(webSocket, l.dialog.hop)) {
			l.dialog.hop = hop
			req.SetDestination(hop)
		}
		return
	}
	if l.dialog.hop != "" && !l.server.connected(l.dialog.network, l.dialog.hop) {
		req.SetDestination("")
	}
}
