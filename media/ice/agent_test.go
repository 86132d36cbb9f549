package ice

import (
	"encoding/hex"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pion/stun/v4"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var (
	noon    = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	home    = netip.MustParseAddrPort("192.0.2.1:5004")
	abroad  = netip.MustParseAddrPort("[2001:db8::1]:6000")
	useThis = attribute{stun.AttrUseCandidate, nil}
)

type attribute struct {
	kind  stun.AttrType
	value []byte
}

func (a attribute) AddTo(m *stun.Message) error {
	m.Add(a.kind, a.value)
	return nil
}

// check is a full agent's connectivity check, with whatever else it has to say.
func check(t testing.TB, to Credentials, from string, more ...stun.Setter) []byte {
	t.Helper()
	setters := []stun.Setter{
		stun.BindingRequest, stun.TransactionID, stun.NewUsername(to.Ufrag + ":" + from),
		attribute{stun.AttrPriority, []byte{1, 2, 3, 4}}, attribute{stun.AttrICEControlling, make([]byte, 8)},
	}
	setters = append(setters, more...)
	m, err := stun.Build(append(setters, stun.NewShortTermIntegrity(to.Password), stun.Fingerprint)...)
	require.NoError(t, err)
	return m.Raw
}

// answered checks a reply the way the peer does.
func answered(t testing.TB, request, reply []byte, key string, want stun.MessageType) *stun.Message {
	t.Helper()
	m, asked := new(stun.Message), new(stun.Message)
	require.NoError(t, stun.Decode(reply, m))
	require.NoError(t, stun.Decode(request, asked))
	require.Equal(t, want, m.Type)
	require.Equal(t, asked.TransactionID, m.TransactionID)
	require.NoError(t, stun.Fingerprint.Check(m))
	if key == "" {
		require.False(t, m.Contains(stun.AttrMessageIntegrity))
	} else {
		require.NoError(t, stun.MessageIntegrity(key).Check(m))
	}
	return m
}

func refused(t testing.TB, request, reply []byte, key string, want stun.ErrorCode) {
	t.Helper()
	var code stun.ErrorCodeAttribute
	require.NoError(t, code.GetFrom(answered(t, request, reply, key, stun.BindingError)))
	require.Equal(t, want, code.Code)
}

func newAgent(t testing.TB) *Agent {
	t.Helper()
	a := NewAgent()
	require.NoError(t, a.Expect("peer"))
	return a
}

func TestACheckIsAnswered(t *testing.T) {
	for _, from := range []netip.AddrPort{home, abroad} {
		a := newAgent(t)
		request := check(t, a.Local(), "peer")
		reply, selected, err := a.Take(request, from, noon)
		require.NoError(t, err)
		require.False(t, selected)
		require.False(t, a.Selected().IsValid())
		var mapped stun.XORMappedAddress
		require.NoError(t, mapped.GetFrom(answered(t, request, reply, a.Local().Password, stun.BindingSuccess)))
		require.Equal(t, from.String(), mapped.String())
	}
}

func TestTheLastNominationCounts(t *testing.T) {
	a := newAgent(t)
	take := func(from netip.AddrPort, more ...stun.Setter) bool {
		_, selected, err := a.Take(check(t, a.Local(), "peer", more...), from, noon)
		require.NoError(t, err)
		return selected
	}
	require.False(t, take(abroad))
	require.True(t, take(home, useThis))
	require.Equal(t, home, a.Selected())
	require.False(t, take(home, useThis), "no news")
	require.False(t, take(abroad), "checked, not nominated")
	require.Equal(t, home, a.Selected())
	require.True(t, take(abroad, useThis))
	require.Equal(t, abroad, a.Selected())
}

func TestAPeerIsAliveWhileItChecks(t *testing.T) {
	a := newAgent(t)
	require.False(t, a.Alive(noon))
	_, _, err := a.Take(check(t, a.Local(), "peer"), home, noon)
	require.NoError(t, err)
	require.Equal(t, noon, a.Checked())
	require.True(t, a.Alive(noon))
	require.True(t, a.Alive(noon.Add(Consent-1)))
	require.False(t, a.Alive(noon.Add(Consent)))

	_, _, err = a.Take(check(t, Credentials{a.Local().Ufrag, "guessed"}, "peer", useThis), home, noon.Add(Consent))
	require.ErrorIs(t, err, ErrAuth)
	require.False(t, a.Alive(noon.Add(Consent)), "anyone could have sent this")
	require.False(t, a.Selected().IsValid())
}

func TestRequestsAreRefused(t *testing.T) {
	a := newAgent(t)
	local := a.Local()
	build := func(setters ...stun.Setter) []byte {
		m, err := stun.Build(append([]stun.Setter{stun.BindingRequest, stun.TransactionID}, setters...)...)
		require.NoError(t, err)
		return m.Raw
	}
	key := stun.NewShortTermIntegrity(local.Password)
	for _, c := range []struct {
		name    string
		request []byte
		err     error
		code    stun.ErrorCode
		sealed  bool
	}{
		{"no credentials", build(useThis), ErrAuth, stun.CodeBadRequest, false},
		{"no user name", build(useThis, key), ErrAuth, stun.CodeBadRequest, false},
		{"no integrity", build(stun.NewUsername(local.Ufrag + ":peer")), ErrAuth, stun.CodeBadRequest, false},
		{"another's ufrag", check(t, Credentials{"else", local.Password}, "peer", useThis), ErrAuth, stun.CodeUnauthorized, false},
		{"another peer", check(t, local, "pear", useThis), ErrAuth, stun.CodeUnauthorized, false},
		{"no peer", build(stun.NewUsername(local.Ufrag), key), ErrAuth, stun.CodeUnauthorized, false},
		{"wrong password", check(t, Credentials{local.Ufrag, "guessed"}, "peer", useThis), ErrAuth, stun.CodeUnauthorized, false},
		{"nobody's ufrag", check(t, Credentials{}, "", useThis), ErrAuth, stun.CodeUnauthorized, false},
		{"controlled", check(t, local, "peer", attribute{stun.AttrICEControlled, make([]byte, 8)}), ErrConflict, stun.CodeRoleConflict, true},
		{"unknown attribute", check(t, local, "peer", attribute{0x7FF0, nil}), ErrUnknown, stun.CodeUnknownAttribute, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			reply, selected, err := a.Take(c.request, home, noon)
			require.ErrorIs(t, err, c.err)
			require.False(t, selected)
			require.True(t, a.Checked().IsZero())
			password := ""
			if c.sealed {
				password = local.Password
			}
			refused(t, c.request, reply, password, c.code)
		})
	}
	t.Run("the unknown attribute is named", func(t *testing.T) {
		request := check(t, local, "peer", attribute{0x7FF0, nil}, attribute{0xFFF0, nil})
		reply, _, _ := a.Take(request, home, noon)
		var unknown stun.UnknownAttributes
		require.NoError(t, unknown.GetFrom(answered(t, request, reply, local.Password, stun.BindingError)))
		require.Equal(t, stun.UnknownAttributes{0x7FF0}, unknown)
	})
}

func TestWhatIsNoRequestGetsNoReply(t *testing.T) {
	a := newAgent(t)
	good := check(t, a.Local(), "peer", useThis)
	changed := append([]byte{}, good...)
	changed[len(changed)-1] ^= 1
	response, err := stun.Build(stun.BindingSuccess, stun.TransactionID)
	require.NoError(t, err)
	for name, datagram := range map[string][]byte{
		"nothing": nil, "half": good[:30], "junk": []byte(strings.Repeat("x", 40)), "wrong FINGERPRINT": changed,
		"a byte too many": append(append([]byte{}, good...), 0), "a response": response.Raw,
	} {
		reply, selected, err := a.Take(datagram, home, noon)
		require.ErrorIs(t, err, ErrMessage, name)
		require.Nil(t, reply, name)
		require.False(t, selected, name)
	}
	indication, err := stun.Build(stun.NewType(stun.MethodBinding, stun.ClassIndication), stun.TransactionID)
	require.NoError(t, err)
	reply, selected, err := a.Take(indication.Raw, home, noon)
	require.NoError(t, err)
	require.Nil(t, reply)
	require.False(t, selected)
	require.True(t, a.Checked().IsZero())
}

// What follows MESSAGE-INTEGRITY anyone may have added.
func TestNobodyElseNominates(t *testing.T) {
	a := newAgent(t)
	forged, err := stun.Build(
		stun.BindingRequest, stun.TransactionID, stun.NewUsername(a.Local().Ufrag+":peer"),
		stun.NewShortTermIntegrity(a.Local().Password), useThis, stun.Fingerprint,
	)
	require.NoError(t, err)
	_, selected, err := a.Take(forged.Raw, abroad, noon)
	require.NoError(t, err)
	require.False(t, selected)
}

func TestARestart(t *testing.T) {
	a := newAgent(t)
	before := a.Local()
	_, _, err := a.Take(check(t, before, "peer", useThis), home, noon)
	require.NoError(t, err)

	a.Restart()
	after := a.Local()
	require.NotEqual(t, before, after)
	require.Empty(t, a.Remote())
	require.Equal(t, home, a.Selected(), "audio goes on meanwhile")
	a.Restart() // asked for again before the first was answered
	require.NotEqual(t, after, a.Local())
	after = a.Local()
	require.NoError(t, a.Expect("anew"))

	_, _, err = a.Take(check(t, before, "peer"), home, noon.Add(time.Second))
	require.NoError(t, err, "and so does consent")
	_, _, err = a.Take(check(t, after, "peer"), home, noon)
	require.ErrorIs(t, err, ErrAuth, "new password, old user")
	_, selected, err := a.Take(check(t, after, "anew", useThis), abroad, noon)
	require.NoError(t, err)
	require.True(t, selected)
	_, _, err = a.Take(check(t, before, "peer"), home, noon)
	require.ErrorIs(t, err, ErrAuth, "the former credentials have had their time")
}

func TestChecksMayComeBeforeTheAnswer(t *testing.T) {
	a := NewAgent()
	_, selected, err := a.Take(check(t, a.Local(), "whoever", useThis), home, noon)
	require.NoError(t, err)
	require.True(t, selected)
}

func TestExpectRefuses(t *testing.T) {
	a := newAgent(t)
	for _, ufrag := range []string{"", "abc", "ab:cd", "ab cd", "äöüß", strings.Repeat("x", 257)} {
		require.ErrorIs(t, a.Expect(ufrag), ErrBadUfrag, ufrag)
	}
	require.Equal(t, "peer", a.Remote())
}

// The sample request of RFC 5769 section 2.1, whose sender is controlled.
func TestTheSampleRequest(t *testing.T) {
	sample, err := hex.DecodeString("000100582112a442b7e7a701bc34d686fa87dfae" +
		"802200105354554e207465737420636c69656e74" + "002400046e0001ff" + "80290008932ff9b151263b36" +
		"000600096576746a3a68367659202020" + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2" + "80280004e57a3bcf")
	require.NoError(t, err)
	a := &Agent{current: generation{local: Credentials{"evtj", "VOkJxbRl1RmTxUk/WvJxBt"}, remote: "h6vY"}}
	reply, _, err := a.Take(sample, home, noon)
	require.ErrorIs(t, err, ErrConflict)
	refused(t, sample, reply, "VOkJxbRl1RmTxUk/WvJxBt", stun.CodeRoleConflict)
	ufrag, ok := Username(sample)
	require.True(t, ok)
	require.Equal(t, "evtj", ufrag)
}

func TestUsername(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		ours := rapid.StringMatching(`[a-z+/0-9]{4,12}`).Draw(r, "ours")
		request := check(t, Credentials{ours, "password"}, rapid.StringMatching(`[a-z]{4,9}`).Draw(r, "theirs"))
		got, ok := Username(request)
		require.True(r, ok)
		require.Equal(r, ours, got)
		_, ok = Username(request[:rapid.IntRange(0, 24+len(ours)).Draw(r, "cut")])
		require.False(r, ok)
	})
	m, err := stun.Build(stun.BindingRequest, stun.TransactionID, stun.Fingerprint)
	require.NoError(t, err)
	_, ok := Username(m.Raw)
	require.False(t, ok)
}

func TestAttributes(t *testing.T) {
	a := NewAgent()
	require.Regexp(t, `^[A-Za-z0-9+/]{8}$`, a.Local().Ufrag)
	require.Regexp(t, `^[A-Za-z0-9+/]{24}$`, a.Local().Password)
	require.NotEqual(t, a.Local(), NewAgent().Local())
	require.Equal(t, []string{
		"ice-ufrag:" + a.Local().Ufrag, "ice-pwd:" + a.Local().Password,
		"candidate:1 1 udp 2130706431 192.0.2.1 5004 typ host",
		"candidate:2 1 udp 2130706175 2001:db8::1 6000 typ host",
		"end-of-candidates",
	}, a.Attributes(home, abroad))
	require.Contains(t, SessionAttributes(), "ice-lite")
}

func TestACheckCostsFewAllocations(t *testing.T) {
	a := newAgent(t)
	request := check(t, a.Local(), "peer", useThis)
	perCheck := testing.AllocsPerRun(200, func() { a.Take(request, home, noon) })
	require.LessOrEqual(t, perCheck, 12.0, "3, and what the race detector has pools forget")
}

func FuzzTake(f *testing.F) {
	seed := &Agent{current: generation{local: Credentials{"evtj", "VOkJxbRl1RmTxUk/WvJxBt"}, remote: "h6vY"}}
	f.Add(check(f, seed.Local(), "h6vY", useThis))
	f.Add(check(f, seed.Local(), "h6vY", attribute{0x7FF0, []byte{1, 2, 3}}))
	f.Add(check(f, Credentials{"evtj", "wrong"}, "h6vY"))
	f.Add([]byte("\x00\x01\x00\x00\x21\x12\xa4\x42abcdefghijkl"))
	f.Fuzz(func(t *testing.T, datagram []byte) {
		a := *seed
		reply, selected, err := a.Take(datagram, home, noon)
		if err != nil {
			require.False(t, selected)
		}
		if reply != nil {
			require.NoError(t, stun.Decode(reply, new(stun.Message)))
			require.LessOrEqual(t, len(reply), len(datagram)+72, "no amplifier")
		}
		if ufrag, ok := Username(datagram); ok && err == nil {
			require.Equal(t, "evtj", ufrag)
		}
	})
}

func FuzzUsername(f *testing.F) {
	peer := Credentials{"evtj", "VOkJxbRl1RmTxUk/WvJxBt"}
	f.Add(check(f, peer, "h6vY", useThis))
	f.Add([]byte("\x00\x01\x00\x08\x21\x12\xa4\x42abcdefghijkl\x00\x06\x00\x03a:b\x00"))
	f.Add([]byte("\x00\x01\x00\x08\x21\x12\xa4\x42abcdefghijkl\x00\x06\xff\xff"))
	f.Fuzz(func(t *testing.T, datagram []byte) {
		ufrag, ok := Username(datagram)
		if !ok {
			require.Empty(t, ufrag)
			return
		}
		require.NotEmpty(t, ufrag)
		require.NotContains(t, ufrag, ":")
		require.Contains(t, string(datagram), ufrag+":")
	})
}

func BenchmarkTake(b *testing.B) {
	a := newAgent(b)
	request := check(b, a.Local(), "peer", useThis)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := a.Take(request, home, noon); err != nil {
			b.Fatal(err)
		}
	}
}
