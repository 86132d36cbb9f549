package quality_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"threering/media/quality"
)

const ms = time.Millisecond

func TestAPerfectLine(t *testing.T) {
	perfect := quality.Network{Codec: quality.G711}
	require.InDelta(t, 93.2, quality.R(perfect), 0.05, "G.107: all values at their defaults")
	require.InDelta(t, 4.41, quality.MOS(perfect), 0.005)
	perfect.Codec = quality.G729A
	require.InDelta(t, 93.2-11, quality.R(perfect), 0.05)
}

// The table of G.107 annex B, from ratings to opinions.
func TestOpinionsOfRatings(t *testing.T) {
	for r, mos := range map[float64]float64{90: 4.34, 80: 4.03, 70: 3.60, 60: 3.10, 50: 2.58, 0: 1, 3: 1, -10: 1} {
		require.InDelta(t, mos, quality.MOS(quality.Network{Codec: quality.Codec{Ie: 93.206 - r}}), 0.006, "R = %v", r)
	}
	require.Equal(t, 4.5, quality.MOS(quality.Network{Codec: quality.Codec{Ie: -20}}), "there is nothing better")
}

// R. G. Cole, J. H. Rosenbluth, Voice over IP performance monitoring, ACM CCR 31(2), 2001: up to 300 ms the delay takes
// 0.024 d + 0.11 (d - 177.3) [d > 177.3]; they drew the lines through G.107, which is rounder at the knee.
func TestDelay(t *testing.T) {
	for d, near := range map[float64]float64{0: 0.1, 50: 0.3, 100: 0.2, 150: 0.1, 177: 1, 200: 0.2, 250: 0.1, 300: 0.3} {
		lines := 93.2 - 0.024*d - 0.11*max(0, d-177.3)
		r := quality.R(quality.Network{Codec: quality.G711, OneWayDelay: time.Duration(d) * ms})
		require.InDelta(t, lines, r, near, "%v ms", d)
	}
}

func TestLoss(t *testing.T) {
	r := func(c quality.Codec, loss, ratio float64) float64 {
		return quality.R(quality.Network{Codec: c, Loss: loss, BurstRatio: ratio})
	}
	for _, of := range []struct {
		codec             quality.Codec
		loss, ratio, want float64 // Ie-eff by G.107 clause 7.5, worked out by hand
	}{
		{quality.G711, 0.01, 1, 95 * 1 / 5.3},
		{quality.G711, 0.05, 1, 95 * 5 / 9.3},
		{quality.G711Concealed, 0.01, 1, 95 * 1 / 26.1},
		{quality.G711Concealed, 0.05, 1, 95 * 5 / 30.1},
		{quality.G711Concealed, 0.05, 2, 95 * 5 / 27.6},
		{quality.G729A, 0.02, 1, 11 + 84*2/21.0},
	} {
		require.InDelta(t, 93.2-of.want, r(of.codec, of.loss, of.ratio), 0.05, "%+v", of)
	}
	require.Equal(t, r(quality.G711, 0.03, 1), r(quality.G711, 0.03, 0), "no ratio is random")
	require.Equal(t, 1.0, quality.MOS(quality.Network{Codec: quality.G711, Loss: 1}), "nothing is heard")
	require.Zero(t, r(quality.G711Concealed, 1, 100))
	require.Zero(t, r(quality.Codec{}, 0.5, 0), "no robustness at all")
}

func TestWorseIsNeverBetter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string, most float64) (less, more float64) {
			a, b := rapid.Float64Range(0, most).Draw(t, label), rapid.Float64Range(0, most).Draw(t, label)
			return min(a, b), max(a, b)
		}
		d1, d2 := draw("delay in ms", 2000)
		l1, l2 := draw("loss", 1)
		b1, b2 := draw("burst ratio", 10)
		codec := rapid.SampledFrom([]quality.Codec{quality.G711, quality.G711Concealed, quality.G729A}).Draw(t, "codec")
		better := quality.MOS(quality.Network{codec, time.Duration(d1 * float64(ms)), l1, b1})
		worse := quality.MOS(quality.Network{codec, time.Duration(d2 * float64(ms)), l2, b2})
		require.GreaterOrEqual(t, better, worse-0.003, "the talker's echo does a little good below 1 ms")
		require.GreaterOrEqual(t, worse, 1.0)
		require.LessOrEqual(t, better, 4.5)
	})
}

// The constants of the package are what G.107 clauses 7.2 to 7.4 give for the default values.
func TestConstantsOfTheDefaults(t *testing.T) {
	const slr, rlr, stmr, dr, ds, nc, nfor, ps, pr, telr = 8, 2, 15, 3, 3, -70, -64, 35, 35, 65
	sum := func(dB ...float64) (total float64) {
		for _, level := range dB {
			total += math.Pow(10, level/10)
		}
		return 10 * math.Log10(total)
	}
	square := func(x float64) float64 { return x * x }
	room := pr + sum(0, 10-(stmr+dr))
	noise := sum(nc,
		ps-slr-ds-100+0.004*square(ps-(slr+rlr)-ds-14),
		rlr-121+room+0.008*square(room-35),
		nfor+rlr)
	ro := 15 - 1.5*(slr+noise)

	x := slr + rlr + 0.2*(64+noise-rlr)
	loudness := 20 * (math.Pow(1+math.Pow(x/8, 8), 1.0/8) - x/8)
	s := -sum(-stmr, -telr)
	sidetone := 12*math.Pow(1+math.Pow((s-13)/6, 8), 1.0/8) - 28*math.Pow(1+math.Pow((s+1)/19.4, 35), 1.0/35) -
		13*math.Pow(1+math.Pow((s-3)/33, 13), 1.0/13) + 29
	const q = 37
	const g = 1.07 + 0.258*q + 0.0602*q*q
	quantizing := 15 * math.Log10(1+math.Pow(10, (ro-100)/15+46/8.4-g/9)+math.Pow(10, 46.0/30-g/40))
	const rle = 10.5 * (110 + 7)
	listener := (ro-rle)/2 + math.Sqrt(square((ro-rle)/2)+169)

	require.InDelta(t, 94.7688, ro, 0.0001)
	require.InDelta(t, 94.7688, -1.5*(noise-rlr), 0.0001)
	require.InDelta(t, ro-(loudness+sidetone+quantizing)-listener, quality.R(quality.Network{}), 0.0002)
}
