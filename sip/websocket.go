package sip

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"time"

	"github.com/gobwas/ws"

	sipmsg "github.com/emiago/sipgo/sip"

	"threering/media"
)

// rhythm is the times of browsers.
type rhythm struct {
	beat   time.Duration // silence after which a sign of life is asked for; as long again, and the browser is taken for gone
	proven time.Duration // that a browser which nobody vouches for may take to register
	homing time.Duration // that a page in a talk may take to connect again before another that was there already is told of it
}

func usualRhythm() rhythm {
	return rhythm{beat: 30 * time.Second, proven: 10 * time.Second, homing: 3 * time.Second}
}

// ServeWebSocket runs the connection of a telephone in a browser (RFC 7118) until it is closed or ctx ends; it owns conn.
// The handshake is over, and nothing of what follows it has been read. Who vouches for a connection names its device, which
// then registers and calls without a challenge, and which alone may register there; with "" somebody must register with a
// password, and soon. The error says why it was closed: ErrCrowded, ErrClosed, a rule that the peer broke, or what befell
// the connection. nil: the peer closed it, or ctx ended.
func (s *Server) ServeWebSocket(ctx context.Context, conn net.Conn, device string) error {
	b := newBrowser(conn, device)
	if err := s.browsers.add(b, s.proven); err != nil {
		b.cut(breach{tryAgainLater, "try again later"})
		return fmt.Errorf("browser at %s: %w", b.source, err)
	}
	defer s.browsers.work.Done()
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	defer context.AfterFunc(s.browsers.ctx, leave)()
	gone := make(chan struct{})
	stay := context.AfterFunc(ctx, func() {
		defer close(gone)
		b.cut(breach{ws.StatusGoingAway, "going away"})
	})
	err := s.converse(ctx, b)
	if !stay() {
		<-gone
		return nil
	}
	b.cut(err)
	if errors.Is(err, io.EOF) {
		return nil
	}
	return fmt.Errorf("browser at %s: %w", b.source, err)
}

// converse has the library talk with a browser, and takes back all that hung on the connection when it ends.
func (s *Server) converse(ctx context.Context, b *browser) error {
	line := newInlet(b, s.config.Ladders)
	if !s.door.enter(line, ctx.Done()) {
		s.browsers.remove(b)
		return ErrClosed
	}
	err := s.listen(b, line)
	at := time.Now()
	line.end()
	s.browsers.remove(b)
	s.registrar.lose(b.source)
	s.eachLeg(func(l *Leg) { l.strand(b.source.String(), at) })
	return err
}

// listen gives the library what the browser sends.
func (s *Server) listen(b *browser, to *inlet) error {
	for {
		message, err := b.message(func() error { return s.await(b) })
		if err != nil {
			return err
		}
		switch {
		case len(bytes.TrimSpace(message)) == 0:
			if string(message) == "\r\n\r\n" { // a ping of SIP's own (RFC 5626 4.4.1)
				err = b.say([]byte("\r\n"))
			}
		case !s.proven(b) && !s.strangers.take(time.Now()):
			s.counters.dropped.Add(1)
		case !readable(message):
			s.counters.dropped.Add(1)
			return breach{ws.StatusInvalidFramePayloadData, "no SIP message"}
		default:
			s.config.Ladders.heard(webSocket, b.source, message)
			err = to.deliver(message)
		}
		if err != nil {
			return err
		}
	}
}

// readable says whether the library will make a message of it: where it cannot, it would break off.
func readable(message []byte) bool {
	if !looksLikeSIP(message) {
		return false
	}
	_, err := sipmsg.ParseMessage(message)
	return err == nil
}

// await waits for the next frame for as long as the browser may be silent.
func (s *Server) await(b *browser) error {
	for asked := false; ; {
		wait, proven := s.rhythm.beat, s.proven(b)
		if !proven {
			if wait = time.Until(b.since.Add(s.rhythm.proven)); wait <= 0 {
				return breach{ws.StatusPolicyViolation, "not registered in time"}
			}
		}
		err := b.await(wait)
		switch {
		case !errors.Is(err, errSilent):
			return err
		case !proven:
			continue
		case asked:
			return breach{ws.StatusPolicyViolation, "no sign of life"}
		}
		if err := b.send(ws.OpPing, nil); err != nil {
			return err
		}
		asked = true
	}
}

// proven says whether it is known whose telephone that is.
func (s *Server) proven(b *browser) bool {
	return b.device != "" || s.config.Contacts.anyAt(webSocket, b.source)
}

// Carriage is how the audio of a call to the device would be carried: a browser takes no other than its own (RFC 8834). It
// changes with where the device registers, so it is to be asked right before Dial.
func (s *Server) Carriage(device string) media.Carriage {
	routes, err := s.routesTo(device)
	clear := func(r route) bool { return r.network != secured }
	switch {
	case err != nil:
		return media.Plain
	case routes[0].network == webSocket:
		return media.Browser
	case slices.ContainsFunc(routes, clear): // who reads the SDP has the keys
		return media.Plain
	case len(routes) > 1: // one offer for all
		return media.Opportunistic
	}
	return media.Preferred
}
