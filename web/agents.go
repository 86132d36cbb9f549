package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"threering/acd/brain"
	"threering/acd/floor"
	"threering/acd/report"
	"threering/center"
)

type agentsOutput struct {
	Body struct {
		Agents []floor.AgentView `json:"agents"`
	}
}

type agentOutput struct{ Body floor.AgentView }

type stateInput struct {
	ID   string `path:"id"`
	Body struct {
		State  brain.State `json:"state" enum:"available,break,offline"`
		Reason string      `json:"reason,omitempty" maxLength:"100"`
	}
}

// QueueView is a queue as it is at this moment, and how it has done today.
type QueueView struct {
	floor.QueueView
	Today report.Figures `json:"today" doc:"Since midnight in the center's time zone. The event queue.changed is without it; queue.counted brings it, as {name, today}, whenever it has changed."`
}

type queuesOutput struct {
	Body struct {
		Queues []QueueView `json:"queues"`
	}
}

func (s *Server) routeAgents() {
	route(s, all(), huma.Operation{
		OperationID: "list-agents", Method: http.MethodGet, Path: "/api/v1/agents", Tags: []string{"floor"},
		Summary: "The agents and what they are doing", Description: "Agents see of the others no calls and numbers.",
	}, s.listAgents)
	route(s, []center.Role{center.Agent, center.Supervisor, center.Admin}, huma.Operation{
		OperationID: "set-agent-state", Method: http.MethodPut, Path: "/api/v1/agents/{id}/state", Tags: []string{"floor"},
		Summary: "Say what an agent wants to be", Description: "What is under way is finished first: until then it is next of the agent. A phone that rings is stopped. Agents speak for themselves.",
		Errors: []int{http.StatusNotFound},
	}, s.setAgent)
	route(s, all(), huma.Operation{
		OperationID: "list-queues", Method: http.MethodGet, Path: "/api/v1/queues", Tags: []string{"floor"},
		Summary: "The queues and who waits", Description: "Agents see the queues that they serve.",
	}, s.listQueues)
}

func (s *Server) listAgents(ctx context.Context, _ *struct{}) (*agentsOutput, error) {
	agents, err := s.cfg.Floor.Agents(ctx)
	if err != nil {
		return nil, err
	}
	if v := who(ctx); v.isAgent() {
		for i := range agents {
			if agents[i].ID != v.ID {
				agents[i].Call, agents[i].With, agents[i].Talk = "", "", nil
			}
		}
	}
	out := &agentsOutput{}
	out.Body.Agents = agents
	return out, nil
}

func (s *Server) setAgent(ctx context.Context, in *stateInput) (*agentOutput, error) {
	v := who(ctx)
	if v.isAgent() && in.ID != v.ID {
		return nil, huma.Error403Forbidden("Agents set their own state only.")
	}
	if in.ID != v.ID {
		view, err := s.cfg.Floor.SetAgentFor(ctx, in.ID, in.Body.State, in.Body.Reason, v.ID)
		return &agentOutput{view}, err
	}
	view, err := s.cfg.Floor.SetAgent(ctx, in.ID, in.Body.State, in.Body.Reason)
	return &agentOutput{view}, err
}

func (s *Server) listQueues(ctx context.Context, _ *struct{}) (*queuesOutput, error) {
	queues, err := s.cfg.Floor.Queues(ctx)
	if err != nil {
		return nil, err
	}
	if v := who(ctx); v.isAgent() {
		own, err := s.queuesOf(ctx, v.ID)
		if err != nil {
			return nil, err
		}
		queues = slices.DeleteFunc(queues, func(q floor.QueueView) bool { return !slices.Contains(own, q.Name) })
	}
	today, err := s.cfg.Report.Today(ctx)
	if err != nil {
		return nil, err
	}
	out := &queuesOutput{}
	out.Body.Queues = []QueueView{}
	for _, q := range queues {
		out.Body.Queues = append(out.Body.Queues, QueueView{q, today[q.Name].Figures()})
	}
	return out, nil
}

// queuesOf is the queues that a person serves.
func (s *Server) queuesOf(ctx context.Context, id string) ([]string, error) {
	agents, err := s.cfg.Floor.Agents(ctx)
	for _, a := range agents {
		if a.ID == id {
			return a.Queues, err
		}
	}
	return nil, err
}
