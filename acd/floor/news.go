package floor

import "time"

// queueNews is how soon one after the other the streams are told of a queue. What changes meanwhile is told together: the
// view of a queue in which a thousand wait is a long one, and no offer shall wait for it each time that one of them moves.
const queueNews = 50 * time.Millisecond

// news is when a queue was told of last, and whether it will be told of again.
type news struct {
	told time.Time
	due  bool
}

// publishQueue tells of a queue at once, or as soon as it may be told of again.
func (f *Floor) publishQueue(name string) {
	n := f.news[name]
	switch wait := queueNews - time.Since(n.told); {
	case n.due:
	case wait <= 0:
		f.tellQueue(name)
	default:
		n.due = true
		f.news[name] = n
		time.AfterFunc(wait, func() { f.do(func() { f.tellQueue(name) }) })
	}
}

func (f *Floor) tellQueue(name string) {
	f.news[name] = news{told: time.Now()}
	f.publish(Event{Type: "queue.changed", Queue: name, Data: f.viewQueue(f.queue(name))})
}
