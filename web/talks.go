package web

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"unicode"

	"github.com/danielgtaylor/huma/v2"

	"threering/acd/floor"
	"threering/acd/journal"
	"threering/center"
)

type targetsInput struct {
	Q     string `query:"q" doc:"A part of the id or the name; empty: all." maxLength:"50"`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

type targetsOutput struct {
	Body struct {
		Targets []floor.TargetView `json:"targets" nullable:"false" doc:"The free ones first."`
	}
}

type placeInput struct {
	Body struct {
		To    *journal.Target `json:"to,omitempty" doc:"Who is to be called."`
		Again string          `json:"again,omitempty" maxLength:"64" doc:"Id of a call whose other side is called again, in the place of to."`
	}
}

// Placed is a call that was begun.
type Placed struct {
	ID string `json:"id" doc:"Of the new call."`
}

type placedOutput struct{ Body Placed }

type toInput struct {
	ID   string `path:"id"`
	Body struct {
		To journal.Target `json:"to"`
	}
}

type guestInput struct {
	ID    string `path:"id"`
	Guest string `path:"guest" maxLength:"100" doc:"The id or the number that they were reached by."`
}

// routeTalks are the operations of who talks, or wants to.
func (s *Server) routeTalks() {
	speakers := []center.Role{center.Agent, center.Supervisor, center.Admin}
	route(s, speakers, huma.Operation{
		OperationID: "list-targets", Method: http.MethodGet, Path: "/api/v1/targets", Tags: []string{"talks"},
		Summary: "Who in the house can be called, or a call be put through to",
	}, s.listTargets)
	route(s, []center.Role{center.Agent, center.Supervisor}, huma.Operation{
		OperationID: "place-call", Method: http.MethodPost, Path: "/api/v1/calls", DefaultStatus: http.StatusCreated, Tags: []string{"talks"},
		Summary:     "Call somebody",
		Description: "The visitor's own phone rings first; once it is picked up the other side is called. With again, the other side of an earlier call is called once more.",
		Errors:      []int{http.StatusNotFound, http.StatusConflict},
	}, s.placeCall)
	within := func(id, path, summary, description string) huma.Operation {
		return huma.Operation{
			OperationID: id, Method: http.MethodPost, Path: "/api/v1/calls/{id}/" + path, DefaultStatus: http.StatusNoContent, Tags: []string{"talks"},
			Summary: summary, Description: strings.TrimSpace(description + " Agents do so with their own talks."),
			Errors: []int{http.StatusNotFound, http.StatusConflict},
		}
	}
	route(s, speakers, within("transfer-call", "transfer", "Put the caller through, without asking",
		"While the target's phone rings the agent may wait or hang up; if nobody answers the caller is back with the agent. It stays the same call."), s.transferCall)
	consult := within("consult", "consult", "Have the agent speak with somebody else meanwhile",
		"By the same phone; the caller hears music. It is a call of its own. The agent's hanging up puts the caller through.")
	consult.DefaultStatus = http.StatusCreated
	route(s, speakers, consult, s.consult)
	route(s, speakers, within("return-to-call", "return", "End the consultation; the agent is back with the caller", ""), s.returnToCall)
	route(s, speakers, within("complete-transfer", "complete", "Put the caller through to who is consulted", "The agent is done with both."), s.completeTransfer)
	route(s, speakers, within("begin-conference", "conference", "Bring caller, agent and who is consulted together", ""), s.beginConference)
	remove := within("remove-guest", "guests/{guest}", "Take somebody out of a conference", "")
	remove.Method = http.MethodDelete
	route(s, speakers, remove, s.removeGuest)
}

// asker is the visitor as the floor knows them: agents ask about their own talks, the others about any.
func (v visitor) asker() floor.Asker { return floor.Asker{Person: v.ID, Any: !v.isAgent()} }

func (s *Server) listTargets(ctx context.Context, in *targetsInput) (*targetsOutput, error) {
	targets, err := s.cfg.Floor.Targets(ctx)
	out := &targetsOutput{}
	out.Body.Targets = []floor.TargetView{}
	part := strings.ToLower(in.Q)
	for _, t := range targets {
		fits := strings.Contains(strings.ToLower(t.ID), part) || strings.Contains(strings.ToLower(t.Name), part)
		if fits && len(out.Body.Targets) < in.Limit {
			out.Body.Targets = append(out.Body.Targets, t)
		}
	}
	return out, err
}

// Resolve wants one of the two: it fits huma.Resolver.
func (in *placeInput) Resolve(huma.Context) []error {
	if (in.Body.To == nil) == (in.Body.Again == "") {
		return []error{&huma.ErrorDetail{Location: "body", Message: "expected either to or again"}}
	}
	return plain(in.Body.To)
}

// Resolve fits huma.Resolver.
func (in *toInput) Resolve(huma.Context) []error { return plain(&in.Body.To) }

// plain refuses targets with characters that nobody types.
func plain(t *journal.Target) []error {
	if t != nil && strings.ContainsFunc(t.ID, unicode.IsControl) {
		return []error{&huma.ErrorDetail{Location: "body.to.id", Message: "expected no control characters"}}
	}
	return nil
}

func (s *Server) placeCall(ctx context.Context, in *placeInput) (*placedOutput, error) {
	v, to := who(ctx), in.Body.To
	if in.Body.Again != "" {
		call, err := s.ownCall(ctx, in.Body.Again)
		if err != nil {
			return nil, err
		}
		to = &journal.Target{Kind: journal.ToNumber, ID: otherSide(call, v.ID)}
	}
	id, err := s.cfg.Floor.Place(ctx, v.ID, *to, in.Body.Again)
	if err != nil {
		return nil, err
	}
	return &placedOutput{Placed{id}}, nil
}

// otherSide is the number by which a person reaches the other side of a call again: who called them, or whom they called.
func otherSide(c journal.Call, person string) string {
	if c.Direction == journal.Out || c.Number == person {
		return c.Dialled
	}
	return cmp.Or(c.Number, c.Dialled)
}

func (s *Server) transferCall(ctx context.Context, in *toInput) (*struct{}, error) {
	return nil, s.cfg.Floor.Transfer(ctx, in.ID, who(ctx).asker(), in.Body.To)
}

func (s *Server) consult(ctx context.Context, in *toInput) (*placedOutput, error) {
	id, err := s.cfg.Floor.Consult(ctx, in.ID, who(ctx).asker(), in.Body.To)
	if err != nil {
		return nil, err
	}
	return &placedOutput{Placed{id}}, nil
}

func (s *Server) returnToCall(ctx context.Context, in *callInput) (*struct{}, error) {
	return nil, s.cfg.Floor.Return(ctx, in.ID, who(ctx).asker())
}

func (s *Server) completeTransfer(ctx context.Context, in *callInput) (*struct{}, error) {
	return nil, s.cfg.Floor.Complete(ctx, in.ID, who(ctx).asker())
}

func (s *Server) beginConference(ctx context.Context, in *callInput) (*struct{}, error) {
	return nil, s.cfg.Floor.Conference(ctx, in.ID, who(ctx).asker())
}

func (s *Server) removeGuest(ctx context.Context, in *guestInput) (*struct{}, error) {
	return nil, s.cfg.Floor.RemoveGuest(ctx, in.ID, who(ctx).asker(), in.Guest)
}
