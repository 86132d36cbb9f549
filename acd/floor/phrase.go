package floor

import "threering/media"

// Saying is something that the floor says by itself, beside the script.
type Saying string

// What is said to callers who wait, to agents who pick up, and to customers who are called back.
const (
	SaysPlace     Saying = "place"              // Number is the position, from 1
	SaysUnder     Saying = "under"              // Number is the minutes within which the caller is answered
	SaysOffer     Saying = "callback_offer"     // press 1 to be called back
	SaysNumber    Saying = "callback_number"    // Digits is the number that will be called
	SaysConfirm   Saying = "callback_confirm"   // press 1 if it is right, 2 to enter another
	SaysEnter     Saying = "callback_enter"     // enter a number, then #
	SaysWrong     Saying = "wrong"              // what was entered is none
	SaysBooked    Saying = "callback_booked"    // the caller will be called; goodbye
	SaysCallback  Saying = "callback_agent"     // to the agent: a callback, whose customer is being called
	SaysHello     Saying = "callback_hello"     // to the customer, who waits for an agent now
	SaysUnreached Saying = "callback_unreached" // to the agent: the customer did not answer
	SaysWaited    Saying = "waited"             // to the agent: Number is the minutes that the caller has waited
)

// Sayings lists them.
func Sayings() []Saying {
	return []Saying{
		SaysPlace, SaysUnder, SaysOffer, SaysNumber, SaysConfirm, SaysEnter, SaysWrong, SaysBooked, SaysCallback, SaysHello,
		SaysUnreached, SaysWaited,
	}
}

// Languages are those that the floor speaks.
func Languages() []string { return []string{"zh", "en"} }

// Phrase is a saying with what it tells.
type Phrase struct {
	Says   Saying
	Number int
	Digits string
}

// speech is the audio of phrases, in each of the queue's languages one after the other.
func (f *Floor) speech(q Queue, phrases ...Phrase) []*media.Sound {
	var prompts []string
	for _, language := range q.Languages {
		for _, p := range phrases {
			prompts = append(prompts, f.cfg.Script.Speak(language, p)...)
		}
	}
	return f.sounds(prompts)
}
