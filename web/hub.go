package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"threering/acd/floor"
)

const (
	remembered = 1024            // events kept for streams that come back
	comeBack   = 5 * time.Minute // after that, a stream that comes back fetches everything anew
	queued     = 256             // events that wait for a stream, at most; a slower one is cut off
)

// Hub carries live events from the rooms to the streams of those who watch. It
// is a floor.Publisher; its methods may be called from anywhere.
type Hub struct {
	log    *slog.Logger
	cuts   atomic.Int64       // streams that were too slow
	mu     sync.Mutex         // guards the fields below
	last   int64              // id of the newest event
	past   [remembered]*frame // the newest events, each where its id says
	first  int64              // id of the first event that is known, less one
	left   time.Time          // when the last stream ended; zero: there was none yet
	closed bool
	// streams is in no order: each gets its events in order, and none waits for another.
	streams map[*stream]struct{}
}

// errClosed says that the hub takes no more streams.
var errClosed = errors.New("the server is stopping")

// NewHub is a hub without streams. Ids of events begin with the time, so that
// those of a former run of the process are not taken for ids of this one.
func NewHub(log *slog.Logger) *Hub {
	now := time.Now().UnixMicro()
	return &Hub{log: log, last: now, first: now, streams: map[*stream]struct{}{}}
}

// frame is an event as it goes over the wire, and what says who gets it.
type frame struct {
	id    int64
	about floor.Event // without its data
	text  []byte      // the event of the stream, with the empty line that ends it
}

// delivery is a frame on its way to streams.
type delivery struct {
	*frame
	left atomic.Int64  // streams that have not written it yet, and the publisher until it has handed it out
	done chan struct{} // closed when none is left
}

func (d *delivery) arrived() {
	if d.left.Add(-1) == 0 {
		close(d.done)
	}
}

// Publish gives the event to every stream it is for. It returns when all of them
// have written it to the network, or when ctx ends; with a ctx that has ended it
// returns at once, and the event goes out all the same. A stream that does not
// keep up is cut off, never waited for.
func (h *Hub) Publish(ctx context.Context, e floor.Event) {
	if h.unwatched() {
		return
	}
	data, err := json.Marshal(e.Data)
	if err != nil {
		h.log.Error("an event cannot be told", "type", e.Type, "error", err)
		return
	}
	e.Data = nil
	d := h.hand(e, data)
	select {
	case <-d.done:
	case <-ctx.Done():
	}
}

// unwatched says whether nobody watches, and nobody will come back who did: then
// an event need not be written down. It has its number all the same.
func (h *Hub) unwatched() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.streams) > 0 || time.Since(h.left) < comeBack {
		return false
	}
	h.last++
	h.first = h.last
	return true
}

// Tell publishes and waits for nobody.
func (h *Hub) Tell(e floor.Event) { tell(h, e) }

func tell(p floor.Publisher, e floor.Event) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p.Publish(ctx, e)
}

// hand numbers the event, remembers it, and puts it into the streams' queues.
func (h *Hub) hand(e floor.Event, data []byte) *delivery {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last++
	f := &frame{id: h.last, about: e, text: fmt.Appendf(nil, "id: %d\nevent: %s\ndata: %s\n\n", h.last, e.Type, data)}
	h.past[h.last%remembered] = f
	d := &delivery{frame: f, done: make(chan struct{})}
	d.left.Store(1)
	defer d.arrived()
	for s := range h.streams {
		if s.viewer.gets(e) {
			h.put(s, d)
		}
	}
	return d
}

// put queues a delivery; a stream whose queue is full is cut off. The lock is held.
func (h *Hub) put(s *stream, d *delivery) {
	d.left.Add(1)
	select {
	case s.queue <- d:
	default:
		d.arrived()
		h.cuts.Add(1)
		h.log.Warn("a stream of events is too slow and was cut off", "person", s.viewer.id)
		h.remove(s)
	}
}

// remove takes a stream off and lets go of what waits for it. The lock is held.
func (h *Hub) remove(s *stream) {
	if _, on := h.streams[s]; !on {
		return
	}
	delete(h.streams, s)
	h.left = time.Now()
	close(s.cut)
	for _, d := range waiting(s.queue) {
		d.arrived()
	}
}

// join opens a stream for a viewer. Who was here before says which event was the
// last they saw, and gets those that came since; if they are not known any more
// the stream begins with the event reset, which says: fetch everything anew.
func (h *Hub) join(v viewer, session, lastSeen string) (*stream, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, errClosed
	}
	s := &stream{viewer: v, session: session, queue: make(chan *delivery, queued), cut: make(chan struct{})}
	s.head = h.missed(v, lastSeen)
	h.streams[s] = struct{}{}
	return s, nil
}

// missed is what a stream begins with. An id alone is no event; it only says
// from where to go on. The lock is held.
func (h *Hub) missed(v viewer, lastSeen string) []byte {
	here := fmt.Appendf(nil, "id: %d\n", h.last)
	if lastSeen == "" {
		return append(here, '\n')
	}
	seen, err := strconv.ParseInt(lastSeen, 10, 64)
	if err != nil || seen > h.last || seen < max(h.first, h.last-remembered) {
		return append(here, "event: reset\ndata: {}\n\n"...)
	}
	var text []byte
	for id := seen + 1; id <= h.last; id++ {
		if f := h.past[id%remembered]; v.gets(f.about) {
			text = append(text, f.text...)
		}
	}
	return append(text, append(here, '\n')...)
}

// leave closes a stream; its owner no longer reads the queue.
func (h *Hub) leave(s *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.remove(s)
}

// see changes what a stream may see from now on.
func (h *Hub) see(s *stream, v viewer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s.viewer = v
}

// end cuts off the streams of a session.
func (h *Hub) end(session string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.streams {
		if s.session == session {
			h.remove(s)
		}
	}
}

// close cuts off all streams and takes no more. Publish still works, for nobody.
func (h *Hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for s := range h.streams {
		h.remove(s)
	}
}

// open counts the streams.
func (h *Hub) open() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.streams)
}
