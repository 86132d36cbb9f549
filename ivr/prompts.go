package ivr

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"threering/media"
)

//go:generate go run ./prompts/generate

//go:embed prompts/zh/*.wav prompts/en/*.wav prompts/music.wav
var promptFiles embed.FS

// Prompts are sounds by name. They do not change once loaded.
type Prompts struct {
	sounds map[string]*media.Sound
}

// LoadPrompts loads the prompts that come with the program: those of prompts/prompts.yaml as "zh/NAME" and "en/NAME",
// and "music", the music on hold, which can be repeated without a seam.
func LoadPrompts() (*Prompts, error) {
	p := &Prompts{sounds: make(map[string]*media.Sound)}
	err := fs.WalkDir(promptFiles, "prompts", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		sound, err := readPrompt(path)
		if err != nil {
			return fmt.Errorf("load prompt %s: %w", path, err)
		}
		p.sounds[strings.TrimSuffix(strings.TrimPrefix(path, "prompts/"), ".wav")] = sound
		return nil
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

func readPrompt(path string) (*media.Sound, error) {
	file, err := promptFiles.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return media.ReadWAV(file)
}

// Sound gives the audio of a prompt, nil where there is none of that name.
func (p *Prompts) Sound(name string) *media.Sound { return p.sounds[name] }

// Names lists the prompts in alphabetical order.
func (p *Prompts) Names() []string { return slices.Sorted(maps.Keys(p.sounds)) }
