package e2e

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// colleagueHz is what the phone of who a call is put through to speaks.
const colleagueHz = 660

// house is a plain center with 1001's phone in a talk with a caller, and 1002 beside it, who is free.
type house struct {
	*server
	sup              *client
	events           <-chan event
	phone, colleague *baresip
	caller           *baresip
}

// talking has 1001 and a caller talk by softphones.
func talking(t *testing.T, s *server, phone, colleague softphone) *house {
	t.Helper()
	s.straight(nil, "")
	phone.user, phone.hz = "1001", agentHz
	own := s.baresip(phone)
	h := s.meet(colleague)
	h.phone = own
	return h
}

// meet has a caller and 1001, whose phone is there, talk; the colleague 1002 is beside them.
func (s *server) meet(colleague softphone) *house {
	s.t.Helper()
	h := &house{server: s, sup: s.as("sup")}
	colleague.user, colleague.hz = "1002", colleagueHz
	h.colleague = s.baresip(colleague)
	for _, id := range []string{"1001", "1002"} {
		require.Eventually(s.t, func() bool { return h.sup.agent(id).Reachable }, 10*time.Second, 50*time.Millisecond)
		s.as(id)
	}
	h.events = h.sup.events()
	h.caller = s.baresip(softphone{user: zhang, guest: true, hz: callerHz})
	h.caller.command("dial", s.address(numberOf(0)))
	h.lasts("call.talk.started", 2*time.Second)
	return h
}

// lasts waits for an event, and for so long after it.
func (h *house) lasts(kind string, long time.Duration) {
	h.t.Helper()
	wait(h.t, await(h.t, h.events, kind, 20*time.Second).At.Add(long))
}

// requireMoved checks that a call went from 1001 to 1002 and stayed one: the talks in order, with a recording of each, in
// which who talked is on the right; and all of them have heard each other.
func (h *house) requireMoved() {
	h.t.Helper()
	d := h.sup.newest(filed, "answered", 10*time.Second)
	requireOrder(h.t, d.kinds(), "talk.started", "transfer.asked", "transfer.done", "talk.ended", "talk.started", "talk.ended", "call.ended")
	var talked []string
	for _, e := range d.of("talk.started") {
		talked = append(talked, e.Agent)
	}
	require.Equal(h.t, []string{"1001", "1002"}, talked)
	require.Len(h.t, d.Recordings, 2)
	qa := h.as("qa")
	for i, hz := range []float64{agentHz, colleagueHz} {
		require.Eventually(h.t, func() bool { return h.sup.newest(filed, "answered", time.Second).Recordings[i].State == "complete" }, 5*time.Second, 50*time.Millisecond)
		sides := samples(h.t, qa.audio(d.Recordings[i].ID))
		require.GreaterOrEqual(h.t, seconds(sides[0], callerHz), 1.0, "recording %d: the caller is on the left", i+1)
		require.GreaterOrEqual(h.t, seconds(sides[1], hz), 1.0, "recording %d: who talked is on the right", i+1)
	}
	heard := h.caller.heard()
	require.GreaterOrEqual(h.t, seconds(heard, agentHz), 1.0, "the caller heard the first agent")
	require.GreaterOrEqual(h.t, seconds(heard, colleagueHz), 1.0, "the caller heard the second agent")
	require.GreaterOrEqual(h.t, seconds(h.colleague.heard(), callerHz), 1.0, "the second agent heard the caller")

	var calls struct{ Calls []callView }
	h.sup.do("GET", "/api/v1/calls?number="+strings.ReplaceAll(filed, "+", "%2B"), nil, &calls)
	ours := slices.DeleteFunc(calls.Calls, func(c callView) bool { return strings.HasPrefix(c.ID, "demo-") })
	require.Len(h.t, ours, 1, "one call, one id")
	for _, id := range []string{"1001", "1002"} {
		h.sup.until(id, "available", 10*time.Second)
	}
}

func TestBaresipPutsThroughBlindly(t *testing.T) {
	h := talking(t, start(t), softphone{}, softphone{})
	h.phone.command("transfer", h.address("1002"))
	h.lasts("call.transfer.done", 0)
	h.lasts("call.talk.started", 3*time.Second)
	h.caller.command("hangup")
	h.requireMoved()
}

// Baresip holds the caller, calls a colleague, speaks with them, and joins the two (REFER with Replaces, which this version can
// only be told by hand).
func TestBaresipPutsThroughAfterAsking(t *testing.T) {
	h := talking(t, start(t), softphone{trace: true}, softphone{})
	h.phone.command("hold")
	h.lasts("call.talk.held", 0)
	h.phone.command("dial", h.address("1002"))
	h.lasts("call.consult.started", 0)
	h.lasts("call.talk.started", 2*time.Second)
	h.phone.command("line", "1")
	h.phone.command("transfer", h.address("1002")+"?Replaces="+h.phone.replaces("1002"))
	h.lasts("call.transfer.done", 3*time.Second)
	h.caller.command("hangup")
	h.requireMoved()
	require.GreaterOrEqual(t, seconds(h.colleague.heard(), callerHz), 1.0)
}

// The phone is registered over TLS, so that it is offered SRTP.
func TestBaresipOverTLS(t *testing.T) {
	s, ca := secure(t)
	h := talking(t, s, softphone{transport: "tls", ca: ca, carriage: "srtp-mand"}, softphone{transport: "tls", ca: ca})
	h.phone.command("hold")
	h.lasts("call.talk.held", 0)
	h.phone.command("resume")
	h.lasts("call.talk.resumed", 2*time.Second)
	h.phone.command("transfer", "sip:1002@127.0.0.1")
	h.lasts("call.transfer.done", 0)
	h.lasts("call.talk.started", 3*time.Second)
	h.colleague.command("hangup")
	h.requireMoved()
	require.Contains(t, h.phone.log.String(), "SRTP is Enabled")
	require.NotContains(t, h.colleague.log.String(), "SRTP is Enabled", "who has none talks all the same")
}

var (
	accepted = regexp.MustCompile(`(?s)SIP/2.0 200 [^\n]*\n.*?\r?\n\r?\n`)
	toInvite = regexp.MustCompile(`(?m)^CSeq: \d+ INVITE`)
	tagged   = regexp.MustCompile(`(?m)^(From|To):.*;tag=([^;\s]+)`)
	callID   = regexp.MustCompile(`(?m)^Call-ID: (\S+)`)
)

// replaces finds the dialog of a call that the softphone has placed, as the value of a Replaces in a URI.
func (b *baresip) replaces(number string) string {
	b.t.Helper()
	text := b.log.String()
	for _, res := range accepted.FindAllString(text, -1) {
		if !strings.Contains(res, "<sip:"+number+"@") || !toInvite.MatchString(res) {
			continue
		}
		tags := map[string]string{}
		for _, m := range tagged.FindAllStringSubmatch(res, -1) {
			tags[m[1]] = m[2]
		}
		id := callID.FindStringSubmatch(res)
		require.Len(b.t, id, 2, res)
		return id[1] + "%3Bto-tag%3D" + tags["To"] + "%3Bfrom-tag%3D" + tags["From"]
	}
	b.t.Fatalf("baresip has placed no call to %s:\n%s", number, text)
	return ""
}
