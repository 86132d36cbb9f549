package sip

import (
	"context"
	"fmt"
	"net"
	"net/netip"

	sipmsg "github.com/emiago/sipgo/sip"
)

// address completes a request with where it comes from: Via, Contact, and the socket to send from.
func (s *Server) address(req *sipmsg.Request) error {
	network := sipmsg.NetworkToLower(req.Transport())
	local := s.bound(network, req.Destination())
	if !local.IsValid() {
		return fmt.Errorf("send over %s: no way there", network)
	}
	if network == "udp" {
		req.Laddr = sipmsg.Addr{IP: local.Addr().AsSlice(), Port: int(local.Port())}
	}
	told := s.told(local, req.Destination())
	via := &sipmsg.ViaHeader{
		ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: sipmsg.NetworkToUpper(network),
		Host: told.Addr().String(), Port: int(told.Port()),
		Params: sipmsg.HeaderParams{{K: "rport"}, {K: "branch", V: sipmsg.GenerateBranchN(24)}},
	}
	req.PrependHeader(via)
	if req.Method != sipmsg.BYE && req.Method != sipmsg.CANCEL {
		req.AppendHeader(s.contact(network, told))
	}
	return nil
}

// bound is the address of ours that is used to talk with the peer; not valid: there is none.
func (s *Server) bound(network, peer string) netip.AddrPort {
	switch network {
	case "udp":
		return s.socketTo(peer, s.Addr(network))
	case webSocket:
		if b := s.browsers.find(peer); b != nil {
			return b.local
		}
	case secured:
		if first := s.Addr(network); first.IsValid() {
			return first
		}
		return s.localOf(network, peer)
	}
	return s.Addr(network)
}

// socketTo is the UDP socket on which the peer was last heard, else the first.
func (s *Server) socketTo(peer string, first netip.AddrPort) netip.AddrPort {
	conn, err := s.transport.GetConnection("udp", peer)
	if err != nil {
		return first
	}
	defer conn.TryClose()
	return addrPort(conn.LocalAddr())
}

// speaks says whether there is a way to send over that network at all.
func (s *Server) speaks(network string) bool {
	return network == webSocket || network == secured || s.Addr(network).IsValid()
}

// localOf is our end of an open connection; not valid where there is none.
func (s *Server) localOf(network, peer string) netip.AddrPort {
	conn, err := s.transport.GetConnection(network, peer)
	if err != nil {
		return netip.AddrPort{}
	}
	defer conn.TryClose()
	return addrPort(conn.LocalAddr())
}

// connected says whether something can be sent there as it is: over UDP always, else where a connection is open.
func (s *Server) connected(network, hop string) bool {
	if network == "udp" {
		return true
	}
	conn, err := s.transport.GetConnection(network, hop)
	if err != nil {
		return false
	}
	conn.TryClose()
	return true
}

// told is the address that we give a peer for one that we have bound.
func (s *Server) told(bound netip.AddrPort, peer string) netip.AddrPort {
	if s.config.Public.IsValid() {
		return netip.AddrPortFrom(s.config.Public, bound.Port())
	}
	if !bound.Addr().IsUnspecified() {
		return bound
	}
	// The kernel knows which of our addresses leads there; connecting UDP sends nothing.
	if conn, err := net.Dial("udp", peer); err == nil {
		defer conn.Close()
		return netip.AddrPortFrom(addrPort(conn.LocalAddr()).Addr(), bound.Port())
	}
	return bound
}

func (s *Server) contact(network string, told netip.AddrPort) *sipmsg.ContactHeader {
	uri := sipmsg.Uri{Scheme: "sip", User: s.config.User, Host: told.Addr().String(), Port: int(told.Port())}
	if network != "udp" {
		uri.UriParams = sipmsg.HeaderParams{{K: "transport", V: network}}
	}
	return &sipmsg.ContactHeader{Address: uri}
}

// transact runs a client transaction in a goroutine of its own: got gets each response, failed what ended it without a
// final one. After a 2xx to an INVITE got goes on to get further 2xx (repeated or forked ones) until ctx ends. Both are
// called from goroutines and must not block. The caller is counted in s.work.
func (s *Server) transact(ctx context.Context, req *sipmsg.Request, got func(*sipmsg.Response), failed func(error)) {
	s.work.Go(func() {
		peer := s.locate(ctx, req)
		if peer.IsValid() {
			s.legs.meet(peer)
			defer s.legs.part(peer)
		}
		tx, err := s.transactions.NewClientTransaction(ctx, req)
		if err != nil {
			failed(err)
			return
		}
		tx.OnRetransmission(got)
		if err := tx.Init(); err != nil {
			tx.Terminate()
			failed(err)
			return
		}
		follow(ctx, tx, req.IsInvite(), got, failed)
	})
}

// follow hands on what comes of a transaction.
func follow(ctx context.Context, tx *sipmsg.ClientTx, invite bool, got func(*sipmsg.Response), failed func(error)) {
	for {
		select {
		case res := <-tx.Responses():
			got(res)
			switch {
			case res.IsProvisional():
			case invite && res.IsSuccess():
				select {
				case <-tx.Done():
				case <-ctx.Done():
					tx.Terminate()
				}
				return
			default:
				return // what is repeated, the transaction itself absorbs
			}
		case <-tx.Done():
			failed(tx.Err())
			return
		case <-ctx.Done():
			tx.Terminate()
			failed(ctx.Err())
			return
		}
	}
}

// locate resolves where the request goes, so that the gate lets the replies in.
func (s *Server) locate(ctx context.Context, req *sipmsg.Request) netip.Addr {
	host, port, err := net.SplitHostPort(req.Destination())
	if err != nil {
		return netip.Addr{}
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Unmap()
	}
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil || len(addrs) == 0 {
		return netip.Addr{}
	}
	req.SetDestination(net.JoinHostPort(addrs[0].Unmap().String(), port))
	return addrs[0].Unmap()
}

// refuse ends a dialog that nobody wants: a 2xx of another fork, or one that came after its leg had ended. ACK and BYE
// need nothing but the response.
func (s *Server) refuse(res *sipmsg.Response) {
	d := dialog{
		callID:   res.CallID().Value(),
		local:    address{res.From().DisplayName, res.From().Address, tagOf(res.From().Params)},
		remote:   address{res.To().DisplayName, res.To().Address, ""},
		target:   res.To().Address,
		localSeq: res.CSeq().SeqNo,
		network:  sipmsg.NetworkToLower(res.Transport()),
		hop:      res.Source(),
	}
	d.establish(res)
	s.acknowledge(&d, d.localSeq)
	bye := d.request(sipmsg.BYE, d.next())
	if s.address(bye) != nil || !s.begin() {
		return
	}
	defer s.work.Done()
	s.transact(s.ctx, bye, func(*sipmsg.Response) {}, func(error) {})
}

// acknowledge sends the ACK of a 2xx, which is no part of a transaction (RFC 3261 13.2.2.4).
func (s *Server) acknowledge(d *dialog, seq uint32) {
	ack := d.request(sipmsg.ACK, seq)
	err := s.address(ack)
	if err == nil {
		err = s.transport.WriteMsg(ack)
	}
	if err != nil {
		s.log.Warn("ACK not sent", "call", d.callID, "error", err) // the peer repeats its 2xx
	}
}

// stray gets responses that belong to no transaction. A late 2xx to an INVITE has made a dialog at the peer.
func (s *Server) stray(res *sipmsg.Response) {
	seq := res.CSeq()
	if !res.IsSuccess() || seq == nil || seq.MethodName != sipmsg.INVITE || !complete(res) {
		return
	}
	if l := s.legs.find(res.CallID().Value(), tagOf(res.From().Params)); l != nil {
		l.box.post(func() { l.inviteResponse(res) })
		return
	}
	if s.ours(res) {
		s.refuse(res)
	}
}

// complete says whether a message has the headers that a dialog is made of.
func complete(msg sipmsg.Message) bool {
	return msg.CallID() != nil && msg.From() != nil && msg.To() != nil && msg.CSeq() != nil && msg.Via() != nil
}
