package rtcp_test

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/media/rtcp"
)

const us, them = 0x11223344, 0xAABBCCDD

// noon is an instant whose NTP timestamp is E8D7D4C0.00000000.
var noon = time.Unix(0xE8D7D4C0-2_208_988_800, 0)

// datagram is written in hexadecimal; what follows a ; on a line is a comment.
func datagram(t testing.TB, lines string) []byte {
	t.Helper()
	var digits strings.Builder
	for line := range strings.Lines(lines) {
		line, _, _ = strings.Cut(line, ";")
		digits.WriteString(strings.Join(strings.Fields(line), ""))
	}
	b, err := hex.DecodeString(digits.String())
	require.NoError(t, err)
	return b
}

const senderReport = `
	82 C8 00 12          ; V=2, two blocks, SR, 19 words
	AABBCCDD             ; SSRC of the sender
	DEADBEEF 80000000    ; NTP timestamp
	00010203             ; RTP timestamp
	000003E8 00027100    ; 1000 packets, 160000 octets
	99999999 00000000 00000000 00000000 00000000 00000000 ; of somebody else's stream
	11223344             ; of ours
	40 000019            ; a quarter lost, 25 in all
	00012345             ; one cycle, 0x2345
	00000050             ; jitter 80
	D4BF8000 00004000    ; LSR half a second before noon, DLSR a quarter of a second
	`

const receiverReport = `
	81 C9 00 07 AABBCCDD 11223344 00 FFFFFE 00000007 00000000 00000000 00000000 ; RR: two more came than were sent
	`

const sourceDescription = `
	81 CA 00 03 AABBCCDD 01 03 612E62 000000 ; SDES: CNAME "a.b"
	`

func TestReading(t *testing.T) {
	view := rtcp.View{FractionLost: 0.25, Lost: 25, Highest: 0x12345, Jitter: 80, RoundTrip: 250 * time.Millisecond, Timed: true}
	tooMany := rtcp.View{Lost: -2, Highest: 7}
	for name, of := range map[string]struct {
		datagram string
		want     rtcp.Heard
	}{
		"SR and SDES": {senderReport + sourceDescription, rtcp.Heard{SSRC: them, View: &view}},
		"RR and SDES": {receiverReport + sourceDescription, rtcp.Heard{SSRC: them, View: &tooMany}},
		"RR alone":    {receiverReport, rtcp.Heard{SSRC: them, View: &tooMany}},
		"no blocks":   {"80 C9 00 01 AABBCCDD", rtcp.Heard{SSRC: them}},
		"profile":     {"80 C9 00 02 AABBCCDD 00000001 ; an extension of a profile", rtcp.Heard{SSRC: them}},
		"BYE":         {"80 C9 00 01 AABBCCDD 81 CB 00 03 AABBCCDD 06 6D7920666F6F 00", rtcp.Heard{SSRC: them, Bye: true}},
		"BYE alone":   {"81 CB 00 01 AABBCCDD", rtcp.Heard{Bye: true}},
		"BYE of none": {"80 CB 00 00", rtcp.Heard{}},
		"padding":     {"80 C9 00 01 AABBCCDD A1 CB 00 02 AABBCCDD 00000004", rtcp.Heard{SSRC: them, Bye: true}},
		"XR":          {"80 CF 00 02 AABBCCDD 07000000" + receiverReport, rtcp.Heard{SSRC: them, View: &tooMany}},
		"APP":         {receiverReport + "80 CC 00 02 AABBCCDD 41424344", rtcp.Heard{SSRC: them, View: &tooMany}},
		"unknown":     {"9F DF 00 00" + receiverReport, rtcp.Heard{SSRC: them, View: &tooMany}},
	} {
		got, err := rtcp.NewReporter(us, "us").Read(datagram(t, of.datagram), noon)
		require.NoError(t, err, name)
		require.Equal(t, of.want, got, name)
	}
}

func TestReadingGarbage(t *testing.T) {
	for name, bad := range map[string]string{
		"nothing":        "",
		"three bytes":    "80 C9 00",
		"RTP":            "80 08 00 01 00000000 11223344 D5D5D5D5",
		"RTP, marked":    "80 88 00 01 00000000 11223344 D5D5D5D5",
		"STUN":           "00 01 00 00 2112A442",
		"version 1":      "40 C9 00 01 AABBCCDD",
		"too long":       "80 C9 00 02 AABBCCDD",
		"tail":           "80 C9 00 01 AABBCCDD 80",
		"tail of zeros":  "80 C9 00 01 AABBCCDD 00000000",
		"blocks missing": "82 C9 00 07 AABBCCDD 11223344 00000000 00000000 00000000 00000000 00000000",
		"SR cut":         "80 C8 00 05 AABBCCDD 00000000 00000000 00000000 00000000",
		"BYE of many":    "9F CB 00 01 AABBCCDD",
		"our own":        "80 C9 00 01 11223344",
	} {
		r := rtcp.NewReporter(us, "us")
		heard, err := r.Read(datagram(t, bad), noon)
		require.ErrorIs(t, err, rtcp.ErrBad, name)
		require.Zero(t, heard, name)
	}
}

func TestABadDatagramLeavesNoTrace(t *testing.T) {
	r := rtcp.NewReporter(us, "us")
	_, err := r.Read(datagram(t, senderReport+"81 C9 00 01 AABBCCDD"), noon)
	require.ErrorIs(t, err, rtcp.ErrBad)
	of := parse(t, r.Write(nil, noon, rtcp.Sent{}, rtcp.Received{SSRC: them, Expected: 1, Packets: 1}))
	require.Zero(t, of.blocks[0].LastSenderReport)
}

func TestRoundTripsThatMakeNoSense(t *testing.T) {
	for name, of := range map[string]struct {
		lsr, dlsr string
		want      time.Duration
		timed     bool
	}{
		"no report of ours":  {"00000000", "00000000", 0, false},
		"at once":            {"D4C00000", "00000000", 0, true},
		"rounded below zero": {"D4C00000", "00000002", 0, true},
		"from the future":    {"D4C10000", "00000000", 0, false},
		"held too long":      {"D4BF0000", "00020000", 0, false},
		"ten seconds":        {"D4B60000", "00000000", 10 * time.Second, true},
		"more":               {"D4B50000", "00000000", 0, false},
		"another clock":      {"12345678", "00000000", 0, false},
	} {
		block := "81 C9 00 07 AABBCCDD 11223344 00000000 00000000 00000000" + of.lsr + of.dlsr
		heard, err := rtcp.NewReporter(us, "us").Read(datagram(t, block), noon)
		require.NoError(t, err, name)
		require.Equal(t, of.timed, heard.View.Timed, name)
		require.InDelta(t, of.want, heard.View.RoundTrip, 1e5, name)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		senderReport + sourceDescription, receiverReport, "81 CB 00 01 AABBCCDD", "80 CF 00 01 AABBCCDD", "80 C9 00 01 11223344",
	} {
		f.Add(datagram(f, seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		heard, err := rtcp.NewReporter(us, "us").Read(b, noon)
		if err != nil {
			require.ErrorIs(t, err, rtcp.ErrBad)
			require.Zero(t, heard)
			return
		}
		require.Zero(t, len(b)%4, "whole words")
		if v := heard.View; v != nil {
			require.True(t, 0 <= v.FractionLost && v.FractionLost < 1)
			require.True(t, -1<<23 <= v.Lost && v.Lost < 1<<23)
			require.True(t, 0 <= v.RoundTrip && v.RoundTrip <= 10*time.Second)
		}
	})
}
