package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"threering/acd/explain"
)

type explanationInput struct {
	ID       string `path:"id"`
	Language string `query:"language" enum:"en,zh" default:"en"`
}

type explanationOutput struct {
	Body struct {
		Lines []explain.Line `json:"lines" doc:"Sentences about entries of the timeline, in their order."`
	}
}

func (s *Server) routeExplanation() {
	route(s, all(), huma.Operation{
		OperationID: "explain-call", Method: http.MethodGet, Path: "/api/v1/calls/{id}/explanation", Tags: []string{"calls"},
		Summary:     "Why the routing did with a call what it did, in words",
		Description: "Who was rung, why then and why this agent, and what came of it. Agents see their own calls.",
		Errors:      []int{http.StatusNotFound},
	}, s.explainCall)
}

func (s *Server) explainCall(ctx context.Context, in *explanationInput) (*explanationOutput, error) {
	if _, err := s.ownCall(ctx, in.ID); err != nil {
		return nil, err
	}
	timeline, err := s.cfg.Journal.Timeline(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	names, err := s.called(ctx)
	if err != nil {
		return nil, err
	}
	out := &explanationOutput{}
	out.Body.Lines, err = explain.Call(timeline, in.Language, names)
	return out, err
}

// called is what the agents and queues of the running center are called.
func (s *Server) called(ctx context.Context) (names explain.Names, err error) {
	if names.Queues, err = s.titles(ctx); err != nil {
		return names, err
	}
	agents, err := s.cfg.Floor.Agents(ctx)
	names.Agents = map[string]string{}
	for _, a := range agents {
		names.Agents[a.ID] = a.Name
	}
	return names, err
}
