package web

import (
	"slices"
	"sync"
	"time"

	"threering/acd/floor"
)

// Alarm is something that is wrong now and that somebody must see to.
type Alarm struct {
	Source string    `json:"source" doc:"The part of the center that is concerned."`
	Text   string    `json:"text"`
	Since  time.Time `json:"since"`
}

// AlarmNews is the data of an alarm event.
type AlarmNews struct {
	Alarm
	Over bool `json:"over"` // it has passed
}

// Alarms is the alarms of this moment, one for each source. Its methods may be
// called from anywhere and do not block.
type Alarms struct {
	publisher floor.Publisher
	mu        sync.Mutex // guards present, and keeps the news in order
	present   []Alarm    // oldest first
}

// NewAlarms is no alarms yet; news of them goes to the publisher.
func NewAlarms(publisher floor.Publisher) *Alarms { return &Alarms{publisher: publisher} }

// Set says what is wrong with a source; nil says that nothing is any more. The
// same again is no news.
func (a *Alarms) Set(source string, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	i := slices.IndexFunc(a.present, func(p Alarm) bool { return p.Source == source })
	switch {
	case err == nil && i >= 0:
		over := a.present[i]
		a.present = slices.Delete(a.present, i, i+1)
		a.tell(AlarmNews{over, true})
	case err != nil && i < 0:
		now := Alarm{source, err.Error(), time.Now().UTC()}
		a.present = append(a.present, now)
		a.tell(AlarmNews{now, false})
	case err != nil && a.present[i].Text != err.Error():
		a.present[i].Text = err.Error()
		a.tell(AlarmNews{a.present[i], false})
	}
}

// List is the alarms there are, oldest first.
func (a *Alarms) List() []Alarm {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]Alarm{}, a.present...)
}

func (a *Alarms) tell(news AlarmNews) {
	tell(a.publisher, floor.Event{Type: "alarm", Data: news})
}
