package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"threering/center"
)

// checkMost is how long it may take to see whether a stream's viewer is still who
// they were.
const checkMost = 2 * time.Second

// rhythm is the times of streams.
type rhythm struct {
	beat  time.Duration // between two signs of life
	write time.Duration // that writing may take
}

func usualRhythm() rhythm { return rhythm{beat: 15 * time.Second, write: 10 * time.Second} }

type eventsInput struct {
	LastSeen string `header:"Last-Event-ID" doc:"The last event that was seen; those since then come first."`
}

type alarmsOutput struct {
	Body struct {
		Alarms []Alarm `json:"alarms" doc:"The oldest first."`
	}
}

func (s *Server) routeEvents() {
	route(s, all(), huma.Operation{
		OperationID: "watch-events", Method: http.MethodGet, Path: "/api/v1/events", Tags: []string{"events"},
		Summary: "Live events",
		Description: "Server-sent events: pop, agent.…, call.…, queue.changed, queue.counted, alarm. Agents get what names them or a queue of theirs. " +
			"The event reset says that some were missed: fetch everything anew.",
		Responses: map[string]*huma.Response{
			"200": {Description: "Events without end", Content: map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: "string"}}}},
		},
	}, s.watch)
	route(s, []center.Role{center.Supervisor, center.Admin}, huma.Operation{
		OperationID: "list-alarms", Method: http.MethodGet, Path: "/api/v1/alarms", Tags: []string{"events"},
		Summary: "What is wrong at this moment",
	}, s.listAlarms)
}

func (s *Server) listAlarms(context.Context, *struct{}) (*alarmsOutput, error) {
	out := &alarmsOutput{}
	out.Body.Alarms = s.cfg.Alarms.List()
	return out, nil
}

func (s *Server) watch(ctx context.Context, in *eventsInput) (*huma.StreamResponse, error) {
	v, err := s.viewer(ctx, who(ctx).Person)
	if err != nil {
		return nil, err
	}
	st, err := s.cfg.Hub.join(v, who(ctx).session, in.LastSeen)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer s.cfg.Hub.leave(st)
		r, w := humago.Unwrap(ctx)
		alive, cancel := context.WithDeadline(r.Context(), s.sessions.Deadline(r.Context()))
		defer cancel()
		s.run(alive, st, v, newWire(w, s.rhythm.write))
	}}, nil
}

// viewer is a person as one who watches events.
func (s *Server) viewer(ctx context.Context, p center.Person) (viewer, error) {
	v := viewer{id: p.ID, role: p.Role}
	var err error
	if p.Role == center.Agent {
		v.queues, err = s.queuesOf(ctx, p.ID)
	}
	return v, err
}

// run writes a stream until it is cut off, the connection fails, or ctx ends.
func (s *Server) run(ctx context.Context, st *stream, v viewer, out wire) {
	if out.send(st.head) != nil {
		return
	}
	beat := time.NewTicker(s.rhythm.beat)
	defer beat.Stop()
	for {
		var err error
		select {
		case d := <-st.queue:
			err = out.deliver(d, st.queue)
		case <-beat.C:
			if v, err = s.lookAgain(ctx, st, v); err == nil {
				err = out.send([]byte(":\n\n"))
			}
		case <-st.cut:
			return
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// errOther says that somebody may no longer watch what they watched.
var errOther = errors.New("the viewer's role has changed")

// lookAgain follows changes of the center: another role ends the stream, other
// queues change what comes. What cannot be learned now is asked at the next beat.
func (s *Server) lookAgain(ctx context.Context, st *stream, before viewer) (viewer, error) {
	ctx, cancel := context.WithTimeout(ctx, checkMost)
	defer cancel()
	p, err := s.cfg.People.Person(ctx, before.id)
	if errors.Is(err, center.ErrNotFound) || (err == nil && p.Role != before.role) {
		return before, errOther
	}
	if err != nil {
		return before, nil
	}
	now, err := s.viewer(ctx, p)
	if err != nil || slices.Equal(now.queues, before.queues) {
		return before, nil
	}
	s.cfg.Hub.see(st, now)
	return now, nil
}
