package sip

import (
	"net/netip"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// sharedOrigin is who answers for a message from a host: the host, or at one that others of ours share, the name alone. So no
// fault at an address shuts out those who have their right to it: an office of many telephones, a trunk.
func (s *Server) sharedOrigin(host netip.Addr, name string) origin {
	who := origin{network: networkOfHost(host)}
	if s.sharesHost(host) {
		who.name = name
	}
	return who
}

// blame notes a fault, and bans who has made too many. Nobody is banned at a host that others share without a name, and
// nobody again while the ban holds, unless it becomes sure only now.
func (s *Server) blame(who origin, why Fault, proven bool, now time.Time) {
	if ban, banned := s.bans.holds(who, now); banned && (ban.Proven || !proven) {
		return
	}
	if !who.network.IsValid() || s.crowd.blames(who, why.weight(), now) < banAt {
		return
	}
	s.crowd.clears(who, now)
	if who.name == "" && s.sharesHost(who.network) {
		return
	}
	ban := s.bans.impose(who, why, proven, now)
	s.counters.bans.Add(1)
	if s.noise.take(now) {
		s.log.Warn("banned", "network", ban.Network, "device", ban.Device, "why", why, "times", ban.Times, "until", ban.Until)
	}
}

// sharesHost says whether anybody of ours is at that host.
func (s *Server) sharesHost(host netip.Addr) bool {
	return s.trusts(host) || s.config.Contacts.anyAtHost(host) || s.legs.talksWith(host)
}

// isOwn says whether a request comes from where that very device has registered. No guesser next to it shuts it out.
func (s *Server) isOwn(req *sipmsg.Request, device string) bool {
	source, err := netip.ParseAddrPort(req.Source())
	return err == nil && s.config.Contacts.isAt(device, sipmsg.NetworkToLower(req.Transport()), netip.AddrPortFrom(source.Addr().Unmap(), source.Port()))
}

// shutOut says whether all that comes from a stranger's host is kept out, REGISTER too.
func (s *Server) shutOut(host netip.Addr) bool {
	ban, banned := s.bans.holds(origin{network: networkOfHost(host)}, time.Now())
	return banned && ban.Proven && !s.sharesHost(host)
}

// bars says whether a stranger's host is shut out, and counts what that keeps out.
func (s *Server) bars(host netip.Addr) bool {
	out := s.shutOut(host)
	if out {
		s.counters.banned.Add(1)
	}
	return out
}

// Bans are those that are kept out now.
func (s *Server) Bans() []Ban { return s.bans.List(time.Now()) }

// LiftBan lets the network that an address is in back in; false where it was not banned.
func (s *Server) LiftBan(host netip.Addr) bool { return s.bans.Lift(host) }
