package ivr

import (
	"bytes"
	"encoding/binary"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"threering/media"
)

// promptTexts reads prompts.yaml: what each prompt says, by name.
func promptTexts(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("prompts/prompts.yaml")
	require.NoError(t, err)
	var prompts []struct{ Name, Zh, Pinyin, En string }
	require.NoError(t, yaml.Unmarshal(text, &prompts))
	texts := make(map[string]string)
	for _, p := range prompts {
		require.NotEmpty(t, p.Pinyin, p.Name)
		texts["zh/"+p.Name], texts["en/"+p.Name] = p.Zh, p.En
	}
	return texts
}

func TestEveryPromptHasATextAndEveryTextAPrompt(t *testing.T) {
	prompts, err := LoadPrompts()
	require.NoError(t, err)
	want := []string{"music"}
	for name, text := range promptTexts(t) {
		require.NotEmpty(t, text, name)
		want = append(want, name)
	}
	require.ElementsMatch(t, want, prompts.Names())
	require.True(t, slices.IsSorted(prompts.Names()))
	for _, name := range prompts.Names() {
		require.NotNil(t, prompts.Sound(name), name)
	}
	require.Nil(t, prompts.Sound("zh/none"))
}

// promptPCM gives the samples of a prompt's file, which must be a plain WAV file of 8 kHz mono 16-bit PCM.
func promptPCM(t *testing.T, name string) []int16 {
	t.Helper()
	file, err := fs.ReadFile(promptFiles, "prompts/"+name+".wav")
	require.NoError(t, err)
	const header = 44
	require.Equal(t, "RIFF", string(file[:4]))
	require.Equal(t, "WAVEfmt ", string(file[8:16]))
	var format struct {
		Size             uint32
		Tag, Channels    uint16
		Rate, ByteRate   uint32
		Block, SampleBit uint16
	}
	require.NoError(t, binary.Read(bytes.NewReader(file[16:]), binary.LittleEndian, &format))
	require.EqualValues(t, 1, format.Tag, "PCM")
	require.EqualValues(t, 1, format.Channels)
	require.EqualValues(t, media.SampleRate, format.Rate)
	require.EqualValues(t, 16, format.SampleBit)
	require.EqualValues(t, len(file)-header, binary.LittleEndian.Uint32(file[40:]))
	pcm := make([]int16, (len(file)-header)/2)
	require.NoError(t, binary.Read(bytes.NewReader(file[header:]), binary.LittleEndian, pcm))
	return pcm
}

// decibels is the loudness of samples in dBFS, root mean square.
func decibels(pcm []int16) float64 {
	var power float64
	for _, s := range pcm {
		power += float64(s) * float64(s) / (1 << 30)
	}
	return 10 * math.Log10(power/float64(len(pcm)))
}

func TestPromptsSoundRight(t *testing.T) {
	prompts, err := LoadPrompts()
	require.NoError(t, err)
	texts := promptTexts(t)
	for _, name := range prompts.Names() {
		t.Run(name, func(t *testing.T) {
			pcm := promptPCM(t, name)
			require.Equal(t, time.Duration(len(pcm))*time.Second/media.SampleRate, prompts.Sound(name).Duration())
			level := decibels(pcm)
			require.Greater(t, level, -26.0)
			require.Less(t, level, -12.0)
			require.Less(t, slices.Max(pcm), int16(32000), "a peak is cut")
			require.Greater(t, slices.Min(pcm), int16(-32000), "a peak is cut")
			if name == "music" {
				return
			}
			// A voice that was given nothing it can read says nothing, or spells it out.
			syllables := len([]rune(texts[name]))
			if strings.HasPrefix(name, "en/") {
				syllables = 1 + syllables/4
			}
			each := prompts.Sound(name).Duration() / time.Duration(syllables)
			require.Greater(t, each, 90*time.Millisecond)
			require.Less(t, each, 600*time.Millisecond)
		})
	}
}

func TestAnnouncementIsShort(t *testing.T) {
	prompts, err := LoadPrompts()
	require.NoError(t, err)
	var sum time.Duration
	for _, name := range defaultAnnounce.prompts("1001") {
		sum += prompts.Sound(name).Duration()
	}
	require.Less(t, sum, 3500*time.Millisecond, "the caller waits for it")
}

// Where the music begins again, the step between two samples is no greater than within it, and it goes on as loud.
func TestMusicHasNoSeam(t *testing.T) {
	pcm := promptPCM(t, "music")
	require.InDelta(t, 24, float64(len(pcm))/media.SampleRate, 6)
	greatest := 0
	for i := 1; i < len(pcm); i++ {
		greatest = max(greatest, step(pcm[i-1], pcm[i]))
	}
	require.LessOrEqual(t, step(pcm[len(pcm)-1], pcm[0]), greatest)
	half := media.SampleRate / 2
	require.InDelta(t, decibels(pcm[len(pcm)-half:]), decibels(pcm[:half]), 6)
	require.InDelta(t, -22, decibels(pcm), 1)
}

func step(a, b int16) int { return max(int(a)-int(b), int(b)-int(a)) }
