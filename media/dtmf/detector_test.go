package dtmf_test

import (
	"encoding/binary"
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"threering/media"
	"threering/media/dtmf"
)

// lines are what the samples may have gone through.
var lines = map[string]func([]int16) []int16{
	"linear": func(pcm []int16) []int16 { return pcm },
	"A-law":  func(pcm []int16) []int16 { return through(media.PCMA, pcm) },
	"µ-law":  func(pcm []int16) []int16 { return through(media.PCMU, pcm) },
}

// onEveryLine says what is read of each key's press, on every line and wherever the press begins between two looks.
func onEveryLine(t *testing.T, p press, says func(key rune) string, background ...tone) {
	t.Helper()
	for _, key := range keys {
		p.key = key
		pcm := mix(slices.Concat(pause(50*ms), p.pcm(), pause(50*ms)), background...)
		for name, line := range lines {
			heard := line(pcm)
			for early := 0; early < 40; early += 5 {
				require.Equal(t, says(key), read(heard[early:]), "%s, %c, %d samples early", name, key, early)
			}
		}
	}
}

func itself(key rune) string { return string(key) }

func nothing(rune) string { return "" }

func TestEveryKeyIsTakenAtTheLimits(t *testing.T) {
	const d = 40 * ms
	for name, p := range map[string]press{
		"middle":               plain('0', d),
		"loudest":              {d: d},
		"softest":              {d: d, low: -25, high: -25},
		"loud, high above low": {d: d, low: -4, high: 0},
		"loud, low above high": {d: d, low: 0, high: -8},
		"soft, high above low": {d: d, low: -25, high: -21},
		"soft, low above high": {d: d, low: -17, high: -25},
		"both sharp":           {d: d, low: -25, high: -21, lowOff: .015, highOff: .015},
		"both flat":            {d: d, low: -17, high: -25, lowOff: -.015, highOff: -.015},
		"apart":                {d: d, low: -25, high: -25, lowOff: -.015, highOff: .015},
		"closer":               {d: d, low: -25, high: -25, lowOff: .015, highOff: -.015},
		"held":                 plain('0', 400*ms),
	} {
		t.Run(name, func(t *testing.T) { onEveryLine(t, p, itself) })
	}
}

func TestWhatIsNoPressIsRefused(t *testing.T) {
	for name, p := range map[string]press{
		"too short":          plain('0', 25*ms),
		"loud and too short": {d: 23 * ms},
		"low sharp":          {d: 150 * ms, low: -10, high: -10, lowOff: .035},
		"low flat":           {d: 150 * ms, low: -10, high: -10, lowOff: -.035},
		"high sharp":         {d: 150 * ms, low: -10, high: -10, highOff: .035},
		"high flat":          {d: 150 * ms, low: -10, high: -10, highOff: -.035},
		"too soft":           {d: 150 * ms, low: -33, high: -33},
		"low tone alone":     {d: 150 * ms, low: -10, high: -60},
		"high tone alone":    {d: 150 * ms, low: -60, high: -10},
		"high far above low": {d: 150 * ms, low: -20, high: -12},
		"low far above high": {d: 150 * ms, low: -8, high: -21},
	} {
		t.Run(name, func(t *testing.T) { onEveryLine(t, p, nothing) })
	}
}

func TestOtherTonesWithAPress(t *testing.T) {
	p := plain('0', 40*ms) // -7 dBm0 in all
	for name, background := range map[string][]tone{
		"dial tone of two": {{350, -30}, {440, -30}},
		"dial tone of one": {{450, -27}},
	} {
		t.Run(name, func(t *testing.T) { onEveryLine(t, p, itself, background...) })
	}
	for place, key := range keys {
		high := []float64{1209, 1336, 1477, 1633}[place%4]
		held := func(more ...tone) string { return read(mix(plain(key, time.Second).pcm(), more...)) }
		require.Equal(t, string(key), held(tone{2 * high, -26}), "distortion of a line")
		require.Empty(t, held(tone{2 * high, -19}), "a harmonic of a voice")
		require.Empty(t, held(tone{1000, -10}), "a third tone")
		require.Empty(t, held(tone{300, -10}, tone{2600, -15}), "a voice around it")
	}
}

func TestKeysAreReadInNoise(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	const each = 50
	for name, line := range lines {
		right := 0
		for _, key := range keys {
			for range each {
				p := plain(key, 40*ms) // -7 dBm0 in all
				pcm := append(pause(100 * ms)[r.Intn(160):], p.pcm()...)
				if read(line(noise(r, append(pcm, pause(50*ms)...), -7-15))) == string(key) {
					right++
				}
			}
		}
		require.GreaterOrEqual(t, right, len(keys)*each*99/100, name)
	}
}

func TestPausesAndInterruptions(t *testing.T) {
	onEveryGap := func(d time.Duration, want string, fill func(gap []int16) []int16) {
		t.Helper()
		for early := range 40 {
			first, second := press{key: '7', d: 50 * ms, low: -10, high: -8}, plain('7', 50*ms)
			got := read(pause(50 * ms)[early:], first.pcm(), fill(pause(d)), second.pcm())
			require.Equal(t, want, got, "%v, %d samples early", d, early)
		}
	}
	silent := func(gap []int16) []int16 { return gap }
	onEveryGap(10*ms, "7", silent)
	onEveryGap(40*ms, "77", silent)

	echo := press{key: '7', d: 20 * ms, low: -20, high: -18}
	onEveryGap(40*ms, "77", func(gap []int16) []int16 { copy(gap, echo.pcm()); return gap })

	require.Equal(t, "12", read(plain('1', 60*ms).pcm(), plain('2', 60*ms).pcm()), "no pause between two keys")
	faded := press{key: '1', d: 150 * ms, low: -22, high: -22}
	require.Equal(t, "1", read(plain('1', time.Second).pcm(), faded.pcm(), plain('1', time.Second).pcm()), "a press that fades")
}

func TestAPressIsToldInTime(t *testing.T) {
	var d dtmf.Detector
	require.Zero(t, d.Take(pause(15*ms)))
	pcm := plain('#', 50*ms).pcm()
	require.Zero(t, d.Take(pcm[:samples(20*ms)]))
	require.Zero(t, d.Take(pcm[samples(20*ms):samples(25*ms)]), "not sure yet")
	told := d.Take(pcm[samples(25*ms):samples(45*ms)])
	require.Equal(t, "#", string(told))
}

func TestAVoiceIsNoKey(t *testing.T) {
	for seed := range int64(8) {
		r := rand.New(rand.NewSource(seed))
		require.Empty(t, read(through(media.PCMA, voice(r, 30*time.Second))), "seed %d", seed)
		require.Empty(t, read(noise(r, pause(30*time.Second), -15)), "seed %d", seed)
	}
}

func TestWhateverIsPressedIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		between := func(name string, low, high time.Duration) time.Duration {
			return time.Duration(rapid.Int64Range(int64(low), int64(high)).Draw(t, name))
		}
		off := rapid.Float64Range(-.015, .015)
		var want strings.Builder
		pcm := pause(between("before", 0, 200*ms))
		for range rapid.IntRange(0, 12).Draw(t, "presses") {
			p := press{
				key:    rapid.SampledFrom([]rune(keys)).Draw(t, "key"),
				d:      between("press", 40*ms, 300*ms),
				low:    rapid.Float64Range(-21, -4).Draw(t, "low"),
				lowOff: off.Draw(t, "low off"), highOff: off.Draw(t, "high off"),
			}
			p.high = max(-25, p.low+rapid.Float64Range(-8, 4).Draw(t, "high above low"))
			want.WriteRune(p.key)
			pcm = append(append(pcm, p.pcm()...), pause(between("pause", 40*ms, 300*ms))...)
		}
		pcm = lines[rapid.SampledFrom([]string{"linear", "A-law", "µ-law"}).Draw(t, "line")](pcm)
		piece := rapid.IntRange(1, 160)
		require.Equal(t, want.String(), readPieces(pcm, func() int { return piece.Draw(t, "piece") }))
	})
}

func FuzzDetector(f *testing.F) {
	for _, key := range keys {
		pcm, err := binary.Append(nil, binary.LittleEndian, plain(key, 50*ms).pcm())
		require.NoError(f, err)
		f.Add(pcm, byte(key))
	}
	f.Fuzz(func(t *testing.T, data []byte, piece byte) {
		pcm := make([]int16, len(data)/2)
		_, err := binary.Decode(data, binary.LittleEndian, pcm)
		require.NoError(t, err)
		got := readPieces(pcm, func() int { return 1 + int(piece)%160 })
		require.Equal(t, readPieces(pcm, func() int { return 160 }), got, "in pieces of %d", piece)
		require.Empty(t, strings.Trim(got, keys))
		require.LessOrEqual(t, len(got), len(pcm)/samples(20*ms), "faster than anyone can press")
	})
}

func TestTone(t *testing.T) {
	for place, key := range keys {
		pcm := dtmf.Tone(key, 100*ms)
		require.Len(t, pcm, 800)
		low := media.Detect(pcm, []float64{697, 770, 852, 941}[place/4])
		high := media.Detect(pcm, []float64{1209, 1336, 1477, 1633}[place%4])
		require.InDelta(t, 0.387, low, 0.02, "%c: 2 dB below the other", key)
		require.InDelta(t, 0.613, high, 0.02, "%c", key)
		require.Equal(t, string(key), read(dtmf.Tone(key, 40*ms)))

		power := 0.0
		for _, sample := range pcm[80:720] {
			power += float64(sample) * float64(sample) / 640
		}
		require.InEpsilon(t, (amplitude(-7)*amplitude(-7)+amplitude(-5)*amplitude(-5))/2, power, 0.1, fmt.Sprintf("%c", key))
		for i := range 4 {
			require.Less(t, max(pcm[i], -pcm[i], pcm[799-i], -pcm[799-i]), int16(4000), "%c: a click at its edge", key)
		}
	}
	require.Nil(t, dtmf.Tone('E', 100*ms))
	require.Nil(t, dtmf.Tone('1', 0))
	require.Len(t, dtmf.Tone('1', ms), 8, "shorter than its ramps")
}
