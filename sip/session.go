package sip

import (
	"strconv"
	"strings"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// Session timers (RFC 4028). We ask for one in our calls, and keep to one that the peer asks for; who refreshes is the
// peer's to say.

// tooBrief refuses a session interval below our minimum.
func (s *Server) tooBrief(req *sipmsg.Request) *refusal {
	interval, ok := seconds(field(req, "Session-Expires", "x"))
	if !ok || time.Duration(interval)*time.Second >= s.config.MinSession {
		return nil
	}
	least := int((s.config.MinSession + time.Second - 1) / time.Second)
	return &refusal{code: 422, reason: "Session Interval Too Small",
		headers: []sipmsg.Header{sipmsg.NewHeader("Min-SE", strconv.Itoa(least))}}
}

// agreeSession sets the session timer that a request of the peer's asks for, and gives the headers that say so.
func (l *Leg) agreeSession(req *sipmsg.Request) []sipmsg.Header {
	value := field(req, "Session-Expires", "x")
	interval, ok := seconds(value)
	if !ok {
		l.interval = 0
		l.session.stop()
		return nil
	}
	refresher := "uac"
	if refresherOf(value) == "uas" {
		refresher = "uas"
	}
	l.startSession(time.Duration(interval)*time.Second, refresher == "uas")
	headers := []sipmsg.Header{sipmsg.NewHeader("Session-Expires", strconv.Itoa(interval)+";refresher="+refresher)}
	for _, tag := range options(req, "Supported", "k") {
		if strings.EqualFold(tag, "timer") {
			return append(headers, sipmsg.NewHeader("Require", "timer"))
		}
	}
	return headers
}

// confirmSession sets the session timer that a 2xx to an INVITE of ours names.
func (l *Leg) confirmSession(res *sipmsg.Response) {
	value := field(res, "Session-Expires", "x")
	interval, ok := seconds(value)
	if !ok || interval == 0 {
		l.interval = 0
		l.session.stop()
		return
	}
	l.startSession(time.Duration(interval)*time.Second, refresherOf(value) != "uas")
}

// offerSession asks for a session timer in an INVITE of ours, or keeps the one going that there is.
func (l *Leg) offerSession(req *sipmsg.Request) {
	interval, refresher := l.interval, ""
	switch {
	case interval == 0 && l.state != dialling && l.state != alerting:
		return // the peer would have none
	case interval == 0:
		interval = max(l.server.config.Session, l.leastSession)
	case l.refreshes:
		refresher = ";refresher=uac"
	default:
		refresher = ";refresher=uas"
	}
	req.AppendHeader(sipmsg.NewHeader("Session-Expires", strconv.Itoa(int(interval/time.Second))+refresher))
	if l.leastSession > 0 {
		req.AppendHeader(sipmsg.NewHeader("Min-SE", strconv.Itoa(int(l.leastSession/time.Second))))
	}
}

// raiseSession takes the least interval that a 422 names; false where it is none that is longer than what was asked for.
func (l *Leg) raiseSession(res *sipmsg.Response) bool {
	least, ok := seconds(field(res, "Min-SE"))
	asked := max(l.server.config.Session, l.leastSession)
	if l.interval > 0 {
		asked = l.interval
	}
	if longer := time.Duration(least) * time.Second; ok && longer > asked {
		l.leastSession = longer
		if l.interval > 0 {
			l.interval = longer
		}
		return true
	}
	return false
}

// askLonger sends the INVITE of an attempt again for a longer session interval; false where that is not what a 422 wants.
func (l *Leg) askLonger(a *attempt, res *sipmsg.Response) bool {
	if !l.raiseSession(res) {
		return false
	}
	l.inviteAgain(a)
	return true
}

// startSession waits for the next refresh: half the interval when it is ours to do; else the peer's is overdue a little
// before the interval ends (RFC 4028 section 10).
func (l *Leg) startSession(interval time.Duration, ours bool) {
	l.interval, l.refreshes = interval, ours
	if ours {
		l.session.set(l.box, interval/2, l.refresh)
		return
	}
	l.session.set(l.box, interval-min(32*time.Second, interval/3), l.expire)
}

func (l *Leg) refresh() {
	l.session.set(l.box, l.interval/3, l.expire) // unless the refresh succeeds
	l.requestReoffer(func(err error) {
		if err != nil {
			l.log.Info("session not refreshed", "error", err)
		}
	})
}

func (l *Leg) expire() {
	if l.state == up {
		const text = "Session timer expired"
		l.bye(Reason{Code: 408, Text: text}, Ended{Code: 408, Local: true, Text: text})
	}
}

func refresherOf(value string) string {
	for param := range strings.SplitSeq(strings.ToLower(value), ";") {
		if name, refresher, ok := strings.Cut(param, "="); ok && strings.TrimSpace(name) == "refresher" {
			return strings.TrimSpace(refresher)
		}
	}
	return ""
}
