package sip

import (
	"slices"

	sipmsg "github.com/emiago/sipgo/sip"
)

// A dialog is what RFC 3261 section 12 keeps of one: plain values, all that is needed to send a request in it.
type dialog struct {
	callID string
	local  address // our side, with our tag
	remote address // the peer, with its tag

	localSeq  uint32
	remoteSeq uint32 // 0: the peer has sent no request yet

	target  sipmsg.Uri   // the peer's Contact
	routes  []sipmsg.Uri // route set, in the order of sending
	network string       // "udp", "tcp" or "ws"
	hop     string       // host:port to send to whatever target says (behind NAT, or an open connection); "": as RFC 3261 says
}

// An address is the value of a From or To header.
type address struct {
	name string // as it stands between the quotes
	uri  sipmsg.Uri
	tag  string
}

// answeredDialog is the callee's dialog, of an INVITE that bears our To tag.
func answeredDialog(req *sipmsg.Request, hop string) dialog {
	return dialog{
		callID:    req.CallID().Value(),
		local:     address{req.To().DisplayName, req.To().Address, tagOf(req.To().Params)},
		remote:    address{req.From().DisplayName, req.From().Address, tagOf(req.From().Params)},
		remoteSeq: req.CSeq().SeqNo,
		target:    targetOf(req, req.From().Address),
		routes:    recordRoute(req),
		network:   sipmsg.NetworkToLower(req.Transport()),
		hop:       hop,
	}
}

// establish completes the caller's dialog with a 2xx.
func (d *dialog) establish(res *sipmsg.Response) {
	d.remote.tag = tagOf(res.To().Params)
	d.target = targetOf(res, d.target)
	d.routes = recordRoute(res)
	slices.Reverse(d.routes)
}

// request is a new request in the dialog, without Via and Contact. An ACK has the number of its INVITE.
func (d *dialog) request(method sipmsg.RequestMethod, seq uint32) *sipmsg.Request {
	req := sipmsg.NewRequest(method, d.target)
	for _, route := range d.routes {
		req.AppendHeader(&sipmsg.RouteHeader{Address: route})
	}
	req.AppendHeader(&sipmsg.FromHeader{DisplayName: d.local.name, Address: d.local.uri, Params: tagged(d.local.tag)})
	req.AppendHeader(&sipmsg.ToHeader{DisplayName: d.remote.name, Address: d.remote.uri, Params: tagged(d.remote.tag)})
	callID := sipmsg.CallIDHeader(d.callID)
	req.AppendHeader(&callID)
	req.AppendHeader(&sipmsg.CSeqHeader{SeqNo: seq, MethodName: method})
	hops := sipmsg.MaxForwardsHeader(70)
	req.AppendHeader(&hops)
	req.SetTransport(sipmsg.NetworkToUpper(d.network))
	if d.hop != "" {
		req.SetDestination(d.hop)
	}
	req.SetBody(nil)
	return req
}

// next is the number of the next request of ours.
func (d *dialog) next() uint32 {
	d.localSeq++
	return d.localSeq
}

// takes says whether a request's number is new, and remembers it.
func (d *dialog) takes(seq uint32) bool {
	if seq <= d.remoteSeq && d.remoteSeq != 0 {
		return false
	}
	d.remoteSeq = seq
	return true
}

func tagOf(params sipmsg.HeaderParams) string {
	tag, _ := params.Get("tag")
	return tag
}

func tagged(tag string) sipmsg.HeaderParams {
	if tag == "" {
		return nil
	}
	return sipmsg.HeaderParams{{K: "tag", V: tag}}
}

// targetOf is the Contact of a message, or standard where there is none. What a URI may carry for web pages (headers
// after "?") has no place in a Request-URI.
func targetOf(msg sipmsg.Message, standard sipmsg.Uri) sipmsg.Uri {
	contacts := msg.GetHeaders("Contact")
	if len(contacts) == 0 {
		return standard
	}
	contact, ok := contacts[0].(*sipmsg.ContactHeader)
	if !ok || contact.Address.Wildcard || contact.Address.Host == "" {
		return standard
	}
	target := *contact.Address.Clone()
	target.Headers = nil
	return target
}

func recordRoute(msg sipmsg.Message) []sipmsg.Uri {
	var routes []sipmsg.Uri
	for _, h := range msg.GetHeaders("Record-Route") {
		if route, ok := h.(*sipmsg.RecordRouteHeader); ok {
			routes = append(routes, *route.Address.Clone())
		}
	}
	return routes
}
