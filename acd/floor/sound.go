package floor

import "threering/media"

// play plays prompts to the caller and has then run by the loop afterwards, if the call is still in the same step.
func (c *call) play(prompts []string, then func()) *media.Playback {
	return c.playTo(c.caller, c.floor.sounds(prompts), then)
}

// playTo is play for either side.
func (c *call) playTo(s *side, sounds []*media.Sound, then func()) *media.Playback {
	scene := c.scene
	playback := s.port.Play(false, sounds...)
	c.floor.when(playback.Done(), func() {
		if c.scene == scene && !c.over() {
			then()
		}
	})
	return playback
}

// hush ends what is played to the caller: playing nothing takes the place of ringing, music or a prompt.
func (c *call) hush() { c.caller.port.Play(false) }

// sounds gives the audio of prompts; one that is missing is logged and left out.
func (f *Floor) sounds(prompts []string) []*media.Sound {
	var list []*media.Sound
	for _, name := range prompts {
		if s := f.cfg.Script.Prompt(name); s != nil {
			list = append(list, s)
		} else {
			f.cfg.Log.Error("no such prompt", "prompt", name)
		}
	}
	return list
}

// music is played to who waits or is held.
func (f *Floor) music() []*media.Sound { return f.sounds([]string{f.plan.Music}) }
