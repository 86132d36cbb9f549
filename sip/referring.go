package sip

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// A referring is a transfer that we have asked the peer for.
type referring struct {
	id   uint32
	told func(code int, err error)
}

// Refer asks the peer to call a number at its host, as a telephone asks the center to transfer a call (RFC 3515). with is
// another leg with the same peer, which that call is to take the place of (attended transfer), or nil. told is called on the
// actor goroutine with each status that the peer tells of the call, the last of 200 or more, or with the error that ends it.
func (l *Leg) Refer(number string, with *Leg, told func(code int, err error)) {
	replaces := ""
	if with != nil {
		got := make(chan string, 1)
		if !with.box.post(func() { got <- with.replaces() }) {
			told(0, ErrClosed)
			return
		}
		replaces = <-got
	}
	if !l.box.post(func() { l.startRefer(number, replaces, told) }) {
		told(0, ErrClosed)
	}
}

func (l *Leg) startRefer(number, replaces string, told func(int, error)) {
	if l.state != up {
		told(0, fmt.Errorf("REFER: %w: the leg is not up", ErrRefused))
		return
	}
	target := sipmsg.Uri{Scheme: "sip", User: userPart(number), Host: l.dialog.target.Host, Port: l.dialog.target.Port}
	to := target.String()
	if replaces != "" {
		to += "?Replaces=" + url.QueryEscape(replaces)
	}
	req := l.dialog.request(sipmsg.REFER, l.dialog.next())
	req.AppendHeader(sipmsg.NewHeader("Refer-To", "<"+to+">"))
	id := req.CSeq().SeqNo
	l.referring = &referring{id, told}
	failed := func(err error) {
		if r := l.referring; r != nil && r.id == id {
			l.referring = nil
			told(0, err)
		}
	}
	err := l.send(req, func(res *sipmsg.Response) {
		if !res.IsProvisional() && !res.IsSuccess() {
			failed(fmt.Errorf("REFER: %w: %w", ErrRefused, StatusError{res.StatusCode, res.Reason}))
		}
	}, failed)
	if err != nil {
		failed(fmt.Errorf("REFER: %w", err))
	}
}

// notified takes a NOTIFY of how a transfer that we asked for goes.
func (l *Leg) notified(req *sipmsg.Request, tx *sipmsg.ServerTx) {
	r := l.referring
	event, _, _ := strings.Cut(field(req, "Event", "o"), ";")
	if r == nil || !strings.EqualFold(strings.TrimSpace(event), "refer") {
		l.reply(tx, l.response(req, 481, "Subscription Does Not Exist", nil))
		return
	}
	code, ok := fragment(req.Body())
	if !ok {
		l.reply(tx, l.response(req, 400, "Bad Message Fragment", nil))
		return
	}
	l.reply(tx, l.response(req, 200, "OK", nil))
	if code >= 200 {
		l.referring = nil
	}
	r.told(code, nil)
}

// fragment reads the status of a status line (message/sipfrag, RFC 3420).
func fragment(body []byte) (int, bool) {
	rest, ok := strings.CutPrefix(string(body), "SIP/2.0 ")
	if !ok || len(rest) < 3 {
		return 0, false
	}
	code, err := strconv.Atoi(rest[:3])
	return code, err == nil && code >= 100 && code < 700
}
