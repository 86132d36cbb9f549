package floor

import (
	"time"

	"threering/media"
)

// What each prompt sounds like, in Hz.
const (
	greetingHz = 700
	announceHz = 600
	musicHz    = 900
	sorryHz    = 550
	callerHz   = 1000
	agentHz    = 1300
	ringbackHz = 450 // of China
	placeHz    = 1600
	whisperHz  = 2200

	offerHz     = 1500
	confirmHz   = 1750
	enterHz     = 2050
	bookedHz    = 2350
	callbackHz  = 800
	unreachedHz = 1150
)

// script greets, takes a key, queues, and says sorry where nobody came.
type script struct{ prompts map[string]*media.Sound }

func newScript() script {
	long, short := 10*time.Second, 400*time.Millisecond
	return script{map[string]*media.Sound{
		"greeting": media.Tone(greetingHz, short), "menu": media.Tone(greetingHz, long), "announce": media.Tone(announceHz, short),
		"music": media.Tone(musicHz, long), "sorry": media.Tone(sorryHz, short),
		"place": media.Tone(placeHz, time.Second), "whisper": media.Tone(whisperHz, time.Second),
		string(SaysOffer): media.Tone(offerHz, short), string(SaysConfirm): media.Tone(confirmHz, short), string(SaysEnter): media.Tone(enterHz, short),
		string(SaysBooked): media.Tone(bookedHz, short), string(SaysCallback): media.Tone(callbackHz, short), string(SaysUnreached): media.Tone(unreachedHz, short),
	}}
}

func (s script) Prompt(name string) *media.Sound { return s.prompts[name] }
func (script) Announce(State, string) []string   { return []string{"announce"} }

// Speak says the same in every language: a tone for each saying that has one.
func (s script) Speak(_ string, p Phrase) []string {
	if s.prompts[string(p.Says)] == nil {
		return nil
	}
	return []string{string(p.Says)}
}

func (script) Start(number, _ string) (State, bool) {
	return State{Flow: "test", Step: "start"}, number == "400"
}

func (script) Next(s State, r Result) (State, Step) {
	switch r.(type) {
	case Begun:
		s.Step = "greeting"
		return s, Play{Prompts: []string{"greeting"}, Notice: "notice-1"}
	case Pressed:
		s.Step = "queue"
		return s, Enqueue{Name: "sales"}
	case GaveUp:
		s.Step = "sorry"
		return s, Play{Prompts: []string{"sorry"}}
	case Played:
		if s.Step == "greeting" {
			s.Step = "menu"
			return s, Ask{Prompts: []string{"menu"}, Keys: 1, Timeout: time.Second}
		}
	}
	return s, Hangup{Reason: "done"}
}
