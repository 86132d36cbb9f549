package sip

import (
	"context"
	"crypto/tls"
	"errors"
	"net/netip"

	"github.com/icholy/digest"

	sipmsg "github.com/emiago/sipgo/sip"
)

// ErrNotAllowed says that a call may not go out.
var ErrNotAllowed = errors.New("the call may not go out")

// A Hop is a server of somebody else's, such as a carrier's, that requests go to.
type Hop struct {
	Network string         // "udp", "tcp" or "tls"
	Addr    netip.AddrPort // where it is
	Host    string         // what it calls itself in URIs
	Port    int            // in URIs; 0: none
	TLS     *tls.Config    // of a connection by TLS; nil: verified by the address and the machine's authorities

	User, Password string // answer its challenges; empty: they cannot be
}

// uri is a URI at the hop.
func (h Hop) uri(user string) sipmsg.Uri {
	return sipmsg.Uri{Scheme: "sip", User: user, Host: bracketed(h.Host), Port: h.Port}
}

// bracketed is a host as it stands in a URI: an IPv6 address in brackets.
func bracketed(host string) string {
	if addr, err := netip.ParseAddr(host); err == nil && addr.Is6() {
		return "[" + host + "]"
	}
	return host
}

// reach makes the way to a hop, where it needs to be made.
func (s *Server) reach(ctx context.Context, h Hop) error {
	if h.Network != secured {
		return nil
	}
	return s.secure(ctx, h.Addr, h.TLS)
}

// Ping asks a hop whether it is there (OPTIONS), and gives the status of its answer: any but 503 says that it is.
func (s *Server) Ping(ctx context.Context, h Hop) (int, error) {
	if err := s.reach(ctx, h); err != nil {
		return 0, err
	}
	callID := sipmsg.GenerateTagN(20)
	d := dialog{
		callID: callID, network: h.Network, target: h.uri(""), hop: h.Addr.String(),
		local: address{"", h.uri(s.config.User), s.callerTag(callID)}, remote: address{"", h.uri(""), ""},
	}
	req := d.request(sipmsg.OPTIONS, d.next())
	req.AppendHeader(sipmsg.NewHeader("Accept", "application/sdp"))
	if err := s.address(req); err != nil {
		return 0, err
	}
	res, err := s.ask(ctx, req)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, nil
}

var errChallenge = errors.New("no challenge that we can answer")

// sign answers the first challenge of a response whose algorithm we know (RFC 8760 2.4), a proxy's too.
func sign(req *sipmsg.Request, res *sipmsg.Response, user, password string) error {
	for _, kind := range []struct{ ask, answer string }{{"WWW-Authenticate", "Authorization"}, {"Proxy-Authenticate", "Proxy-Authorization"}} {
		for _, h := range res.GetHeaders(kind.ask) {
			challenge, err := digest.ParseChallenge(h.Value())
			if err != nil || !digest.CanDigest(challenge) {
				continue
			}
			credentials, err := digest.Digest(challenge, digest.Options{
				Method: string(req.Method), URI: req.Recipient.String(), Username: user, Password: password,
			})
			if err != nil {
				return err
			}
			req.RemoveHeader(kind.answer)
			req.AppendHeader(sipmsg.NewHeader(kind.answer, credentials.String()))
			return nil
		}
	}
	return errChallenge
}
