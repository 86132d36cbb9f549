package g722

import (
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"
)

// speech is 1.2 seconds of a woman's voice, coded: "Please hold the line".
//
//go:embed testdata/speech.g722
var speech []byte

// random is a xorshift generator: the same numbers on every machine.
type random uint32

func (r *random) next() uint32 {
	*r ^= *r << 13
	*r ^= *r >> 17
	*r ^= *r << 5
	return uint32(*r)
}

// steps of full scale, each 1 to 64 samples long, overload the coder: its filters, its quantizers and its predictors.
func fullScale(n int) []int16 {
	r := random(1)
	pcm := make([]int16, 0, n)
	for len(pcm) < n {
		level := int16(0x7FFF)
		if r.next()&1 == 0 {
			level = -0x8000
		}
		for range min(r.next()%64+1, uint32(n-len(pcm))) {
			pcm = append(pcm, level)
		}
	}
	return pcm
}

// extremes are runs of the codes that stand for much, which no coder would send: they clip what can be clipped.
func extremes(n int) []byte {
	codes := [...]byte{0x84, 0xFF, 0x20, 0x00, 0x04, 0x40, 0xA0, 0xE0, 0xC4, 0x3F}
	r := random(2)
	payload := make([]byte, 0, n)
	for len(payload) < n {
		code := codes[r.next()%uint32(len(codes))]
		for range min(r.next()%20+1, uint32(n-len(payload))) {
			payload = append(payload, code)
		}
	}
	return payload
}

// anything is n random bytes.
func anything(n int) []byte {
	r := random(3)
	payload := make([]byte, n)
	for i := range payload {
		payload[i] = byte(r.next() >> 11)
	}
	return payload
}

// The sums are those of the ITU-T's own program (G.191, Software Tool Library), given the same.
func TestDecoderIsTheRecommendations(t *testing.T) {
	for name, v := range map[string]struct {
		payload []byte
		sum     string
	}{
		"speech":   {speech, "3c83c7a1998d78d415718099371add2e002ec95d5a4cd2ea5716ac985298e30c"},
		"anything": {anything(1 << 16), "73d86e8eb30e7278f89e568961d48f9a5f3ddceca6b5f5a39714c178d17427f5"},
		"extremes": {extremes(1 << 18), "c98e77a5dd481e32f09473fa678283d6f6c55720de7644de3d1fbf0bd88e794d"},
		"zeros":    {make([]byte, 1<<12), "83824216295100a4a4d1454601f8b9740de1e5f11538e6d9ff6d9c4cabb9b143"},
	} {
		require.Equal(t, v.sum, sum(bytesOf(new(Decoder).Decode(nil, v.payload))), name)
	}
}

func TestEncoderIsTheRecommendations(t *testing.T) {
	for name, v := range map[string]struct {
		pcm []int16
		sum string
	}{
		"speech":     {new(Decoder).Decode(nil, speech), "a7fce2bed71811bea792451e8bdbf5f2bfaff3c80916b8083c0678b49f9c7b35"},
		"noise":      {samplesOf(anything(1 << 16)), "db8cf682570c76262c698d328f0b009199ae7a695b974343e1f0812ffb1e009b"},
		"full scale": {fullScale(1 << 17), "8230064af7cc1e51d8b6eb92b75f0f82a2b28a09987585044a35240149ee1f6c"},
		"silence":    {make([]int16, 1<<12), "6a46225ec632f7c49c4d4f58591db9f289e8b83cdff06bc63c9373c9805f3840"},
	} {
		require.Equal(t, v.sum, sum(new(Encoder).Encode(nil, v.pcm)), name)
	}
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

// bytesOf and samplesOf are between samples and their bytes, little-endian.
func bytesOf(pcm []int16) []byte {
	var data []byte
	for _, s := range pcm {
		data = binary.LittleEndian.AppendUint16(data, uint16(s))
	}
	return data
}

func samplesOf(data []byte) []int16 {
	pcm := make([]int16, len(data)/2)
	for i := range pcm {
		pcm[i] = int16(binary.LittleEndian.Uint16(data[2*i:]))
	}
	return pcm
}
