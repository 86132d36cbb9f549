package sip

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"github.com/stretchr/testify/require"
)

// FuzzHeaders reads all that we read of any message, and checks that nothing which can be sent on or shown has a line of its own.
func FuzzHeaders(f *testing.F) {
	head := func(lines ...string) string {
		return strings.Join(append(append([]string{
			"INVITE sip:400;phone-context=x@127.0.0.1;user=phone SIP/2.0", "Via: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK-1",
			"From: \"A \\\"B\\\" C\" <sip:+8613800000001@example.net>;tag=1", "To: <sip:400@127.0.0.1>", "Call-ID: 1@192.0.2.1", "CSeq: 1 INVITE", "Max-Forwards: 70",
		}, lines...), "Content-Length: 0", "", ""), "\r\n")
	}
	for _, lines := range [][]string{
		nil,
		{"P-Asserted-Identity: \"X, Y\" <sip:1@a>, <tel:+862012345678>", "Privacy: id;critical", "Diversion: <sip:2@b>;reason=busy, <sip:3@b>"},
		{"Remote-Party-ID: <sip:1@a>;privacy=full", "History-Info: <sip:1@a>;index=1, <sip:2@a>;index=1.1"},
		{"Path: <sip:192.0.2.9;lr>, <sip:192.0.2.10;lr;received=sip:1.2.3.4>", "Contact: <sip:a@b>;expires=60;reg-id=1;+sip.instance=\"<urn:uuid:1>\""},
		{"Refer-To: <sip:1002@a?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2>", "Replaces: x;to-tag=1;from-tag=2"},
		{"Session-Expires: 90;refresher=uas", "Min-SE: 90", "Require: timer, 100rel", "RAck: 1 1 INVITE", "RSeq: 1", "Reason: SIP;cause=200;text=\"Call \\\"completed\\\"\""},
		{"Record-Route: <sip:192.0.2.9;lr>", "Route: <sip:127.0.0.1;lr>", "Authorization: Digest username=\"a\", realm=\"b\", nonce=\"c\", uri=\"d\", response=\"e\""},
	} {
		f.Add([]byte(head(lines...)))
	}
	s := &Server{config: Config{}.complete(), legs: newSwitchboard()}
	f.Fuzz(func(t *testing.T, data []byte) {
		kept := blank(data)
		require.Equal(t, kept, blank([]byte(kept)), "nothing is left to be blanked")
		msg, err := sipmsg.ParseMessage(data)
		if err != nil {
			return
		}
		tidy(msg)
		shown := []string{oneLine(field(msg, "Reason")), reasonOf(msg), quoted(field(msg, "Subject", "s"))}
		_, _ = seconds(field(msg, "Session-Expires", "x"))
		_ = refresherOf(field(msg, "Session-Expires"))
		_, _ = readPath(field(msg, "Path"))
		_ = recordRoute(msg)
		_ = targetOf(msg, sipmsg.Uri{})
		req, ok := msg.(*sipmsg.Request)
		if !ok {
			_ = complete(msg.(*sipmsg.Response))
			requireLines(t, shown...)
			return
		}
		if r := inspect(req); r != nil {
			shown = append(shown, r.reason)
			for _, h := range r.headers {
				shown = append(shown, h.Value())
			}
			requireLines(t, shown...)
			return
		}
		if to, err := referTo(req); err == nil {
			_ = s.replaced(headerOf(to, "Replaces"))
			shown = append(shown, userPart(userOf(to)))
		}
		_ = s.replaced(field(req, "Replaces"))
		party := s.trunkParty(req, Party{Number: userOf(req.From().Address)}, "trunk")
		shown = append(shown, party.Name, userPart(party.Number), s.dialled(req))
		shown = append(shown, party.Diverted...)
		requireLines(t, shown...)
	})
}

// requireLines checks that no text can begin another line.
func requireLines(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		require.False(t, strings.ContainsAny(text, "\r\n"), "%q", text)
	}
}

// firstBranch begins the branch of the INVITE that begins a call, and so of its CANCEL.
const firstBranch = "z9hG4bK-first-"

// A player is a peer that does what a script of bytes says, and a side of ours that does too.
type player struct {
	*wire
	leg    *Leg
	dialog letter // what the peer's requests have
	events chan Event
	ended  chan struct{} // the reading
	hungUp atomic.Bool   // at the script's end

	mu   sync.Mutex // guards what has been read
	last *sipmsg.Request
	res  *sipmsg.Response
}

func play(t *testing.T, s *Server) *player {
	p := &player{wire: newWire(t, s), events: make(chan Event, 1000), ended: make(chan struct{})}
	t.Cleanup(func() { p.conn.Close(); <-p.ended })
	go func() {
		defer close(p.ended)
		buffer := make([]byte, 65536)
		for {
			n, _, err := p.conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			msg, err := sipmsg.ParseMessage(slices.Clone(buffer[:n]))
			if err != nil {
				continue
			}
			p.mu.Lock()
			switch msg := msg.(type) {
			case *sipmsg.Request:
				p.last = msg
			case *sipmsg.Response:
				p.res = msg
			}
			p.mu.Unlock()
		}
	}()
	return p
}

// called waits for the leg of the peer's INVITE; nil: it was refused.
func (p *player) called(came <-chan *Leg) *Leg {
	p.t.Helper()
	late := time.After(20 * time.Second)
	for {
		select {
		case l := <-came:
			return l
		case <-time.After(5 * time.Millisecond):
			p.mu.Lock()
			refused := p.res != nil && p.res.StatusCode >= 300
			p.mu.Unlock()
			if refused {
				return nil
			}
		case <-late:
			p.t.Fatal("the INVITE is neither taken nor refused")
		}
	}
}

// notify takes the leg's events as the floor does.
func (p *player) notify(e Event) {
	if r, ok := e.(Referred); ok {
		if r.To == "1002" {
			r.Accept()
			r.Progress(200, "OK")
		} else {
			r.Refuse(403, "Forbidden")
		}
	}
	p.events <- e
	if _, crossed := e.(Answered); crossed && p.hungUp.Load() {
		p.leg.Hangup(Reason{})
	}
}

var (
	methods = []string{"ACK", "BYE", "CANCEL", "INVITE", "UPDATE", "PRACK", "INFO", "REFER", "NOTIFY", "OPTIONS", "SUBSCRIBE"}
	codes   = []int{100, 180, 183, 200, 200, 302, 401, 422, 481, 486, 488, 491, 503}
	extras  = [][]string{
		nil, {"Session-Expires: 90;refresher=uac"}, {"Session-Expires: 1;refresher=uas", "Min-SE: 1"}, {"Require: 100rel", "RSeq: 7", "RAck: 7 1 INVITE"},
		{"Refer-To: <sip:1002@a>", "Event: refer"}, {"Refer-To: <sip:1003@a?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2>"}, {"Require: timer", "Min-SE: 1800", "Content-Type: text/plain"},
	}
)

// step does one thing: what the first byte says, in the way of the second. The peer's numbers go up, or stay, or leap.
func (p *player) step(what, how byte) {
	body, extra := "", extras[int(how>>2)%len(extras)]
	if how&1 != 0 {
		body = "v=0"
	}
	switch kind := what % 3; kind {
	case 0:
		l := p.dialog
		l.method = methods[int(what/3)%len(methods)]
		l.body, l.headers = body, extra
		p.dialog.cseq += int(how>>1&1) + int(how>>6&1)*3
		if l.method == "ACK" || l.method == "CANCEL" {
			l.cseq = 1
		}
		p.mu.Lock()
		if p.res != nil && l.toTag == "" && how&0x80 == 0 {
			l.toTag = tagOf(p.res.To().Params)
		}
		p.mu.Unlock()
		if l.method == "CANCEL" {
			l.toTag, l.branch = "", firstBranch+p.addr()
		}
		p.send(l)
	case 1:
		p.mu.Lock()
		last := p.last
		p.mu.Unlock()
		if last != nil {
			p.reply(last, codes[int(what/3)%len(codes)], "So", []string{"a", "b"}[how>>1&1], body, extra...)
		}
	case 2:
		p.act(what / 3 % 8)
	}
}

// act has our side do something.
func (p *player) act(what byte) {
	switch what {
	case 0:
		p.leg.Ring()
	case 1:
		p.leg.Answer()
	case 2:
		p.leg.Reject(486, "Busy Here")
	case 3:
		p.leg.Hangup(Reason{Code: 200, Text: "so"})
	case 4:
		p.leg.Reoffer(func(error) {})
	case 5:
		p.leg.Refer("1002", nil, func(int, error) {})
	case 6:
		p.leg.Label("call")
	case 7: // until what was written has been read, mostly
		read := make(chan struct{})
		p.leg.box.post(func() { close(read) })
		select {
		case <-read:
		case <-p.leg.done:
		}
	}
}

// over hangs up, and checks that the leg ends once, with nothing after it and nothing left.
func (p *player) over() {
	p.t.Helper()
	p.hungUp.Store(true)
	p.leg.Hangup(Reason{})
	select {
	case <-p.leg.done:
	case <-time.After(20 * time.Second):
		p.t.Fatalf("the leg does not end: state %d", p.leg.state)
	}
	require.NotEmpty(p.t, p.events)
	for more := true; more; {
		e := <-p.events
		_, last := e.(Ended)
		more = !last
		require.Equal(p.t, last, len(p.events) == 0, "Ended is the last event: %#v", e)
	}
	gone(p.t, p.leg)
}

// arena is a server with short times that lives as long as the fuzzing.
func arena(f *testing.F, incoming func(*Leg)) *Server {
	f.Helper()
	s, err := Listen(Config{
		Listen: []string{"udp://127.0.0.1:0"}, T1: time.Millisecond, MinSession: time.Second, Devices: devices().trusting(), Incoming: incoming,
	})
	require.NoError(f, err)
	stop, ended := serveUntil(s)
	f.Cleanup(func() {
		stop()
		require.NoError(f, <-ended)
		require.Empty(f, s.legs.all())
		require.Empty(f, s.legs.peers, "addresses still let in")
	})
	return s
}

// steps are the steps of a script.
func steps(script []byte) [][]byte {
	return slices.Collect(slices.Chunk(script[:min(len(script), 48)/2*2], 2))
}

// FuzzIncoming has a caller and our side do things in any order.
func FuzzIncoming(f *testing.F) {
	const ack, bye, cancel, invite, update, prack, refer = 0, 3, 6, 9, 12, 15, 21 // of the peer's
	const ring, answer, reject, hangup, reoffer, wait = 2, 5, 8, 11, 14, 23       // of ours
	for _, script := range [][]byte{
		{answer, 0, wait, 0, ack, 2, bye, 2},
		{ring, 0, cancel, 0, answer, 0},
		{answer, 0, bye, 2, ack, 0},
		{answer, 0, wait, 0, ack, 2, invite, 3, invite, 3, ack, 0, update, 3, 10, 1},
		{answer, 0, ack, 2, reoffer, 0, invite, 3, 10, 1, 34, 1, hangup, 0, bye, 2},
		{ring, 0, prack, 14, answer, 0, ack, 1, refer, 18, refer, 22, hangup, 0},
		{reject, 0, ack, 0}, {answer, 0, hangup, 0, ack, 2}, {hangup, 0},
	} {
		f.Add(script, byte(1))
	}
	var waiting sync.Map // by Call-ID: chan *Leg
	s := arena(f, func(l *Leg) {
		if found, first := waiting.LoadAndDelete(l.ID()); first {
			found.(chan *Leg) <- l
			return
		}
		l.Attach(newPaper(), func(Event) {})
		l.Reject(486, "Busy Here")
	})
	f.Fuzz(func(t *testing.T, script []byte, how byte) {
		p := play(t, s)
		first := letter{method: "INVITE", branch: firstBranch + p.addr(), headers: extras[int(how>>2)%4]}
		if how&1 != 0 {
			first.body = "v=0"
		}
		first.callID = "call-" + p.addr()
		p.dialog = letter{callID: first.callID, cseq: 1}
		came := make(chan *Leg, 1)
		waiting.Store(first.callID, came)
		p.send(first)
		if p.leg = p.called(came); p.leg == nil {
			return
		}
		p.leg.Attach(newPaper(), p.notify)
		for _, s := range steps(script) {
			p.step(s[0], s[1])
		}
		p.over()
	})
}

// FuzzOutgoing has a phone that is called and our side do things in any order.
func FuzzOutgoing(f *testing.F) {
	for _, script := range [][]byte{
		{4, 1, 10, 1, 11, 0, 4, 1}, {4, 1, 11, 0, 10, 1}, {10, 1, 10, 3, 3, 2}, {7, 13, 10, 0, 14, 0, 10, 1}, {28, 0}, {22, 24}, {19, 0}, {11, 0, 11, 0, 4, 0, 10, 1}, {31, 0},
	} {
		f.Add(script)
	}
	s := arena(f, func(*Leg) {})
	f.Fuzz(func(t *testing.T, script []byte) {
		p := play(t, s)
		var err error
		p.leg, err = s.DialURI("sip:1001@"+p.addr(), Dial{From: "1", Media: newPaper(), Notify: p.notify, Crossed: len(script)%2 == 1})
		require.NoError(t, err)
		p.dialog = letter{from: "1001", fromTag: "a", toTag: p.leg.tag, callID: p.leg.id, cseq: 1}
		require.Eventually(t, func() bool { p.mu.Lock(); defer p.mu.Unlock(); return p.last != nil }, patienceInTests, 100*time.Microsecond)
		for _, s := range steps(script) {
			p.step(s[0], s[1])
		}
		p.over()
	})
}
