package media

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestAKeyIsHeardOnceWhateverTheNetworkDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var k keys
		var pressed, heard []rune
		timestamp := rapid.Uint32().Draw(t, "start")
		for range rapid.IntRange(1, 20).Draw(t, "keys") {
			code := rapid.IntRange(0, 15).Draw(t, "key")
			timestamp += uint32(rapid.IntRange(8*frame, 100*frame).Draw(t, "pause"))
			pressed = append(pressed, rune(keypad[code]))
			arriving := rapid.SliceOfN(rapid.IntRange(0, 7), 1, 16).Draw(t, "which of its packets arrive")
			for _, i := range arriving {
				payload := make([]byte, keyEventSize)
				keyEvent{byte(code), i >= 5, uint16(min(i+1, 5) * frame)}.put(payload)
				if key := k.press(1, timestamp, payload); key != 0 {
					heard = append(heard, key)
				}
			}
		}
		require.Equal(t, pressed, heard)
	})
}

func TestKeysThatOverlapInTheNetwork(t *testing.T) {
	var k keys
	one, two := []byte{1, 10, 0, 160}, []byte{2, 10, 0, 160}
	require.Equal(t, '1', k.press(1, 1000, one))
	require.Equal(t, '2', k.press(1, 3000, two))
	require.Zero(t, k.press(1, 1000, one), "late")
	require.Zero(t, k.press(1, 3000, two), "again")
	require.Equal(t, '1', k.press(2, 1000, one), "another stream")
}

func TestALongPressIsOne(t *testing.T) {
	var k keys
	held := []byte{11, 10, 0xFF, 0xFF}
	require.Equal(t, '#', k.press(1, 5, held))
	require.Zero(t, k.press(1, 5+0xFFFF, held), "its next part")
	require.Zero(t, k.press(1, 5+2*0xFFFF, held), "and the next")
	require.Zero(t, k.press(1, 9, []byte{16, 0, 0, 0}), "a flash is no key")
	require.Zero(t, k.press(1, 9, []byte{1, 0, 0}), "too short")
}

func FuzzKeyEvents(f *testing.F) {
	f.Add([]byte{1, 10, 0, 160}, uint32(1000), uint32(7))
	f.Add([]byte{11, 0x8A, 0xFF, 0xFF}, uint32(0xFFFFFFFF), uint32(0))
	f.Add([]byte{16, 0, 0}, uint32(0), uint32(0))
	f.Fuzz(func(t *testing.T, payload []byte, timestamp, ssrc uint32) {
		var k keys
		key := k.press(ssrc, timestamp, payload)
		require.Zero(t, k.press(ssrc, timestamp, payload), "nothing is pressed twice")
		event, ok := parseKeyEvent(payload)
		if key == 0 {
			require.True(t, !ok || int(event.code) >= len(keypad))
			return
		}
		require.Equal(t, rune(keypad[event.code]), key)
		again := append([]byte(nil), payload[:keyEventSize]...)
		event.put(again)
		written, _ := parseKeyEvent(again)
		require.Equal(t, event, written)
	})
}

func TestDigitsGoFromPortToPort(t *testing.T) {
	e := newEngine(t)
	heard := newNotes()
	a, b := connect(t, e, nil, heard)
	for _, key := range "05*#D" {
		a.SendDigit(key)
	}
	a.SendDigit('x')
	for _, key := range "05*#D" {
		require.Equal(t, string(key), string(heard.key(t)))
	}
	require.Eventually(t, func() bool { return b.Stats().PacketsIn == 5*8 }, patience, time.Millisecond)
	require.Empty(t, heard.digits)
}

func TestADigitTakesThePlaceOfAudio(t *testing.T) {
	e := newEngine(t)
	f := newPhone(t, PCMA)
	p := f.call(e, nil)
	p.Play(true, Tone(400, time.Second))
	f.hearN(2)
	p.SendDigit('3')
	heard := f.hearN(14)
	requireUnbroken(t, heard)
	first := -1
	for i, pkt := range heard {
		if pkt.PayloadType != 96 {
			continue
		}
		if first < 0 {
			first = i
		}
		n := i - first
		require.Less(t, n, 8, "they come in a row")
		e, ok := parseKeyEvent(pkt.Payload)
		require.True(t, ok)
		require.Equal(t, keyEvent{code: 3, end: n >= 5, duration: uint16(min(n+1, 5) * frame)}, e)
		require.Equal(t, heard[first].Timestamp, pkt.Timestamp)
		require.Equal(t, n == 0, pkt.Marker)
	}
	require.GreaterOrEqual(t, first, 0)
	after := heard[first+8]
	require.True(t, after.Marker, "audio begins again")
	require.Equal(t, heard[first].Timestamp+8*frame, after.Timestamp)
}

// connect opens two ports and has them agree by SDP.
func connect(t testing.TB, e *Engine, la, lb Listener) (a, b *Port) {
	t.Helper()
	a, err := e.NewPort(la)
	require.NoError(t, err)
	b, err = e.NewPort(lb)
	require.NoError(t, err)
	negotiate(t, a, b)
	return a, b
}

// negotiate has a offer and b answer; edit may change what they say on its way.
func negotiate(t testing.TB, a, b *Port, edit ...func(string) string) {
	t.Helper()
	said, err := a.Offer()
	require.NoError(t, err)
	for _, e := range edit {
		said = []byte(e(string(said)))
	}
	answer, err := b.Answer(said)
	require.NoError(t, err)
	for _, e := range edit {
		answer = []byte(e(string(answer)))
	}
	require.NoError(t, a.Accept(answer))
}

// dropLines takes the lines of a description away that contain any of some words, and payload type 101.
func dropLines(sdp string, words ...string) string {
	var kept []string
	for _, line := range strings.Split(sdp, "\r\n") {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(line, w) }) {
			kept = append(kept, strings.TrimSuffix(line, " 101"))
		}
	}
	return strings.Join(kept, "\r\n")
}
