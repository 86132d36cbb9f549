package sip

// An Event tells what happened to a leg. Events come in order, on the leg's actor goroutine; who receives them must not
// block.
type Event interface{ legEvent() }

// Ringing says that the device of an outgoing leg alerts. Code is 180, or 183 and the like.
type Ringing struct{ Code int }

// Answered says that both sides know that the leg is up. Outgoing: the 2xx came, was acknowledged and its SDP accepted.
// Incoming: the ACK to our 2xx came, or a BYE that can only follow it.
type Answered struct{}

// Digit is one key pressed, sent as SIP INFO (application/dtmf-relay or application/dtmf): 0-9, *, #, A-D.
type Digit struct{ Key rune }

// Ended is the last event of a leg; it comes exactly once, and nothing of the leg is left after it.
type Ended struct {
	Code  int    // 200 BYE, 487 cancelled, 408 no answer at all, 503 the transport failed, else the final response's status
	Local bool   // true where our side ended the leg
	Text  string // why, for people: the peer's Reason header or reason phrase, or ours
}

func (Ringing) legEvent()  {}
func (Answered) legEvent() {}
func (Digit) legEvent()    {}
func (Ended) legEvent()    {}
