package sip

import (
	"fmt"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// Referred says that the peer asks for its call to be transferred (REFER within the dialog, RFC 3515). Accept or Refuse has
// to follow; the peer waits for it.
type Referred struct{ *Referral }

func (Referred) legEvent() {}

// A Referral is a transfer that a leg's peer has asked for. Its methods may be called from anywhere.
type Referral struct {
	// To is the number that is to be called: the user part of Refer-To. Which host the peer named does not matter, since
	// nobody has us call what is not ours to call.
	To string
	// With is the peer's other leg, whose own other side is to be joined (attended transfer, Replaces of RFC 3891); nil: blind.
	With *Leg

	leg   *Leg
	req   *sipmsg.Request
	tx    *sipmsg.ServerTx
	quiet bool // the peer wants to hear no more of it (RFC 4488)
}

// Accept takes the request on: 202, and a first NOTIFY. Progress has to follow.
func (r *Referral) Accept() { r.leg.box.post(r.accept) }

// Refuse answers the REFER with a status of 400 to 699, and that is all.
func (r *Referral) Refuse(code int, reason string) {
	r.leg.box.post(func() {
		if r.leg.referral == r {
			r.leg.referral = nil
			r.leg.reply(r.tx, r.leg.response(r.req, code, reason, nil))
		}
	})
}

// Progress tells the peer how the call to the target goes (NOTIFY with a status line, RFC 3515 2.4.4). A final status is the
// last that it hears. A Hangup that follows waits until the peer has it.
func (r *Referral) Progress(code int, reason string) {
	r.leg.box.post(func() { r.progress(code, reason) })
}

// refer takes a REFER within the dialog.
func (l *Leg) refer(req *sipmsg.Request, tx *sipmsg.ServerTx) {
	respond := func(code int, reason string) { l.reply(tx, l.response(req, code, reason, nil)) }
	switch {
	case l.state != up && l.state != answering:
		respond(403, "No Call To Transfer")
		return
	case l.referral != nil:
		respond(491, "Request Pending")
		return
	}
	to, err := referTo(req)
	if err != nil {
		l.log.Info("transfer refused", "error", err)
		respond(400, "Bad Refer-To")
		return
	}
	r := &Referral{To: userOf(to), leg: l, req: req, tx: tx, quiet: strings.EqualFold(field(req, "Refer-Sub"), "false")}
	l.referral = r
	if replaces := headerOf(to, "Replaces"); replaces != "" {
		if r.With = l.server.replaced(replaces); r.With == nil || r.With == l {
			r.accept()
			r.progress(481, "Call/Transaction Does Not Exist")
			return
		}
	}
	l.tell(Referred{r})
}

// referTo reads the one Refer-To of a REFER, which must ask for a call.
func referTo(req *sipmsg.Request) (uri sipmsg.Uri, err error) {
	found := append(req.GetHeaders("Refer-To"), req.GetHeaders("r")...)
	if len(found) != 1 {
		return uri, fmt.Errorf("%d headers Refer-To", len(found))
	}
	params := sipmsg.NewParams()
	if _, err := sipmsg.ParseAddressValue(found[0].Value(), &uri, &params); err != nil {
		return uri, fmt.Errorf("Refer-To: %w", err)
	}
	method, given := uri.UriParams.Get("method")
	switch {
	case given && !strings.EqualFold(method, "INVITE"):
		return uri, fmt.Errorf("Refer-To: a %s is no call", method)
	case userOf(uri) == "" && headerOf(uri, "Replaces") == "":
		return uri, fmt.Errorf("Refer-To: %w: no number in %q", ErrAddress, found[0].Value())
	}
	return uri, nil
}

func (r *Referral) accept() {
	l := r.leg
	if l.referral != r || l.state == over {
		return
	}
	res := l.response(r.req, 202, "Accepted", nil)
	if r.quiet {
		res.AppendHeader(sipmsg.NewHeader("Refer-Sub", "false"))
	}
	l.reply(r.tx, res)
	r.progress(100, "Trying")
}

func (r *Referral) progress(code int, reason string) {
	l := r.leg
	if l.referral != r {
		return
	}
	if code >= 200 {
		l.referral = nil
	}
	if r.quiet || l.state != up && l.state != answering {
		return
	}
	l.notices.next = &notice{id: r.req.CSeq().SeqNo, code: code, reason: oneLine(reason)}
	l.notices.send(l)
}

// A notice is a status of a transfer that its peer is to be told.
type notice struct {
	id     uint32 // the CSeq of the REFER, which tells one from another
	code   int
	reason string
}

// notices are sent one after the other, since requests overtake each other. Of those that wait, the last alone counts.
type notices struct {
	next   *notice
	sent   *notice // unanswered yet
	answer alarm
}

// hearing is how long the reply to a NOTIFY is waited for before the next thing is done, in round trips.
const hearing = 4

func (n *notices) send(l *Leg) {
	if n.next == nil || n.sent != nil {
		return
	}
	one := n.next
	n.sent, n.next = one, nil
	req := l.dialog.request(sipmsg.NOTIFY, l.dialog.next())
	req.AppendHeader(sipmsg.NewHeader("Event", fmt.Sprintf("refer;id=%d", one.id)))
	state := "active;expires=180"
	if one.code >= 200 {
		state = "terminated;reason=noresource"
	}
	req.AppendHeader(sipmsg.NewHeader("Subscription-State", state))
	req.AppendHeader(sipmsg.NewHeader("Content-Type", "message/sipfrag;version=2.0"))
	req.SetBody(fmt.Appendf(nil, "SIP/2.0 %d %s\r\n", one.code, one.reason))
	told := func() { n.told(l, one) }
	err := l.send(req, func(res *sipmsg.Response) {
		if !res.IsProvisional() {
			told()
		}
	}, func(error) { told() })
	if err != nil {
		told()
		return
	}
	n.answer.set(l.box, hearing*l.server.config.T1, told)
}

// told goes on when the peer has a notice, or has not said so in time.
func (n *notices) told(l *Leg, one *notice) {
	if n.sent != one {
		return
	}
	n.sent = nil
	n.answer.stop()
	n.send(l)
	if r := l.leaving; n.sent == nil && r != nil && l.state == up {
		l.hangup(*r)
	}
}

// holds says whether a hangup has to wait for what the peer is still to be told.
func (n *notices) holds() bool { return n.sent != nil && n.sent.code >= 200 || n.next != nil }
