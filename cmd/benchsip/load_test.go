//go:build linux

package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAStreamKnowsItsGaps(t *testing.T) {
	s := &stream{}
	for _, n := range []uint16{65533, 65534, 0, 1, 65535, 3, 3} { // one comes late, one is missing, one comes twice
		s.take(n)
	}
	require.Equal(t, 0, s.lost(), "what comes twice makes up for what is missing: networks on loopback repeat nothing")
	s.take(6)
	require.Equal(t, 2, s.lost())
}

func TestWhatIsReadOfAMessage(t *testing.T) {
	text := []byte("SIP/2.0 200 OK\r\nTo: <sip:400@h>;tag=x\r\nCall-ID: bench-7@h\r\nCSeq: 1 INVITE\r\n\r\nm=audio 4000 RTP/AVP 8\r\n")
	require.Equal(t, "<sip:400@h>;tag=x", string(line(text, "To: ")))
	require.Equal(t, "4000 RTP/AVP 8", string(line(text, "m=audio ")))
	require.Nil(t, line(text, "From: "))
}

func TestQuantiles(t *testing.T) {
	require.Zero(t, quantile(nil, .5))
	all := []time.Duration{3, 1, 2, 4}
	require.Equal(t, time.Duration(3), quantile(all, .5))
	require.Equal(t, time.Duration(4), quantile(all, .99))
}

func TestThePlanIsChecked(t *testing.T) {
	for _, args := range [][]string{{"-cores", "0,0"}, {"-first", "0"}, {"-calls", "5000"}, {"-window", "1ms"}} {
		_, _, err := parse(args)
		require.Error(t, err, args)
	}
	p, _, err := parse([]string{"-quick", "-parts", "flood"})
	require.NoError(t, err)
	require.True(t, p.has("flood"))
	require.False(t, p.has("calls"))
}
