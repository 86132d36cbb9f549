package sip

import (
	"strings"
	"testing"
	"unicode"

	sipmsg "github.com/emiago/sipgo/sip"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Whatever a name or number holds, the From made of it is one line, parses, and says the same.
func TestNamesCannotInject(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name, number := rapid.String().Draw(t, "name"), rapid.String().Draw(t, "number")
		from := sipmsg.FromHeader{DisplayName: quoted(name),
			Address: sipmsg.Uri{Scheme: "sip", User: userPart(number), Host: "192.0.2.1"}, Params: tagged("t")}
		text := from.Value()
		require.False(t, strings.ContainsFunc(text, unicode.IsControl), "%q", text)
		var uri sipmsg.Uri
		var params sipmsg.HeaderParams
		parsed, err := sipmsg.ParseAddressValue(text, &uri, &params)
		require.NoError(t, err, "%q", text)
		require.Equal(t, "192.0.2.1", uri.Host, "%q", text)
		require.Equal(t, "t", tagOf(params), "%q", text)
		require.Equal(t, plain(name), unquoted(parsed))
	})
}

// plain is what can be left of a name: control characters are spaces.
func plain(name string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, name))
}

// No datagram may crash what looks at it first.
func FuzzGate(f *testing.F) {
	f.Add([]byte("INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK1\r\nFrom: <sip:1001@b>;tag=1\r\nTo: <sip:b>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n\r\n"))
	f.Add([]byte("REGISTER sip:b SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK1\r\nFrom: <sip:1001@b>;tag=1\r\nTo: <sip:1001@b>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\nAuthorization: Digest x\r\n\r\n"))
	s, err := Listen(Config{Devices: devices("1001")})
	require.NoError(f, err)
	info := sipmsg.TransportReadProps{Transport: "UDP", LocalAddr: udpAddr("127.0.0.1:5060"), RemoteAddr: udpAddr("192.0.2.1:5060")}
	f.Fuzz(func(t *testing.T, data []byte) {
		s.strangers.used, s.crowd, s.bans = 0, newCrowd(), newBans(nil)
		passed, err := s.gate(info, data)
		require.NoError(t, err)
		require.Empty(t, passed)
		if msg, err := sipmsg.ParseMessage(data); err == nil {
			s.prepare(msg)
			if req, ok := msg.(*sipmsg.Request); ok {
				inspect(req)
				s.visitor(req)
			}
		}
	})
}
