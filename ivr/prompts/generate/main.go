// Command generate makes the WAV files of the prompts (8 kHz mono 16-bit PCM) out of prompts.yaml, with espeak-ng, flite
// and sox, and the music on hold by itself. It is run by go generate, in the folder ivr, and its results are committed.
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"log"
	"math"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"
)

const (
	folder = "prompts"
	rate   = 8000 // samples a second

	voiceLevel = -18.0 // dBFS, root mean square of what is not silence
	musicLevel = -22.0
	peakLevel  = -1.5 // no sample is louder
)

type prompt struct {
	Name   string `yaml:"name"`
	Pinyin string `yaml:"pinyin"`
	En     string `yaml:"en"`
}

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	text, err := os.ReadFile(filepath.Join(folder, "prompts.yaml"))
	if err != nil {
		return err
	}
	var prompts []prompt
	if err := yaml.Unmarshal(text, &prompts); err != nil {
		return err
	}
	for _, p := range prompts {
		if err := speak(p); err != nil {
			return fmt.Errorf("prompt %s: %w", p.Name, err)
		}
	}
	return save("music", level(music(), musicLevel))
}

// speak makes a prompt in both languages.
func speak(p prompt) error {
	zh, err := chinese(p.Pinyin)
	if err != nil {
		return err
	}
	en, err := english(p.En)
	if err != nil {
		return err
	}
	if err := save("zh/"+p.Name, level(zh, voiceLevel)); err != nil {
		return err
	}
	return save("en/"+p.Name, level(en, voiceLevel))
}

// level brings the samples (1 = full scale) to a loudness in dBFS, less where a peak would be cut.
func level(samples []float64, want float64) []float64 {
	var power, peak float64
	var count int
	for _, s := range samples {
		peak = max(peak, math.Abs(s))
		if math.Abs(s) > 0.003 { // silence between words says nothing about how loud they are
			power += s * s
			count++
		}
	}
	gain := min(amplitude(want)/math.Sqrt(power/float64(count)), amplitude(peakLevel)/peak)
	for i := range samples {
		samples[i] *= gain
	}
	return samples
}

func amplitude(db float64) float64 { return math.Pow(10, db/20) }

// save writes the samples as a WAV file.
func save(name string, samples []float64) error {
	pcm := make([]int16, len(samples))
	for i, s := range samples {
		pcm[i] = int16(math.Round(s * math.MaxInt16))
	}
	size := uint32(2 * len(pcm))
	var file bytes.Buffer
	file.WriteString("RIFF")
	write(&file, 36+size)
	file.WriteString("WAVEfmt ")
	write(&file, uint32(16), uint16(1), uint16(1), uint32(rate), uint32(2*rate), uint16(2), uint16(16))
	file.WriteString("data")
	write(&file, size, pcm)

	path := filepath.Join(folder, filepath.FromSlash(name)+".wav")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, file.Bytes(), 0o644)
}

func write(file *bytes.Buffer, values ...any) {
	for _, v := range values {
		_ = binary.Write(file, binary.LittleEndian, v) // into memory
	}
}
