package media

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/pion/sdp/v3"
	"github.com/stretchr/testify/require"
)

// text joins the lines of a description.
func text(lines ...string) []byte { return []byte(strings.Join(lines, "\r\n") + "\r\n") }

// Descriptions as these programs write them.
var (
	linphone = text("v=0", "o=1001 2561 3121 IN IP4 192.0.2.7", "s=Talk", "c=IN IP4 192.0.2.7", "t=0 0",
		"a=rtcp-xr:rcvr-rtt=all:10000 stat-summary=loss,dup,jitt,TTL voip-metrics", "a=record:off",
		"m=audio 7078 RTP/AVP 96 97 0 8 101 99 100", "a=rtpmap:96 opus/48000/2", "a=fmtp:96 useinbandfec=1",
		"a=rtpmap:97 speex/16000", "a=rtpmap:101 telephone-event/48000", "a=rtpmap:99 telephone-event/16000",
		"a=rtpmap:100 telephone-event/8000", "a=rtcp-fb:* trr-int 5000", "a=rtcp-fb:* ccm tmmbr",
		"m=video 9078 RTP/AVP 96", "a=rtpmap:96 VP8/90000")
	baresip = text("v=0", "o=- 1438127349 1047463832 IN IP4 192.0.2.8", "s=-", "c=IN IP4 192.0.2.8", "t=0 0",
		"a=tool:baresip 1.0.0", "m=audio 10072 RTP/AVP 8 0 101", "b=AS:125", "a=rtpmap:8 PCMA/8000",
		"a=rtpmap:0 PCMU/8000", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=rtcp:10073",
		"a=sendrecv", "a=label:1", "a=rtcp-rsize", "a=ssrc:1389023 cname:sip:a@b", "a=ptime:20")
	sipp = text("v=0", "o=user1 53655765 2353687637 IN IP4 192.0.2.9", "s=-", "c=IN IP4 192.0.2.9", "t=0 0",
		"m=audio 6000 RTP/AVP 0", "a=rtpmap:0 PCMU/8000")
	asterisk = text("v=0", "o=- 1731243513 1731243513 IN IP4 192.0.2.10", "s=Asterisk", "c=IN IP4 192.0.2.10", "t=0 0",
		"m=audio 12050 RTP/AVP 18 0 8 101", "a=rtpmap:18 G729/8000", "a=fmtp:18 annexb=no", "a=rtpmap:0 PCMU/8000",
		"a=rtpmap:8 PCMA/8000", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16", "a=ptime:20", "a=maxptime:150",
		"a=sendrecv")
)

// offering describes PCMA and PCMU at 192.0.2.1:4000, with more lines in the audio.
func offering(lines ...string) []byte {
	return text(append([]string{"v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0",
		"m=audio 4000 RTP/AVP 8 0"}, lines...)...)
}

func parse(t testing.TB, body []byte) *sdp.SessionDescription {
	t.Helper()
	var d sdp.SessionDescription
	require.NoError(t, d.Unmarshal(body), "%s", body)
	return &d
}

// audio gives the m-line and direction of the only audio that is not refused.
func audio(t testing.TB, body []byte) string {
	t.Helper()
	for _, m := range parse(t, body).MediaDescriptions {
		for _, direction := range directions {
			if _, has := m.Attribute(direction); has && m.MediaName.Media == "audio" {
				return strings.Join(m.MediaName.Formats, " ") + " " + direction
			}
		}
	}
	return ""
}

func newTestPort(t testing.TB, l Listener) *Port {
	t.Helper()
	p, err := newEngine(t).NewPort(l)
	require.NoError(t, err)
	return p
}

func TestAnswers(t *testing.T) {
	cases := []struct {
		name   string
		offer  []byte
		answer string // formats and direction
		remote string // where we send to, "" nowhere
	}{
		{"linphone", linphone, "0 100 sendrecv", "192.0.2.7:7078"},
		{"baresip", baresip, "8 101 sendrecv", "192.0.2.8:10072"},
		{"sipp", sipp, "0 sendrecv", "192.0.2.9:6000"},
		{"asterisk", asterisk, "0 101 sendrecv", "192.0.2.10:12050"},
		{"static types without rtpmap", offering(), "8 sendrecv", "192.0.2.1:4000"},
		{"line feeds only", []byte(strings.ReplaceAll(string(sipp), "\r", "")), "0 sendrecv", "192.0.2.9:6000"},
		{"address in the media line", offering("c=IN IP4 192.0.2.2"), "8 sendrecv", "192.0.2.2:4000"},
		{"sendonly", offering("a=sendonly"), "8 recvonly", ""},
		{"recvonly", offering("a=recvonly"), "8 sendonly", "192.0.2.1:4000"},
		{"inactive", offering("a=inactive"), "8 inactive", ""},
		{"unspecified address", offering("c=IN IP4 0.0.0.0"), "8 sendrecv", ""},
		{"direction of the session", text("v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0",
			"a=sendonly", "m=audio 4000 RTP/AVP 0"), "0 recvonly", ""},
		{"direction of the session overruled", text("v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1",
			"t=0 0", "a=sendonly", "m=audio 4000 RTP/AVP 0", "a=sendrecv"), "0 sendrecv", "192.0.2.1:4000"},
		{"lines in another order, no s= and t=", text("v=0", "o=- 1 1 IN IP4 192.0.2.1", "a=sendrecv", "b=AS:80",
			"c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 8"), "8 sendrecv", "192.0.2.1:4000"},
		{"a number of its own for PCMA", text("v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0",
			"m=audio 4000 RTP/AVP 110", "a=rtpmap:110 pcma/8000"), "110 sendrecv", "192.0.2.1:4000"},
		{"a static number for something else", text("v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0",
			"m=audio 4000 RTP/AVP 8 0", "a=rtpmap:8 L16/44100"), "0 sendrecv", "192.0.2.1:4000"},
		{"AVPF", text("v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0",
			"m=audio 4000 RTP/AVPF 0"), "0 sendrecv", "192.0.2.1:4000"},
		{"IPv6", text("v=0", "o=- 1 1 IN IP6 2001:db8::1", "s=-", "c=IN IP6 2001:db8::1", "t=0 0",
			"m=audio 4000 RTP/AVP 0"), "0 sendrecv", "[2001:db8::1]:4000"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p, err := engineOfBoth(t).NewPort(nil)
			require.NoError(t, err)
			answer, err := p.Answer(c.offer)
			require.NoError(t, err)
			require.Equal(t, c.answer, audio(t, answer), "%s", answer)
			p.out.mu.Lock()
			defer p.out.mu.Unlock()
			require.Equal(t, c.remote == "", p.out.silent())
			if c.remote != "" {
				require.Equal(t, netip.MustParseAddrPort(c.remote), p.out.remote)
			}
		})
	}
}

func TestBadOffersSayWhy(t *testing.T) {
	cases := []struct {
		name  string
		offer []byte
		err   error
		says  string
	}{
		{"nothing", nil, ErrBadSDP, ""},
		{"noise", []byte("\x00\xff\xfehello"), ErrBadSDP, ""},
		{"another document", []byte("<html></html>"), ErrBadSDP, ""},
		{"a word for a port", text("v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0",
			"m=audio many RTP/AVP 8"), ErrBadSDP, "many"},
		{"port too high", text("v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0",
			"m=audio 70000 RTP/AVP 8"), ErrBadSDP, "70000"},
		{"no address", text("v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "t=0 0", "m=audio 4000 RTP/AVP 8"), ErrBadSDP, "c="},
		{"a name for an address", offering("c=IN IP4 phone.example.com"), ErrBadSDP, "phone.example.com"},
		{"payload type too high", text("v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0",
			"m=audio 4000 RTP/AVP 8 128"), ErrBadSDP, "128"},
		{"no media", text("v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0"), ErrNoCommonCodec, "no media line"},
		{"video only", text("v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0",
			"m=video 4000 RTP/AVP 96"), ErrNoCommonCodec, "video 4000"},
		{"other codecs", text("v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0",
			"m=audio 4000 RTP/AVP 18 97 101", "a=rtpmap:101 telephone-event/8000"), ErrNoCommonCodec, "18 97 101"},
		{"encryption without keys", text("v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0",
			"m=audio 4000 RTP/SAVP 8"), ErrNoSecurity, "encryption"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := newTestPort(t, nil)
			_, err := p.Answer(c.offer)
			require.ErrorIs(t, err, c.err)
			require.ErrorContains(t, err, c.says)
			require.ErrorIs(t, p.Accept(c.offer), c.err)

			answer, err := p.Answer(baresip) // and all is as it was
			require.NoError(t, err)
			require.Equal(t, "8 101 sendrecv", audio(t, answer))
		})
	}
}

func TestOtherMediaAreRefusedInPlace(t *testing.T) {
	p := newTestPort(t, nil)
	offer := text("v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0",
		"m=video 4002 RTP/AVP 96 97", "m=audio 0 RTP/AVP 8", "m=audio 4004 RTP/AVP 18", "m=audio 4006 RTP/AVP 0",
		"m=audio 4008 RTP/AVP 8", "m=application 4010 UDP/BFCP *")
	lines := func(body []byte) (all []string) {
		for _, m := range parse(t, body).MediaDescriptions {
			all = append(all, m.MediaName.String())
		}
		return all
	}
	answer, err := p.Answer(offer)
	require.NoError(t, err)
	port := p.Addr().Port()
	require.Equal(t, []string{"video 0 RTP/AVP 96 97", "audio 0 RTP/AVP 8", "audio 0 RTP/AVP 18",
		fmt.Sprintf("audio %d RTP/AVP 0", port), "audio 0 RTP/AVP 8", "application 0 UDP/BFCP *"}, lines(answer))

	again, err := p.Offer() // RFC 3264 section 8: the lines stay where they are
	require.NoError(t, err)
	require.Equal(t, []string{"video 0 RTP/AVP 96 97", "audio 0 RTP/AVP 8", "audio 0 RTP/AVP 18",
		fmt.Sprintf("audio %d RTP/AVP 0 8 9 101", port), "audio 0 RTP/AVP 8", "application 0 UDP/BFCP *"}, lines(again))
}

func TestOffers(t *testing.T) {
	p := newTestPort(t, nil)
	version := func(body []byte) uint64 { return parse(t, body).Origin.SessionVersion }
	first, err := p.Offer()
	require.NoError(t, err)
	require.Equal(t, "8 0 9 101 sendrecv", audio(t, first))
	require.Equal(t, p.Addr().Addr().String(), parse(t, first).ConnectionInformation.Address.Address)

	same, err := p.Offer()
	require.NoError(t, err)
	require.Equal(t, first, same, "nothing has changed")

	p.Prefer(PCMU)
	other, err := p.Offer()
	require.NoError(t, err)
	require.Equal(t, "0 8 101 sendrecv", audio(t, other))
	require.Equal(t, version(first)+1, version(other))
	require.Equal(t, parse(t, first).Origin.SessionID, parse(t, other).Origin.SessionID)

	require.NoError(t, p.Accept(baresip))
	require.Equal(t, PCMA, p.Codec())

	p.Hold(true)
	hold, err := p.Offer()
	require.NoError(t, err)
	require.Equal(t, "8 0 101 sendonly", audio(t, hold), "the codec that was agreed upon comes first")
	answer, err := p.Answer(baresip)
	require.NoError(t, err)
	require.Equal(t, "8 101 sendonly", audio(t, answer))
	p.Hold(false)
	back, err := p.Answer(baresip)
	require.NoError(t, err)
	require.Equal(t, "8 101 sendrecv", audio(t, back))
	require.Equal(t, version(answer)+1, version(back))
}

func TestHoldIsReportedWhenItChanges(t *testing.T) {
	forms := map[string][]string{
		"sendonly": {"a=sendonly"}, "inactive": {"a=inactive"}, "address": {"c=IN IP4 0.0.0.0"},
		"address and inactive": {"c=IN IP4 0.0.0.0", "a=inactive"},
	}
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			heard := newNotes()
			p := newTestPort(t, heard)
			answer := func(lines ...string) {
				_, err := p.Answer(offering(lines...))
				require.NoError(t, err)
			}
			answer()
			answer(form...)
			answer(form...)
			answer()
			answer("a=recvonly")
			_, err := p.Offer()
			require.NoError(t, err)
			require.NoError(t, p.Accept(offering(form...)))
			require.NoError(t, p.Accept(offering()))
			for _, want := range []bool{true, false, true, false} {
				require.Equal(t, want, await(t, heard.held))
			}
			require.Empty(t, heard.held)
		})
	}
}

func TestNothingIsSentToAPeerThatHolds(t *testing.T) {
	e := newEngine(t)
	f := newPhone(t, PCMA)
	p := f.call(e, newNotes())
	p.Play(true, Tone(400, tick))
	before := f.hearN(3)

	_, err := p.Answer(f.sdp("a=sendonly"))
	require.NoError(t, err)
	before = append(before, f.waiting()...)
	p.SendDigit('1')
	await(t, p.Play(false, Tone(400, 5*tick)).Done()) // time passes all the same
	require.Empty(t, f.waiting())

	p.Play(true, Tone(400, tick))
	_, err = p.Answer(f.sdp())
	require.NoError(t, err)
	after := f.hearN(3)
	require.True(t, after[0].Marker)
	require.GreaterOrEqual(t, after[0].Timestamp-before[len(before)-1].Timestamp, uint32(5*frame))
	requireUnbroken(t, append(before, after...))
}

func TestARefusedLineIsLeftAlone(t *testing.T) {
	heard := newNotes()
	p := newTestPort(t, heard)
	_, err := p.Offer()
	require.NoError(t, err)
	require.NoError(t, p.Accept([]byte(strings.Replace(string(offering()), "audio 4000", "audio 0", 1))))
	require.True(t, await(t, heard.held))
	answer, err := p.Answer([]byte(strings.Replace(string(offering()), "audio 4000", "audio 0", 1)))
	require.NoError(t, err)
	require.Zero(t, parse(t, answer).MediaDescriptions[0].MediaName.Port.Value)
}

func FuzzAnswer(f *testing.F) {
	for _, seed := range phonesOffers(f) {
		f.Add(seed)
	}
	for _, seed := range [][]byte{linphone, baresip, sipp, asterisk, offering("a=inactive"), nil} {
		f.Add(seed)
	}
	e := newEngine(f)
	f.Fuzz(func(t *testing.T, offer []byte) {
		p, err := e.NewPort(nil)
		require.NoError(t, err)
		p.engine.sockets.rested()
		defer p.Close()
		answer, err := p.Answer(offer)
		if err != nil {
			require.Nil(t, answer)
			return
		}
		text, _, err := tidy(string(offer))
		require.NoError(t, err)
		require.Equal(t, strings.Count(text, "\nm="), strings.Count(string(answer), "\nm="))
		again, err := p.Answer(offer)
		require.NoError(t, err)
		require.Equal(t, answer, again, "the same offer gets the same answer")
		_, err = p.Offer()
		require.NoError(t, err)
	})
}

func FuzzAccept(f *testing.F) {
	for _, seed := range phonesOffers(f) {
		f.Add(seed)
	}
	for _, seed := range [][]byte{linphone, baresip, sipp, asterisk, offering("a=sendonly"), nil} {
		f.Add(seed)
	}
	e := newEngine(f)
	f.Fuzz(func(t *testing.T, answer []byte) {
		p, err := e.NewPort(nil)
		require.NoError(t, err)
		p.engine.sockets.rested()
		defer p.Close()
		_, err = p.Offer()
		require.NoError(t, err)
		before := p.Codec()
		if err := p.Accept(answer); err != nil {
			require.Equal(t, before, p.Codec(), "all stays as it was")
			return
		}
		require.NoError(t, p.Accept(answer), "an answer may come again")
		_, err = p.Offer()
		require.NoError(t, err)
	})
}

// rested lets closed ports be used at once.
func (r *portRange) rested() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.freeAt)
}
