package web

import (
	"net/http"
	"slices"
	"time"

	"threering/acd/floor"
	"threering/center"
)

// viewer is who watches, and so which events they get.
type viewer struct {
	id     string
	role   center.Role
	queues []string // that an agent serves
}

// gets says whether an event is for the viewer: agents get what names them or a
// queue of theirs, the others everything, but pops are no business of qa.
func (v viewer) gets(e floor.Event) bool {
	switch v.role {
	case center.Supervisor, center.Admin:
		return true
	case center.QA:
		return e.Type != "pop"
	}
	return slices.Contains(e.Agents, v.id) || (e.Queue != "" && slices.Contains(v.queues, e.Queue))
}

// stream is one open connection that events are written to. The hub puts into
// the queue, the connection's own goroutine takes out.
type stream struct {
	viewer  viewer // guarded by the hub's lock
	session string // the name that the session is known by here
	head    []byte // written first
	queue   chan *delivery
	cut     chan struct{} // closed when the hub has taken the stream off
}

// wire writes server-sent events (HTML Living Standard, section 9.2).
type wire struct {
	w    http.ResponseWriter
	rc   *http.ResponseController
	most time.Duration // that one write may take
}

// newWire sends the headers.
func newWire(w http.ResponseWriter, most time.Duration) wire {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // for proxies that would gather the events
	w.WriteHeader(http.StatusOK)
	return wire{w, http.NewResponseController(w), most}
}

// send writes texts to the network. In between there is no deadline: HTTP/2 would
// end the stream at it, though nothing is being written.
func (c wire) send(texts ...[]byte) error {
	if err := c.rc.SetWriteDeadline(time.Now().Add(c.most)); err != nil {
		return err
	}
	for _, text := range texts {
		if _, err := c.w.Write(text); err != nil {
			return err
		}
	}
	if err := c.rc.Flush(); err != nil {
		return err
	}
	return c.rc.SetWriteDeadline(time.Time{})
}

// deliver writes d and what else waits in the queue, and says so to their
// publishers once all is on the network, or cannot be.
func (c wire) deliver(d *delivery, queue <-chan *delivery) error {
	batch := append([]*delivery{d}, waiting(queue)...)
	texts := make([][]byte, len(batch))
	for i, d := range batch {
		defer d.arrived()
		texts[i] = d.text
	}
	return c.send(texts...)
}

// waiting takes what is in the queue now.
func waiting(queue <-chan *delivery) (list []*delivery) {
	for {
		select {
		case d := <-queue:
			list = append(list, d)
		default:
			return list
		}
	}
}
