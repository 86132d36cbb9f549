package sip

import (
	"fmt"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// info takes a key press (application/dtmf-relay, application/dtmf).
func (l *Leg) info(req *sipmsg.Request, tx *sipmsg.ServerTx) {
	kind, _, _ := strings.Cut(strings.ToLower(field(req, "Content-Type", "c")), ";")
	switch strings.TrimSpace(kind) {
	case "application/dtmf-relay", "application/dtmf":
	case "":
		l.reply(tx, l.response(req, 200, "OK", nil))
		return
	default:
		l.reply(tx, l.response(req, 415, "Unsupported Media Type", nil))
		return
	}
	key, ok := keyOf(string(req.Body()))
	if !ok {
		l.reply(tx, l.response(req, 400, "Bad Signal", nil))
		return
	}
	l.reply(tx, l.response(req, 200, "OK", nil))
	l.tell(Digit{Key: key})
}

// keyOf reads "5", or the line Signal=5 of a relay body. 10 and 11 stand for * and #.
func keyOf(body string) (rune, bool) {
	signal := strings.TrimSpace(body)
	for line := range strings.Lines(body) {
		name, value, ok := strings.Cut(line, "=")
		if ok && strings.EqualFold(strings.TrimSpace(name), "Signal") {
			signal = strings.TrimSpace(value)
		}
	}
	switch signal {
	case "10":
		return '*', true
	case "11":
		return '#', true
	}
	if len(signal) != 1 || !strings.Contains("0123456789*#ABCD", strings.ToUpper(signal)) {
		return 0, false
	}
	return rune(strings.ToUpper(signal)[0]), true
}

// SendInfo sends a message of an application within the dialog (RFC 6086), such as application/dtmf-relay, and tells done
// on the actor goroutine how that went.
func (l *Leg) SendInfo(kind string, body []byte, done func(error)) {
	if !l.box.post(func() { l.startInfo(kind, body, done) }) {
		done(ErrClosed)
	}
}

func (l *Leg) startInfo(kind string, body []byte, done func(error)) {
	if l.state != up {
		done(fmt.Errorf("INFO: %w: the leg is not up", ErrRefused))
		return
	}
	req := l.dialog.request(sipmsg.INFO, l.dialog.next())
	req.SetBody(body)
	req.AppendHeader(sipmsg.NewHeader("Content-Type", kind))
	err := l.send(req, func(res *sipmsg.Response) {
		switch {
		case res.IsSuccess():
			done(nil)
		case !res.IsProvisional():
			done(fmt.Errorf("INFO: %w", StatusError{res.StatusCode, res.Reason}))
		}
	}, done)
	if err != nil {
		done(fmt.Errorf("INFO: %w", err))
	}
}
