package ice

import (
	"fmt"
	"net/netip"
)

// SessionAttributes are our a= lines for the whole of a description (RFC 8839 sections 5.3 and 5.6), without "a=".
func SessionAttributes() []string { return []string{"ice-lite", "ice-options:ice2"} }

// Attributes are our a= lines for the m-line (RFC 8839), without "a=": credentials, a host candidate for each address,
// the best first, and that there will be no more of them. RTCP shares the port (a=rtcp-mux).
func (a *Agent) Attributes(addresses ...netip.AddrPort) []string {
	lines := []string{"ice-ufrag:" + a.current.local.Ufrag, "ice-pwd:" + a.current.local.Password}
	for i, address := range addresses {
		lines = append(lines, fmt.Sprintf("candidate:%d 1 udp %d %s %d typ host",
			i+1, priority(i), address.Addr().Unmap(), address.Port()))
	}
	return append(lines, "end-of-candidates")
}

// priority is that of the nth host candidate (RFC 8445 section 5.1.2.1), component 1.
func priority(n int) uint32 {
	const host, component = 126, 1
	return host<<24 | uint32(65535-n)<<8 | (256 - component)
}
