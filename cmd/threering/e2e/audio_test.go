package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A caller's softphone in the codecs and the encryptions that there are, put through to another: both hear each other,
// left and right of the recording are theirs, and how good it was is kept.
func TestSoftphonesTalk(t *testing.T) {
	t.Parallel()
	const pcma = "PCMA/8000/1"
	for _, way := range []struct {
		name, codecs, carriage, codec string
		proof                         string // what the softphone's log says of its encryption
		apart                         bool   // its RTCP has a port of its own
	}{
		{name: "G.722 to PCMA", codecs: "G722/16000/1", codec: "G722"},
		{name: "PCMU to PCMA", codecs: "PCMU/8000/1", codec: "PCMU"},
		{name: "SDES", codecs: pcma, codec: "PCMA", carriage: "srtp-mand", proof: "SRTP is Enabled"},
		{name: "DTLS", codecs: pcma, codec: "PCMA", carriage: "dtls_srtp", proof: "DTLS-SRTP complete"},
		{name: "DTLS for RTP and RTCP", codecs: pcma, codec: "PCMA", carriage: "dtls_srtp", proof: "DTLS-SRTP complete", apart: true},
	} {
		t.Run(way.name, func(t *testing.T) {
			s := start(t)
			phone := s.baresip(softphone{user: "1001", hz: agentHz, codecs: pcma})
			caller := s.baresip(softphone{user: zhang, guest: true, hz: callerHz, codecs: way.codecs, carriage: way.carriage, apart: way.apart})
			s.talk(caller, 5*time.Second)
			caller.command("hangup")

			done := s.as("sup").newest(filed, "answered", 10*time.Second)
			requireStereo(t, s.as("qa"), done)
			require.GreaterOrEqual(t, seconds(phone.heard(), callerHz), 2.0, "the agent heard the caller")
			require.GreaterOrEqual(t, seconds(caller.heard(), agentHz), 2.0, "the caller heard the agent")
			require.Contains(t, caller.log.String(), way.proof)
			requireMeasured(t, done, way.codec, "PCMA")
		})
	}
}

// talk has a softphone call the hotline and ask for sales, where 1001's takes the call, and lets them talk for a while.
func (s *server) talk(caller *baresip, lasts time.Duration) {
	s.t.Helper()
	sup := s.as("sup")
	s.brief()
	require.Eventually(s.t, func() bool { return sup.agent("1001").Reachable }, 10*time.Second, 50*time.Millisecond)
	s.as("1001")
	events := sup.events()
	caller.command("dial", s.address("400"))
	await(s.t, events, "call.notice.played", 10*time.Second)
	caller.command("sndcode", "1")
	talking := await(s.t, events, "call.talk.started", 30*time.Second)
	wait(s.t, talking.At.Add(lasts))
}

// brief has the center greet in few words.
func (s *server) brief() {
	s.t.Helper()
	text, err := s.command("export")
	require.NoError(s.t, err)
	for _, prompt := range []string{"zh/welcome", "zh/recorded", "en/welcome"} {
		line := "          - " + prompt + "\n"
		require.Contains(s.t, text, line)
		text = strings.Replace(text, line, "", 1)
	}
	s.apply(text)
}

// requireMeasured checks what was kept of both legs' audio, and of who talked.
func requireMeasured(t *testing.T, d callDetail, callerCodec, agentCodec string) {
	t.Helper()
	codecs := map[string]string{}
	for _, e := range d.of("leg.measured") {
		q := e.Quality
		require.NotNil(t, q)
		codecs[e.By] = q.Codec
		require.Greater(t, q.Received.MOS, 4.0, "%+v", q.Received)
		require.NotNil(t, q.Sent, "the %s's softphone reports by RTCP", e.By)
		require.Greater(t, q.Sent.MOS, 4.0, "%+v", q.Sent)
		if e.By == "caller" { // the agent's report may come before there is one of ours to answer
			require.NotNil(t, q.Received.RoundTrip)
			require.Less(t, q.Received.RoundTrip.Mean, 1000.0)
		}
	}
	require.Equal(t, map[string]string{"caller": callerCodec, "agent": agentCodec}, codecs)
	talks := d.of("talk.ended")
	require.Len(t, talks, 1)
	require.NotNil(t, talks[0].Speech)
	require.Positive(t, talks[0].Speech.CallerMs)
	require.Positive(t, talks[0].Speech.AgentMs)
}

// A caller whose battery dies says no goodbye. The silence ends the call, and the agent is there for the next.
func TestACallerVanishes(t *testing.T) {
	s := start(t, "THREERING_RTP_SILENCE=5s")
	s.baresip(softphone{user: "1001", hz: agentHz})
	caller := s.baresip(softphone{user: zhang, guest: true, hz: callerHz})
	s.talk(caller, 0)
	caller.kill()

	sup := s.as("sup")
	done := sup.newest(filed, "answered", 20*time.Second)
	silent := done.of("leg.silent")
	require.Len(t, silent, 1)
	require.Equal(t, "caller", silent[0].By)
	require.Equal(t, "system", done.Call.EndedBy)
	sup.until("1001", "wrapup", 5*time.Second)
	s.as("1001").do("PUT", "/api/v1/calls/"+done.Call.ID+"/disposition", map[string]string{"reason": "order"}, nil)
	sup.until("1001", "available", 5*time.Second)
}

// A line without telephone-event: the key comes as its two tones in the audio.
func TestKeysByTones(t *testing.T) {
	s := start(t)
	s.fixed("1003")
	phone := s.sipp(scenario{name: "agent", port: s.phones["1003"], keys: map[string]string{"ring": "500", "audio": toneALaw(t, agentHz)}})
	s.as("1003")
	s.brief()
	sc := caller(t, "3", 10*time.Second)
	sc.name, sc.keys["key"] = "caller_tones", keyALaw(t, 697, 1477)
	s.sipp(sc).ok()
	phone.ok()
	done := s.as("sup").newest(filed, "answered", 10*time.Second)
	require.Equal(t, "complaint", done.Call.Queue)
	require.Len(t, done.of("keys.pressed"), 1)
	requireStereo(t, s.as("qa"), done)
}
