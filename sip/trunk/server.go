package trunk

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// A server is one of a trunk's servers as the document names it.
type server struct {
	host    string // name or address
	port    int    // 0: none is said
	network string // "udp", "tcp" or "tls"
}

var errServer = errors.New("no SIP server")

// parseServer reads sip:sbc.example.net, sip:192.0.2.1:5070;transport=tcp, sips:sbc.example.net.
func parseServer(text string) (server, error) {
	var uri sipmsg.Uri
	if err := sipmsg.ParseUri(text, &uri); err != nil || uri.Host == "" || uri.User != "" || strings.ContainsAny(text, " \t\r\n?@") {
		return server{}, fmt.Errorf("%w: %q", errServer, text)
	}
	s := server{host: strings.Trim(uri.Host, "[]"), port: uri.Port, network: "udp"}
	if transport, ok := uri.UriParams.Get("transport"); ok {
		s.network = strings.ToLower(transport)
	}
	if uri.Scheme == "sips" {
		s.network = "tls"
	}
	if s.network != "udp" && s.network != "tcp" && s.network != "tls" {
		return server{}, fmt.Errorf("%w: transport %q", errServer, s.network)
	}
	return s, nil
}

// addr is the server's address where it needs no looking up.
func (s server) addr() (netip.Addr, bool) {
	addr, err := netip.ParseAddr(s.host)
	return addr.Unmap(), err == nil
}

// standardPort is the port of a server that names none (RFC 3261 19.1.2).
func (s server) standardPort() int {
	switch {
	case s.port > 0:
		return s.port
	case s.network == "tls":
		return 5061
	}
	return 5060
}

// domain is the server as the host of a URI; with its port, where it has one of its own.
func (s server) String() string {
	host := s.host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if s.port > 0 {
		host += ":" + strconv.Itoa(s.port)
	}
	return host + "/" + s.network
}
