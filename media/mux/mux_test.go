package mux

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestKindOf(t *testing.T) {
	for want, datagrams := range map[Kind][][]byte{
		STUN:  {{0, 1}, {1, 1}, {3, 255}},
		DTLS:  {{20, 254}, {22, 254}, {63, 0}},
		RTP:   {{0x80, 0}, {0x80, 8}, {0x80, 0x88}, {0x90, 101}, {0x80, 96}, {0x80, 191}, {0x80, 224}, {191, 0}},
		RTCP:  {{0x80, 200}, {0x81, 201}, {0x80, 192}, {0x80, 223}},
		Other: {nil, {}, {0x80}, {4, 0}, {19, 0}, {64, 0}, {79, 0}, {127, 0}, {192, 0}, {255, 255}},
	} {
		for _, datagram := range datagrams {
			require.Equal(t, want, KindOf(datagram), "%v: %v", want, datagram)
		}
	}
}

func TestTellingRTCPFromRTP(t *testing.T) {
	for kind := range 256 {
		want := RTP
		if 192 <= kind && kind <= 223 { // RTP shuns the payload types 64 to 95 (RFC 5761 section 4)
			want = RTCP
		}
		require.Equal(t, want, KindOf([]byte{0x80, byte(kind), 0, 0}), "%d", kind)
	}
}
