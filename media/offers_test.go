package media

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// phonesOffers are offers as telephones of several kinds make them, by the name of their file.
func phonesOffers(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("testdata/sdp/*.sdp")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	offers := map[string][]byte{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		offers[filepath.Base(name)] = text
	}
	return offers
}

func TestAFaxIsRefusedInItsPlace(t *testing.T) {
	p, err := engineOfBoth(t).NewPort(nil)
	require.NoError(t, err)
	answer, err := p.Answer(phonesOffers(t)["fax-gateway.sdp"])
	require.NoError(t, err)
	require.Contains(t, string(answer), "m=image 0 udptl t38\r\nm=audio ")

	_, err = p.Answer([]byte("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=image 4000 udptl t38\r\n"))
	require.ErrorIs(t, err, ErrNoCommonCodec)
	_, err = p.Answer([]byte("v=0\r\nm=image\r\n"))
	require.ErrorIs(t, err, ErrBadSDP)
}

func TestTheOffersOfTelephones(t *testing.T) {
	answers := map[string]struct {
		codec    Codec
		carriage Carriage
		audio    string
	}{
		"chromium.sdp":        {G722, Browser, "9 126 sendrecv"},
		"desk-phone-srtp.sdp": {PCMA, SDES, "8 101 sendrecv"},
		"carrier.sdp":         {PCMA, Plain, "8 96 sendrecv"},
		"fax-gateway.sdp":     {PCMU, Plain, "0 inactive"},
		"phone-dtls.sdp":      {G722, DTLS, "9 101 sendrecv"},
	}
	for name, offer := range phonesOffers(t) {
		t.Run(name, func(t *testing.T) {
			p, err := engineOfBoth(t).NewPort(nil)
			require.NoError(t, err)
			answer, err := p.Answer(offer)
			require.NoError(t, err)
			want := answers[name]
			require.Equal(t, want.codec, p.Codec())
			require.Equal(t, want.carriage, p.session.keying.wanted)
			text, _, err := tidy(string(answer))
			require.NoError(t, err)
			require.Equal(t, want.audio, audio(t, []byte(text)))
			require.Equal(t, want.carriage != Plain, p.out.sealed)
			require.Equal(t, strings.Count(string(offer), "\nm="), strings.Count(string(answer), "\nm="))
		})
	}
}
