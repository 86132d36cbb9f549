package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"threering/acd/floor"
	"threering/acd/journal"
	"threering/recording"
)

type callsInput struct {
	Number  string          `query:"number" doc:"The caller's, as people write it." maxLength:"50"`
	Name    string          `query:"name" doc:"A part of the name of a customer who has the caller's number; number is not looked at beside it." maxLength:"50"`
	Agent   string          `query:"agent" doc:"Id of an agent who talked, or was to."`
	Queue   string          `query:"queue"`
	Outcome journal.Outcome `query:"outcome" enum:"open,answered,abandoned,gave_up,callback,menu,failed,interrupted,not_reached,merged"`
	From    time.Time       `query:"from" doc:"Calls that came then or later (RFC 3339)."`
	To      time.Time       `query:"to" doc:"Calls that came before (RFC 3339)."`
	Limit   int             `query:"limit" minimum:"1" maximum:"200" default:"50"`
	After   string          `query:"after" doc:"The next of the page before."`
}

type callsOutput struct {
	Body struct {
		Calls []journal.Call `json:"calls" doc:"The newest first."`
		Next  string         `json:"next" doc:"Ask for the next page with after; empty on the last."`
	}
}

type callOutput struct {
	Body struct {
		Call       journal.Call          `json:"call"`
		Timeline   []journal.Entry       `json:"timeline" doc:"Everything that happened, in order."`
		Recordings []recording.Recording `json:"recordings"`
	}
}

type callInput struct {
	ID string `path:"id"`
}

func (s *Server) routeCalls() {
	route(s, all(), huma.Operation{
		OperationID: "list-calls", Method: http.MethodGet, Path: "/api/v1/calls", Tags: []string{"calls"},
		Summary: "Calls, the newest first", Description: "Agents see their own.",
	}, s.listCalls)
	route(s, all(), huma.Operation{
		OperationID: "get-call", Method: http.MethodGet, Path: "/api/v1/calls/{id}", Tags: []string{"calls"},
		Summary: "A call, its timeline and recordings", Description: "Agents see their own.",
		Errors: []int{http.StatusNotFound},
	}, s.getCall)
	s.routeLadder()
	s.routeExplanation()
	s.routeDisposition()
}

func (s *Server) listCalls(ctx context.Context, in *callsInput) (*callsOutput, error) {
	filter, err := s.filter(ctx, in)
	if err != nil {
		return nil, err
	}
	s.catchUp(ctx)
	calls, err := s.cfg.Journal.Calls(ctx, filter)
	if err != nil {
		return nil, err
	}
	out := &callsOutput{}
	if len(calls) > in.Limit {
		calls = calls[:in.Limit]
		out.Body.Next = calls[in.Limit-1].ID
	}
	out.Body.Calls = calls
	return out, nil
}

// catchUp waits until what has happened is in the database: a page that an event has told of a call's end asks for it at once.
// Of one that is slow the list has what there is.
func (s *Server) catchUp(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, catchUpMost)
	defer cancel()
	if err := s.cfg.Journal.Flush(ctx); err != nil {
		s.cfg.Log.DebugContext(ctx, "the list of calls may lack the newest", "error", err)
	}
}

const catchUpMost = 500 * time.Millisecond

// filter is what a visitor asks for, within what they may see. It asks for one
// call more than wanted, to learn whether there is a next page.
func (s *Server) filter(ctx context.Context, in *callsInput) (journal.Filter, error) {
	f := journal.Filter{Queue: in.Queue, Outcome: in.Outcome, From: in.From, To: in.To, After: in.After, Limit: in.Limit + 1}
	if v := who(ctx); v.isAgent() {
		if in.Agent != "" && in.Agent != v.ID {
			return f, huma.Error403Forbidden("Agents see their own calls only.")
		}
		in.Agent = v.ID
	}
	if in.Agent != "" {
		f.Agents = []string{in.Agent}
	}
	var err error
	if f.Numbers, err = s.numbers(ctx, in); err != nil {
		return f, err
	}
	if in.After != "" {
		if _, err := s.cfg.Journal.Call(ctx, in.After); errors.Is(err, journal.ErrNotFound) {
			return f, huma.Error422UnprocessableEntity("No such page.", &huma.ErrorDetail{Message: "no such call", Location: "query.after", Value: in.After})
		} else if err != nil {
			return f, err
		}
	}
	return f, nil
}

// noNumber is filed under no call.
const noNumber = "-"

// numbers is what a visitor asks for as callers' numbers: one, or those of somebody by name; none for all.
func (s *Server) numbers(ctx context.Context, in *callsInput) ([]string, error) {
	if in.Name != "" {
		of, err := s.cfg.CRM.NumbersOf(ctx, in.Name)
		return append(of, noNumber), err
	}
	if in.Number == "" {
		return nil, nil
	}
	n := s.cfg.CRM.Number(in.Number)
	return []string{cmp.Or(n.Digits, n.Kind)}, nil // callers who withheld theirs are filed under the kind
}

// ownCall is a call that the visitor may see.
func (s *Server) ownCall(ctx context.Context, id string) (journal.Call, error) {
	call, err := s.cfg.Journal.Call(ctx, id)
	if err != nil {
		return call, err
	}
	if v := who(ctx); v.isAgent() && call.Agent != v.ID && !slices.Contains(call.Agents, v.ID) {
		return journal.Call{}, refused(floor.ErrNotYours)
	}
	return call, nil
}

func (s *Server) getCall(ctx context.Context, in *callInput) (*callOutput, error) {
	out := &callOutput{}
	var err error
	if out.Body.Call, err = s.ownCall(ctx, in.ID); err != nil {
		return nil, err
	}
	if out.Body.Timeline, err = s.timeline(ctx, in.ID); err != nil {
		return nil, err
	}
	out.Body.Recordings, err = s.ownRecordings(ctx, in.ID)
	return out, err
}

// ownRecordings is those of a call's recordings that the visitor may hear.
func (s *Server) ownRecordings(ctx context.Context, call string) ([]recording.Recording, error) {
	list, err := s.cfg.Archive.List(ctx, call)
	v := who(ctx)
	return slices.DeleteFunc(list, func(r recording.Recording) bool { return !v.hears(r) }), err
}
