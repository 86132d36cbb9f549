package sip

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// A reliable is a provisional response that is ours to repeat until its PRACK comes (RFC 3262 3).
type reliable struct {
	res   *sipmsg.Response
	rseq  uint32
	every time.Duration
	asked bool // it has our offer: the PRACK has the answer
}

// alertReliably sends 180 to a caller who requires that it be acknowledged. Where the INVITE had no offer, ours goes with it.
func (l *Leg) alertReliably() {
	if l.unacknowledged != nil || l.rseq != 0 {
		return
	}
	var body []byte
	if l.described.asked {
		body = l.described.body
	}
	res := l.response(l.invite, 180, "Ringing", body)
	l.rseq = 1 + rand.Uint32N(1<<30)
	res.AppendHeader(sipmsg.NewHeader("Require", "100rel"))
	res.AppendHeader(sipmsg.NewHeader("RSeq", strconv.FormatUint(uint64(l.rseq), 10)))
	if !l.respondInvite(res) {
		return
	}
	l.unacknowledged = &reliable{res: res, rseq: l.rseq, every: l.server.config.T1, asked: body != nil}
	l.retransmit.set(l.box, l.unacknowledged.every, l.repeatReliable)
	l.deadline.set(l.box, l.server.config.giveUp(), func() { l.reject(504, "Server Time-out") })
}

func (l *Leg) repeatReliable() {
	u := l.unacknowledged
	if u == nil || !l.respondInvite(u.res) {
		return
	}
	u.every *= 2
	l.retransmit.set(l.box, u.every, l.repeatReliable)
}

// prack takes a PRACK: that of the response that waits for it, and one that comes again.
func (l *Leg) prack(req *sipmsg.Request, tx *sipmsg.ServerTx) {
	if l.rseq == 0 || !l.acknowledges(field(req, "RAck")) {
		l.reply(tx, l.response(req, 481, "Call/Transaction Does Not Exist", nil))
		return
	}
	u := l.unacknowledged
	l.unacknowledged = nil
	if u != nil {
		l.retransmit.stop()
		l.deadline.stop()
	}
	l.reply(tx, l.response(req, 200, "OK", nil))
	if u == nil {
		return
	}
	if u.asked {
		if err := l.media.Accept(req.Body()); err != nil {
			l.log.Info("answer refused", "error", err)
			l.reject(488, "Not Acceptable Here")
			return
		}
		l.described = &description{settled: true}
	}
	if l.wanted {
		l.answer()
	}
}

// acknowledges reads RAck: the number of the response, that of the INVITE and its method.
func (l *Leg) acknowledges(rack string) bool {
	var rseq, cseq uint32
	var method string
	n, err := fmt.Sscan(rack, &rseq, &cseq, &method)
	return n == 3 && err == nil && rseq == l.rseq && cseq == l.invite.CSeq().SeqNo && method == "INVITE"
}
