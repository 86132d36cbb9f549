package report

import "time"

// ShortAbandon is how soon somebody who hangs up has not really waited: within it, an abandoned call counts against nobody.
const ShortAbandon = 5 * time.Second

// Tally is what became of those who asked for a person. Who still waits is not in it. Who went through several queues before
// they heard one is in that of the first alone, with the wait since then; who asked again after that is in it twice. Offered is more than Answered and Abandoned together where a queue gave up or the center stopped.
type Tally struct {
	Offered        int
	Answered       int           // heard a person
	InTime         int           // heard one within the target of the queue
	Abandoned      int           // hung up while waiting
	ShortAbandoned int           // of these, within ShortAbandon
	Waited         time.Duration // from asking to hearing a person, of all that were answered
}

func (t *Tally) answered(wait, target time.Duration) {
	t.Offered++
	t.Answered++
	t.Waited += wait
	if wait <= target {
		t.InTime++
	}
}

func (t *Tally) abandoned(wait time.Duration) {
	t.Offered++
	t.Abandoned++
	if wait <= ShortAbandon {
		t.ShortAbandoned++
	}
}

// ServiceLevel is answered within the target / (offered − abandoned within ShortAbandon), from 0 to 1; false while there is
// nothing to count.
func (t Tally) ServiceLevel() (float64, bool) {
	counted := t.Offered - t.ShortAbandoned
	if counted == 0 {
		return 0, false
	}
	return float64(t.InTime) / float64(counted), true
}

// ASA is the average speed of answer: from asking to hearing a person, of those who were answered; false if nobody was.
func (t Tally) ASA() (time.Duration, bool) {
	if t.Answered == 0 {
		return 0, false
	}
	return t.Waited / time.Duration(t.Answered), true
}

// Figures is a tally with what follows from it, as JSON.
type Figures struct {
	Offered        int      `json:"offered" doc:"Asked for a person, and no longer wait."`
	Answered       int      `json:"answered" doc:"Heard one."`
	InTime         int      `json:"in_time" doc:"Heard one within the queue's target."`
	Abandoned      int      `json:"abandoned" doc:"Hung up while waiting."`
	ShortAbandoned int      `json:"short_abandoned" doc:"Of these, within 5 seconds."`
	ServiceLevel   *float64 `json:"service_level" doc:"in_time / (offered − short_abandoned), 0 to 1; null while there is nothing to count."`
	ASAMs          *int64   `json:"asa_ms" doc:"Average speed of answer: from asking to hearing a person, in milliseconds; null while nobody was answered."`
}

// Figures works them out.
func (t Tally) Figures() Figures {
	f := Figures{Offered: t.Offered, Answered: t.Answered, InTime: t.InTime, Abandoned: t.Abandoned, ShortAbandoned: t.ShortAbandoned}
	if level, ok := t.ServiceLevel(); ok {
		f.ServiceLevel = &level
	}
	if asa, ok := t.ASA(); ok {
		ms := asa.Milliseconds()
		f.ASAMs = &ms
	}
	return f
}
