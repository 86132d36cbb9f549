package softphone

import (
	"time"
)

// A Policy decides what is done with an incoming call. It runs in a goroutine of its own and returns when it has done
// its part, or when the call has ended.
type Policy func(*Call)

// AnswerAtOnce rings and answers.
func AnswerAtOnce(c *Call) {
	c.Ring()
	c.Answer()
}

// AnswerWithoutRinging answers with 200 and no 180 before it, as auto-answering devices do.
func AnswerWithoutRinging(c *Call) { c.Answer() }

// AnswerAfter rings for so long and answers.
func AnswerAfter(d time.Duration) Policy {
	return func(c *Call) {
		c.Ring()
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			c.Answer()
		case <-c.ended:
		}
	}
}

// RingForEver rings until the caller gives up.
func RingForEver(c *Call) { c.Ring() }

// Busy refuses with 486.
func Busy(c *Call) { c.Reject(486, "Busy Here") }

// Decline refuses with 603.
func Decline(c *Call) { c.Reject(603, "Decline") }

// Ignore does nothing at all: the caller hears no more than 100.
func Ignore(*Call) {}
