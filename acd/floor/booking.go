package floor

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"threering/acd/brain"
	"threering/acd/journal"
)

// booking is a caller who wants to be called back in the queue that they asked for last, and is asked at which number. Who waits
// there keeps waiting meanwhile, and an agent's answer ends it.
type booking struct {
	entering bool   // a number, key by key
	number   string // that is to be confirmed, or what was entered so far
	wrong    int    // how often what was entered was no number
}

const (
	bookKey      = '1'              // of the offer
	bookPatience = 10 * time.Second // for the next key
	bookWrong    = 3                // so often may be entered what is no number
	shortest     = 3                // digits of a number
	longest      = 20
)

// dialable says whether a number can be called: one that is withheld, or a name, cannot.
func dialable(number string) bool {
	digits := strings.TrimPrefix(number, "+")
	return len(digits) >= shortest && len(digits) <= longest && strings.Trim(digits, "0123456789") == ""
}

// callable says whether the center may call a number, now or at another time, and if not, why.
func (f *Floor) callable(number string) error {
	if f.cfg.Trunks == nil {
		return ErrNoTrunk
	}
	if t, err := f.resolve(number); !dialable(number) || err != nil || t.Kind != journal.ToNumber {
		return fmt.Errorf("%w: %s", ErrNoTarget, number) // none, or one of the house's own
	}
	if err := f.cfg.Trunks.Allow("", number); err != nil && !passes(err) {
		return err
	}
	return nil
}

// passes says whether a call that was not let out may go out at another time.
func passes(err error) bool {
	var refusal interface{ Passes() bool }
	return errors.As(err, &refusal) && refusal.Passes()
}

// offerBooking asks a caller who waits in no queue at which number they are to be called back. A colleague's telephone is none
// of those.
func (c *call) offerBooking(step Book) {
	wanted := Enqueue{Name: step.Queue, Priority: step.Priority, Needs: step.Needs}
	if c.gave && c.queue.Name == step.Queue {
		wanted.Priority = cmp.Or(step.Priority, c.queue.Priority)
		if wanted.Needs == nil {
			wanted.Needs = c.queue.Needs
		}
	}
	c.queue, c.typed = wanted, ""
	c.ranked = c.rank(wanted.Name)
	if f := c.floor; c.from != "" || f.cfg.Trunks == nil || !f.hasQueue(wanted.Name) {
		f.do(c.unbooked)
		return
	}
	c.book()
}

// unbooked ends a booking of which nothing came: who waits goes on waiting, the flow of anybody else goes on.
func (c *call) unbooked() {
	switch {
	case c.over():
	case c.waiting == "":
		c.advance(Unbooked{})
	default:
		c.booking = nil
		c.stopTimer()
		c.lull()
	}
}

// book begins a booking.
func (c *call) book() {
	c.booking = &booking{}
	if c.floor.callable(c.number) == nil {
		c.confirm(c.number)
	} else {
		c.enter(SaysEnter)
	}
}

// booked takes a key of a caller who is asked for a number or may ask for a booking; false: it means nothing here.
func (c *call) booked(key rune) bool {
	b := c.booking
	switch {
	case b == nil && (!c.mayBook || key != bookKey):
		return false
	case b == nil:
		c.book()
	case b.entering:
		c.entered(key)
	case key == '1':
		c.callBack(b.number)
	case key == '2':
		c.enter(SaysEnter)
	default:
		c.confirm(b.number)
	}
	return true
}

// confirm repeats the number that will be called.
func (c *call) confirm(number string) {
	c.booking.number, c.booking.entering = number, false
	c.askBooking(Phrase{Says: SaysNumber, Digits: number}, Phrase{Says: SaysConfirm})
}

// enter asks for a number.
func (c *call) enter(says ...Saying) {
	c.booking.number, c.booking.entering = "", true
	var phrases []Phrase
	for _, s := range says {
		phrases = append(phrases, Phrase{Says: s})
	}
	c.askBooking(phrases...)
}

// askBooking says something of the booking, and waits for a key.
func (c *call) askBooking(phrases ...Phrase) {
	c.stopTimer()
	c.tell(c.floor.speech(c.floor.queue(c.queue.Name), phrases...), c.awaitBooking)
}

// awaitBooking waits for the next key.
func (c *call) awaitBooking() {
	c.stopTimer()
	c.after(bookPatience, c.unbooked)
}

// entered takes a key of the number.
func (c *call) entered(key rune) {
	b := c.booking
	switch {
	case key == '*':
		b.number = ""
	case key != '#':
		b.number += string(key)
	case c.floor.callable(c.floor.cfg.Number(b.number)) == nil:
		c.confirm(c.floor.cfg.Number(b.number))
		return
	case b.wrong+1 >= bookWrong:
		c.unbooked()
		return
	default:
		b.wrong++
		c.enter(SaysWrong, SaysEnter)
		return
	}
	if len(b.number) > longest {
		b.number = b.number[:longest+1] // is none
	}
	c.telling = nil
	c.hush()
	c.awaitBooking()
}

// callBack has the caller be called at a number when their turn comes: a call of its own stands in their place.
func (c *call) callBack(number string) {
	f, queue := c.floor, c.queue.Name
	if !f.hasQueue(queue) {
		c.unbooked()
		return
	}
	var waited time.Duration
	if c.waiting != "" || c.gave {
		waited = f.now().Sub(c.enteredAt)
	}
	d := f.newCall(journal.Callback, number)
	d.state, d.queue, d.ranked = c.state, c.queue, c.ranked
	c.note(journal.CallbackBooked, journal.Details{Queue: queue, Number: number, Other: d.id})
	c.log.Info("will be called back", "callback", d.id, "queue", queue)
	c.quiet()
	waits := c.waiting != ""
	if waits {
		c.leaveQueue(journal.CalledBack)
	}
	c.toBeCalled = true
	f.enlist(d, waited, journal.Details{Other: c.id})
	if waits {
		f.apply(brain.CallLeft{Call: c.id, Keeps: true})
	}
	c.playTo(c.caller, f.speech(f.queue(queue), Phrase{Says: SaysBooked}), func() { c.hangup("called back") })
}
