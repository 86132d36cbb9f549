package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// chinese speaks pinyin with tone numbers. (The engine's own reading of characters is not to be used: it reads the pinyin
// that it makes of them by English rules.)
func chinese(pinyin string) ([]float64, error) {
	return voice(func(file string) *exec.Cmd {
		return exec.Command("espeak-ng", "-v", "cmn-latn-pinyin", "-s", "180", "-w", file, pinyin)
	})
}

// english speaks English text.
func english(text string) ([]float64, error) {
	return voice(func(file string) *exec.Cmd {
		return exec.Command("flite", "-voice", "slt", "-t", text, "-o", file)
	})
}

// voice runs a speech engine that writes a WAV file, and gives its samples.
func voice(engine func(file string) *exec.Cmd) ([]float64, error) {
	dir, err := os.MkdirTemp("", "prompt")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "voice.wav")
	if out, err := engine(file).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	return telephone(file)
}

// telephone reads a WAV file as telephone audio: 8 kHz, no rumble, no silence at the ends but a breath.
func telephone(file string) ([]float64, error) {
	trim := []string{"silence", "1", "0.01", "0.5%", "reverse"}
	args := []string{"-D", file, "-t", "raw", "-e", "signed", "-b", "16", "-L", "-c", "1", "-", "gain", "-6", "rate", "-v", fmt.Sprint(rate), "highpass", "150"}
	args = append(args, trim...)
	args = append(args, trim...)
	args = append(args, "pad", "0.03", "0.08")
	raw, err := exec.Command("sox", args...).Output()
	if err != nil {
		return nil, fmt.Errorf("sox: %w", err)
	}
	samples := make([]float64, len(raw)/2)
	for i := range samples {
		samples[i] = float64(int16(binary.LittleEndian.Uint16(raw[2*i:]))) / (1 << 15)
	}
	return samples, nil
}
