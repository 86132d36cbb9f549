package activity_test

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/media"
	"threering/media/activity"
)

const (
	second = media.SampleRate
	frame  = media.SampleRate / 50
)

// amplitude is that of a sine of dBm0, or the standard deviation of noise as loud.
func amplitude(dBm0 float64) (sine, deviation float64) {
	sine = 32124 * math.Pow(10, (dBm0-3.14)/20)
	return sine, sine / math.Sqrt2
}

// speech is a sentence in the test data: its samples, with the active ones at dBm0, and which frames of it are of speech
// after ITU-T P.56: those within 15.9 dB of the active level, and pauses of up to 200 ms between them.
func speech(t testing.TB, name string, dBm0 float64) (pcm []float64, active []bool) {
	t.Helper()
	file, err := os.Open("testdata/" + name)
	require.NoError(t, err)
	defer file.Close()
	sound, err := media.ReadWAV(file)
	require.NoError(t, err)
	for _, sample := range sound.PCM() {
		pcm = append(pcm, float64(sample))
	}
	pcm = pcm[:len(pcm)/frame*frame]
	level := meanSquare(pcm)
	for range 10 { // the active level and what is active depend on one another
		active = within(pcm, level*math.Pow(10, -1.59))
		var sum, n float64
		for i, is := range active {
			if is {
				sum, n = sum+meanSquare(pcm[i*frame:(i+1)*frame]), n+1
			}
		}
		level = sum / n
	}
	_, want := amplitude(dBm0)
	for i := range pcm {
		pcm[i] *= want / math.Sqrt(level)
	}
	return pcm, active
}

// within marks the frames above a threshold, and those between two that are at most ten frames apart.
func within(pcm []float64, threshold float64) []bool {
	active := make([]bool, len(pcm)/frame)
	last := -len(pcm)
	for i := range active {
		if meanSquare(pcm[i*frame:(i+1)*frame]) < threshold {
			continue
		}
		active[i] = true
		for j := last + 1; i-last <= 10 && j < i; j++ {
			active[j] = true
		}
		last = i
	}
	return active
}

func meanSquare(pcm []float64) (sum float64) {
	for _, sample := range pcm {
		sum += sample * sample
	}
	return sum / float64(len(pcm))
}

// Noises with a mean square of 1.
var noises = map[string]func(r *rand.Rand, n int) []float64{
	"white": func(r *rand.Rand, n int) []float64 {
		return filtered(n, r.NormFloat64)
	},
	"brown": func(r *rand.Rand, n int) []float64 { // most of it below 200 Hz, as in a car
		y := 0.0
		return filtered(n, func() float64 { y = 0.9*y + r.NormFloat64(); return y })
	},
	"hum": func(r *rand.Rand, n int) []float64 {
		phase := 0.0
		return filtered(n, func() float64 { phase += 2 * math.Pi * 50 / second; return math.Sin(phase) + 0.2*r.NormFloat64() })
	},
	"babble": func(r *rand.Rand, n int) []float64 { // a room full of people: noise that swells by 3 dB up and down
		phase := 0.0
		return filtered(n, func() float64 {
			phase += 2 * math.Pi * 4 / second
			return r.NormFloat64() * math.Pow(10, 3./20*math.Sin(phase))
		})
	},
}

func filtered(n int, next func() float64) []float64 {
	pcm := make([]float64, n)
	for i := range pcm {
		pcm[i] = next()
	}
	level := math.Sqrt(meanSquare(pcm))
	for i := range pcm {
		pcm[i] /= level
	}
	return pcm
}

// detect has a detector hear frames of 20 ms.
func detect(d *activity.Detector, pcm []float64) (active []bool) {
	samples := make([]int16, frame)
	for ; len(pcm) >= frame; pcm = pcm[frame:] {
		for i := range samples {
			samples[i] = int16(math.Round(max(-32768, min(pcm[i], 32767))))
		}
		active = append(active, d.Take(samples))
	}
	return active
}

// share is the share of frames that are active.
func share(active []bool) float64 {
	n := 0
	for _, is := range active {
		if is {
			n++
		}
	}
	return float64(n) / float64(len(active))
}

func noise(name string, seconds int, dBm0 float64) []float64 {
	pcm := noises[name](rand.New(rand.NewPCG(5, uint64(seconds))), seconds*second)
	_, deviation := amplitude(dBm0)
	for i := range pcm {
		pcm[i] *= deviation
	}
	return pcm
}

// TestSpeechOverNoise says each sentence four times over noise that is 20 dB softer.
func TestSpeechOverNoise(t *testing.T) {
	for _, sentence := range []string{"english.wav", "mandarin.wav"} {
		for _, level := range []float64{-20, -30} {
			for name := range noises {
				found, mistaken := judge(t, sentence, level, noise(name, 30, level-20))
				t.Logf("%s at %v dBm0 over %s: %.1f %% of speech found, %.1f %% of noise mistaken",
					sentence, level, name, 100*found, 100*mistaken)
				require.GreaterOrEqual(t, found, 0.95, "%s over %s", sentence, name)
				require.LessOrEqual(t, mistaken, 0.05, "%s over %s", sentence, name)
			}
		}
	}
}

// judge adds a sentence to 30 s of noise four times, and tells which share of the frames of speech was found, and which
// share of the others was mistaken for it. What is within the hangover counts as neither.
func judge(t *testing.T, sentence string, level float64, pcm []float64) (found, mistaken float64) {
	clean, active := speech(t, sentence, level)
	talking, after := make([]bool, len(pcm)/frame), make([]bool, len(pcm)/frame)
	for _, at := range []int{3, 10, 17, 24} {
		for i, sample := range clean {
			pcm[at*second+i] += sample
		}
		for i, is := range active {
			talking[at*50+i] = is
			for j := range 11 {
				after[at*50+i+j] = after[at*50+i+j] || is
			}
		}
	}
	var inSpeech, inNoise []bool
	for i, is := range detect(&activity.Detector{}, pcm) {
		switch {
		case talking[i]:
			inSpeech = append(inSpeech, is)
		case !after[i]:
			inNoise = append(inNoise, is)
		}
	}
	return share(inSpeech), share(inNoise)
}

func TestTheMargin(t *testing.T) {
	var d activity.Detector
	detect(&d, noise("white", 5, -40))
	for above, want := range map[float64]float64{0: 0, 4: 0, 9: 1, 20: 1} {
		require.InDelta(t, want, share(detect(&d, noise("white", 1, -40+above))), 0.1, "%v dB above the noise", above)
		detect(&d, noise("white", 1, -40))
	}
}

func TestSpeechFromTheFirstFrameOn(t *testing.T) {
	pcm, active := speech(t, "english.wav", -25)
	var missed int
	for i, is := range detect(&activity.Detector{}, pcm) {
		if active[i] && !is {
			missed++
		}
	}
	require.LessOrEqual(t, missed, len(active)/20)
}

func TestNoiseThatChanges(t *testing.T) {
	var d activity.Detector
	require.Zero(t, share(detect(&d, noise("white", 10, -55))))
	louder := detect(&d, noise("white", 10, -35))
	require.InDelta(t, 3.2, 10*share(louder), 0.6, "it is taken for speech until it is known")
	require.Zero(t, share(louder[200:]))
	require.Zero(t, share(detect(&d, noise("white", 10, -55))), "becoming softer is no speech")
	words, active := speech(t, "english.wav", -35)
	spoken := share(detect(&d, words))
	require.GreaterOrEqual(t, spoken, 0.95*share(active), "speech as soft as the noise was is found at once")
}

func TestSilence(t *testing.T) {
	var d activity.Detector
	require.Zero(t, share(detect(&d, make([]float64, 10*second))))
	require.Zero(t, share(detect(&d, noise("white", 10, -65))), "idle lines")
	require.Zero(t, share(detect(&d, make([]float64, second))))
	require.False(t, d.Take(nil))
}

func TestHangover(t *testing.T) {
	var d activity.Detector
	loud := noise("white", 1, -20)[:5*frame]
	got := detect(&d, append(loud, make([]float64, second)...))
	require.InDelta(t, 5+10, share(got)*float64(len(got)), 1e-9, "five frames and 200 ms")
	require.True(t, got[14])
	require.False(t, got[15])
}

func TestTones(t *testing.T) {
	tone := func(seconds int) (pcm []float64) {
		sine, _ := amplitude(-15)
		for i := range seconds * second {
			pcm = append(pcm, sine*math.Sin(2*math.Pi*450*float64(i)/second))
		}
		return pcm
	}
	steady := detect(&activity.Detector{}, tone(10))
	require.InDelta(t, 3.2, 10*share(steady), 0.6, "then it is noise")
	require.Zero(t, share(steady[200:]))

	var ringing activity.Detector
	for range 10 {
		ring := detect(&ringing, append(tone(1), make([]float64, 4*second)...))
		require.InDelta(t, 1.2, 5*share(ring), 0.02)
	}
}

func TestPowerIsAllThatCounts(t *testing.T) {
	words, _ := speech(t, "mandarin.wav", -30)
	var d activity.Detector
	for i, want := range detect(&activity.Detector{}, words) {
		var sum float64
		for _, sample := range words[i*frame : (i+1)*frame] {
			sum += math.Round(sample) * math.Round(sample)
		}
		require.Equal(t, want, d.TakePower(sum/frame, frame))
	}
}

func BenchmarkTake(b *testing.B) {
	var d activity.Detector
	pcm := media.Tone(400, 20*time.Millisecond).PCM()
	for range b.N {
		d.Take(pcm)
	}
}

// BenchmarkTakePower hears G.711 by a table of squares.
func BenchmarkTakePower(b *testing.B) {
	var squares [256]int64
	for i := range squares {
		sample := int64(new(media.Decoder).Decode(nil, media.PCMA, []byte{byte(i)})[0])
		squares[i] = sample * sample
	}
	payload := new(media.Encoder).Encode(nil, media.PCMA, media.Tone(400, 20*time.Millisecond).PCM(), media.SampleRate)
	var d activity.Detector
	for range b.N {
		sum := int64(0)
		for _, sample := range payload {
			sum += squares[sample]
		}
		d.TakePower(float64(sum)/float64(len(payload)), len(payload))
	}
}
