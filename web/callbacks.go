package web

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"threering/acd/floor"
	"threering/acd/journal"
	"threering/center"
)

type callbacksInput struct {
	Since time.Time `query:"since" doc:"Missed callers from then on (RFC 3339); by default of the last 24 hours."`
}

type callbacksOutput struct {
	Body struct {
		Waiting []floor.CallbackView `json:"waiting" nullable:"false" doc:"Who wants to be called back and will be, in their place in the queue; who asked first first."`
		Missed  []journal.Call       `json:"missed" nullable:"false" doc:"Who hung up waiting, or had nobody come, and was not served since: the last such call of each number, the newest first."`
	}
}

// missedFor is how long a missed caller is shown, where no other time is asked for.
const missedFor = 24 * time.Hour

func (s *Server) routeCallbacks() {
	guards := []center.Role{center.Supervisor, center.Admin}
	route(s, guards, huma.Operation{
		OperationID: "list-callbacks", Method: http.MethodGet, Path: "/api/v1/callbacks", Tags: []string{"callbacks"},
		Summary: "Who is to be called back, and who was missed",
	}, s.listCallbacks)
	route(s, guards, huma.Operation{
		OperationID: "call-back", Method: http.MethodPost, Path: "/api/v1/callbacks", Tags: []string{"callbacks"},
		DefaultStatus: http.StatusCreated, Summary: "Have a missed caller be called back",
		Description: "They wait in the queue that they were in last, with the time for which they have waited there.",
		Errors:      []int{http.StatusForbidden, http.StatusNotFound, http.StatusConflict},
	}, s.callBack)
	route(s, guards, huma.Operation{
		OperationID: "drop-callback", Method: http.MethodDelete, Path: "/api/v1/callbacks/{id}", Tags: []string{"callbacks"},
		DefaultStatus: http.StatusNoContent, Summary: "Take somebody off the list of those who are to be called back",
		Errors: []int{http.StatusConflict},
	}, s.dropCallback)
}

func (s *Server) listCallbacks(ctx context.Context, in *callbacksInput) (*callbacksOutput, error) {
	since := in.Since
	if since.IsZero() {
		since = time.Now().Add(-missedFor)
	}
	out := &callbacksOutput{}
	var err error
	if out.Body.Waiting, err = s.cfg.Floor.Callbacks(ctx); err != nil {
		return nil, err
	}
	s.catchUp(ctx)
	out.Body.Missed, err = s.cfg.Journal.Missed(ctx, since)
	return out, err
}

type callBackInput struct {
	Body struct {
		Call string `json:"call" doc:"Id of the call whose caller was missed."`
	}
}

type callBackOutput struct {
	Body struct {
		Call string `json:"call" doc:"Id of the callback."`
	}
}

func (s *Server) callBack(ctx context.Context, in *callBackInput) (*callBackOutput, error) {
	s.catchUp(ctx)
	call, err := s.cfg.Journal.Call(ctx, in.Body.Call)
	if err != nil {
		return nil, err
	}
	missed, err := s.cfg.Journal.Missed(ctx, call.StartedAt)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(missed, func(c journal.Call) bool { return c.ID == call.ID }) {
		return nil, floor.ErrServed
	}
	out := &callBackOutput{}
	out.Body.Call, err = s.cfg.Floor.CallBack(ctx, call, who(ctx).ID)
	return out, err
}

func (s *Server) dropCallback(ctx context.Context, in *callInput) (*struct{}, error) {
	return nil, s.cfg.Floor.DropCallback(ctx, in.ID, who(ctx).ID)
}
