package sip

// An Event tells what happened to a leg. Events come in order, on the leg's actor goroutine; who receives them must not
// block.
type Event interface{ legEvent() }

// Ringing says that the device of an outgoing leg alerts. Code is 180, or 183 and the like. Heard: an early answer has come
// (early media), and the leg's audio may be heard already.
type Ringing struct {
	Code  int
	Heard bool
}

// Answered says that both sides know that the leg is up. Outgoing: the 2xx came, was acknowledged and its SDP accepted.
// Incoming: the ACK to our 2xx came, or a BYE that can only follow it.
type Answered struct{}

// Digit is one key pressed, sent as SIP INFO (application/dtmf-relay or application/dtmf): 0-9, *, #, A-D.
type Digit struct{ Key rune }

// Stranded says that the connection is closed by which the browser of an answered leg was reached. Its audio may go on;
// what is sent within the dialog has to wait for Rejoined.
type Stranded struct{}

// Rejoined says that the browser of a stranded leg has registered by another connection, and is reached there. Same: by the
// same contact, so it knows the dialog still and nothing is lost. Else its page was loaded anew and knows of no dialog: to
// talk on, the device has to be dialled again, and this leg hung up. Until then each other page that comes is told too.
type Rejoined struct{ Same bool }

// Ended is the last event of a leg; it comes exactly once, and nothing of the leg is left after it.
type Ended struct {
	Code  int    // 200 BYE, 487 cancelled, 408 no answer at all, 503 the transport failed, else the final response's status
	Local bool   // true where our side ended the leg
	Text  string // why, for people: the peer's Reason header or reason phrase, or ours
}

func (Ringing) legEvent()  {}
func (Answered) legEvent() {}
func (Digit) legEvent()    {}
func (Stranded) legEvent() {}
func (Rejoined) legEvent() {}
func (Ended) legEvent()    {}
