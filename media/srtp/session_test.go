package srtp

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"log/slog"
	"testing"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// pair makes the two ends of a leg.
func pair(t testing.TB, profile Profile, mki []byte) (near, far *Session) {
	t.Helper()
	a, b := NewCrypto(1, profile).Key, NewCrypto(1, profile).Key
	near, err := NewSession(Keys{Profile: profile, Local: a, Remote: b, RemoteMKI: mki})
	require.NoError(t, err)
	far, err = NewSession(Keys{Profile: profile, Local: b, Remote: a})
	require.NoError(t, err)
	return near, far
}

// speech is a packet of 20 ms of G.711.
func speech(t testing.TB, ssrc uint32, seq uint16) []byte {
	t.Helper()
	p := rtp.Packet{
		Header:  rtp.Header{Version: 2, PayloadType: 8, SSRC: ssrc, SequenceNumber: seq, Timestamp: uint32(seq) * 160},
		Payload: bytes.Repeat([]byte{byte(seq)}, 160),
	}
	raw, err := p.Marshal()
	require.NoError(t, err)
	return raw
}

func report(t testing.TB, ssrc uint32) []byte {
	t.Helper()
	raw, err := rtcp.Marshal([]rtcp.Packet{
		&rtcp.SenderReport{SSRC: ssrc},
		&rtcp.SourceDescription{Chunks: []rtcp.SourceDescriptionChunk{{Source: ssrc}}},
	})
	require.NoError(t, err)
	return raw
}

func TestWhatIsSealedIsOpened(t *testing.T) {
	for profile, tag := range map[Profile]int{Tag80: 10, Tag32: 4} {
		t.Run(profile.String(), func(t *testing.T) {
			near, far := pair(t, profile, nil)
			rapid.Check(t, func(r *rapid.T) {
				p := rtp.Packet{Header: rtp.Header{
					Version: 2, PayloadType: rapid.Uint8Range(0, 127).Draw(r, "type"), SSRC: 7,
					Marker: rapid.Bool().Draw(r, "marker"), CSRC: rapid.SliceOfN(rapid.Uint32(), 0, 3).Draw(r, "sources"),
					SequenceNumber: near.sent.SequenceNumber + 1,
				}, Payload: rapid.SliceOfN(rapid.Byte(), 0, 400).Draw(r, "payload")}
				if rapid.Bool().Draw(r, "extended") {
					require.NoError(r, p.SetExtension(1, []byte{1, 2}))
				}
				raw, err := p.Marshal()
				require.NoError(r, err)

				sealed, err := near.Seal(make([]byte, 0, 1500), raw)
				require.NoError(r, err)
				require.Len(r, sealed, len(raw)+tag)
				require.Equal(r, raw[:p.MarshalSize()-len(p.Payload)], sealed[:len(raw)-len(p.Payload)], "the header stays readable")
				opened, err := far.Open(sealed[:0], sealed)
				require.NoError(r, err)
				require.Equal(r, raw, opened)
			})
		})
	}
}

func TestControlIsSealedAndOpened(t *testing.T) {
	near, far := pair(t, Tag32, nil)
	for range 3 {
		raw := report(t, 7)
		sealed, err := near.SealControl(nil, raw)
		require.NoError(t, err)
		require.Len(t, sealed, len(raw)+ControlOverhead)
		require.NotContains(t, string(sealed), string(raw[8:]))
		opened, err := far.OpenControl(nil, sealed)
		require.NoError(t, err)
		require.Equal(t, raw, opened)

		_, err = far.OpenControl(nil, sealed)
		require.ErrorIs(t, err, ErrReplay)
		sealed[9] ^= 1
		_, err = far.OpenControl(nil, sealed)
		require.ErrorIs(t, err, ErrReplay, "a replay is known before it costs anything")
	}
	sealed, err := near.SealControl(nil, report(t, 7))
	require.NoError(t, err)
	sealed[9] ^= 1
	_, err = far.OpenControl(nil, sealed)
	require.ErrorIs(t, err, ErrAuth)
}

func TestSealingInPlace(t *testing.T) {
	near, far := pair(t, Tag80, nil)
	raw := speech(t, 7, 1)
	buffer := append(make([]byte, 0, 1500), raw...)
	sealed, err := near.Seal(buffer[:0], buffer)
	require.NoError(t, err)
	require.Same(t, &buffer[0], &sealed[0])
	require.NotEqual(t, raw[12:], sealed[12:len(raw)])
	opened, err := far.Open(sealed[:0], sealed)
	require.NoError(t, err)
	require.Same(t, &buffer[0], &opened[0])
	require.Equal(t, raw, opened)
}

func TestForgeriesAndReplaysAreToldApart(t *testing.T) {
	near, far := pair(t, Tag80, nil)
	_, stranger := pair(t, Tag80, nil)
	sealed, err := near.Seal(nil, speech(t, 7, 1))
	require.NoError(t, err)

	_, err = stranger.Open(nil, sealed)
	require.ErrorIs(t, err, ErrAuth)
	for i := range sealed { // no bit of it may change; not in the header either
		forged := bytes.Clone(sealed)
		forged[i] ^= 1
		_, err = far.Open(nil, forged)
		require.Error(t, err, "byte %d", i)
		require.NotErrorIs(t, err, ErrReplay, "byte %d", i)
	}
	_, err = far.Open(nil, sealed)
	require.NoError(t, err, "forgeries have not used up the packet's number")
	_, err = far.Open(nil, sealed)
	require.ErrorIs(t, err, ErrReplay)
	require.NotErrorIs(t, err, ErrAuth)
}

func TestPacketsOutOfOrderAndPastTheWrap(t *testing.T) {
	near, far := pair(t, Tag80, nil)
	first := uint16(65536 - 200)
	var late []byte
	for i := range uint16(400) {
		sealed, err := near.Seal(nil, speech(t, 7, first+i))
		require.NoError(t, err)
		if i == 195 {
			late = sealed
			continue
		}
		_, err = far.Open(nil, sealed)
		require.NoError(t, err, "packet %d", i)
		if i == 210 { // beyond the wrap, the one from before it arrives
			_, err = far.Open(nil, late)
			require.NoError(t, err)
		}
	}
	_, err := far.Open(nil, late)
	require.ErrorIs(t, err, ErrReplay, "too old to tell")
}

func TestJunkIsRefused(t *testing.T) {
	near, far := pair(t, Tag80, []byte{1})
	hiding := []byte{0x90, 8, 0, 1, 0, 0, 0, 1, 0, 0, 0, 7, 0xC0, 0xDE, 0, 0}
	for _, junk := range [][]byte{
		nil, {0x80}, make([]byte, 12), append([]byte{0x40}, make([]byte, 40)...), speech(t, 7, 1)[:20],
		append(hiding, make([]byte, 40)...),
	} {
		_, err := far.Open(nil, junk)
		require.ErrorIs(t, err, ErrPacket, "%x", junk)
	}
	for _, junk := range [][]byte{nil, {0x80}, make([]byte, 21), make([]byte, 40)} {
		_, err := far.OpenControl(nil, junk)
		require.ErrorIs(t, err, ErrPacket, "%x", junk)
	}
	_, err := near.Seal(nil, []byte{0x80, 8})
	require.ErrorIs(t, err, ErrPacket)
	_, err = near.SealControl(nil, []byte{0x80, 200, 0, 0})
	require.ErrorIs(t, err, ErrPacket)
}

func TestAPeerHasSoManySSRCs(t *testing.T) {
	near, far := pair(t, Tag80, nil)
	for ssrc := range uint32(maxSources) {
		sealed, err := near.Seal(nil, speech(t, ssrc, 1))
		require.NoError(t, err)
		_, err = far.Open(nil, sealed)
		require.NoError(t, err)
	}
	sealed, err := near.Seal(nil, speech(t, maxSources, 1))
	require.NoError(t, err)
	_, err = far.Open(nil, sealed)
	require.ErrorIs(t, err, ErrPacket)
	sealed, err = near.Seal(nil, speech(t, 3, 2))
	require.NoError(t, err)
	_, err = far.Open(nil, sealed)
	require.NoError(t, err, "those that are known go on")
}

// The packet of RFC 3711's keys in appendix B.3, against what libsrtp makes of it (its test srtp_driver.c has the
// same key, packet and result).
func TestAKnownPacket(t *testing.T) {
	raw := func(text string) []byte {
		b, err := hex.DecodeString(text)
		require.NoError(t, err)
		return b
	}
	var keys Keys
	copy(keys.Local[:], raw("e1f97a0d3e018be0d64fa32c06de4139"+"0ec675ad498afeebb6960b3aabe6"))
	s, err := NewSession(keys)
	require.NoError(t, err)
	sealed, err := s.Seal(nil, raw("800f1234decafbadcafebabe"+"abababababababababababababababab"))
	require.NoError(t, err)
	require.Equal(t, "800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb", hex.EncodeToString(sealed))
}

func TestKeysAreShownToNobody(t *testing.T) {
	c := NewCrypto(1, Tag80)
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("key", "key", c.Key)
	for _, shown := range []string{
		fmt.Sprint(c.Key), fmt.Sprintf("%v %+v %#v %x %s", c.Key, c.Key, c.Key, c.Key, c.Key),
		fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", Keys{Local: c.Key}), log.String(),
	} {
		require.Contains(t, shown, "(secret)")
		require.NotContains(t, shown, hex.EncodeToString(c.Key[:4]))
	}
}

func TestNothingIsAllocatedForAPacket(t *testing.T) {
	near, far := pair(t, Tag80, nil)
	raw, buffer, clear := speech(t, 7, 1), make([]byte, 0, 1500), make([]byte, 0, 1500)
	seq := uint16(0)
	perPacket := testing.AllocsPerRun(1000, func() {
		seq++
		raw[2], raw[3] = byte(seq>>8), byte(seq)
		sealed, err := near.Seal(buffer, raw)
		if err != nil {
			panic(err)
		}
		if _, err := far.Open(clear, sealed); err != nil {
			panic(err)
		}
	})
	require.LessOrEqual(t, perPacket, 1.0, "none; but the race detector has pools forget every fourth buffer")
}

func BenchmarkSeal(b *testing.B) {
	near, _ := pair(b, Tag80, nil)
	raw, buffer := speech(b, 7, 1), make([]byte, 0, 1500)
	b.ReportAllocs()
	for b.Loop() {
		raw[3]++
		if raw[3] == 0 {
			raw[2]++
		}
		if _, err := near.Seal(buffer, raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	const run = 1 << 12
	near, far := pair(b, Tag80, nil)
	sealed := make([][]byte, run)
	buffer := make([]byte, 0, 1500)
	b.ReportAllocs()
	seq := uint16(0)
	for i := 0; b.Loop(); i++ {
		if i%run == 0 {
			b.StopTimer()
			for j := range sealed {
				seq++
				sealed[j], _ = near.Seal(nil, speech(b, 7, seq))
			}
			b.StartTimer()
		}
		if _, err := far.Open(buffer, sealed[i%run]); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzOpen shows that nobody makes a packet without the key, or changes one.
func FuzzOpen(f *testing.F) {
	near, far := pair(f, Tag80, nil)
	sealed, err := near.Seal(nil, speech(f, 7, 1))
	require.NoError(f, err)
	sealedReport, err := near.SealControl(nil, report(f, 7))
	require.NoError(f, err)
	f.Add(sealed[:20])
	f.Add(append([]byte{0x90}, sealed[1:]...))
	f.Add(append([]byte{0x81}, sealedReport[1:]...))
	f.Add(speech(f, 7, 2))
	f.Fuzz(func(t *testing.T, datagram []byte) {
		if bytes.Equal(datagram, sealed) || bytes.Equal(datagram, sealedReport) {
			return
		}
		opened, err := far.Open(nil, datagram)
		require.Error(t, err)
		require.Empty(t, opened)
		opened, err = far.OpenControl(nil, datagram)
		require.Error(t, err)
		require.Empty(t, opened)
	})
}
