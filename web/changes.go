package web

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"threering/acd/journal"
	"threering/center"
)

type seatInput struct {
	ID   string `path:"id"`
	Body struct {
		Tiers map[string]int `json:"tiers" nullable:"false" maxProperties:"1000" doc:"The queues that the agent serves from now on, and no others, each with the tier that they are asked in, from 1 to 10."`
	}
}

type skillInput struct {
	ID   string `path:"id"`
	Body struct {
		Skills map[string]int `json:"skills" nullable:"false" maxProperties:"100" doc:"What the agent can do from now on, and nothing else, each on a level from 1 to 10."`
	}
}

type openInput struct {
	Name string `path:"name"`
	Body struct {
		Open bool `json:"open"`
	}
}

type queueOutput struct{ Body QueueView }

// Change is something that somebody has changed about an agent or a queue, while calls went on.
type Change struct {
	At     time.Time      `json:"at"`
	Kind   journal.Kind   `json:"kind" enum:"agent.set,agent.seated,agent.skilled,queue.set"`
	By     string         `json:"by" doc:"Id of the person who has changed it."`
	Agent  string         `json:"agent,omitempty"`
	State  string         `json:"state,omitempty" doc:"What the agent is to be; of a queue, open or closed."`
	Reason string         `json:"reason,omitempty"`
	Queue  string         `json:"queue,omitempty"`
	Tier   int            `json:"tier,omitempty" doc:"That the agent has in the queue now; absent: they serve it no more."`
	Skills map[string]int `json:"skills,omitempty"`
}

type changeListInput struct {
	Days int `query:"days" minimum:"1" maximum:"31" default:"1" doc:"How far back."`
}

type changeListOutput struct {
	Body struct {
		Changes []Change `json:"changes" nullable:"false" doc:"The newest first."`
	}
}

// changesMost is how many changes are given at once.
const changesMost = 500

const (
	levelMost = 10 // of a skill, and of tiers
	holds     = "It stays so until another document of the center is applied, over a restart of the server too."
)

// skillForm is how skills are named, as in the center's document.
var skillForm = regexp.MustCompile(`^[\pL\pN_-]{1,40}$`)

// routeChanges are the operations by which supervisors change agents and queues while calls go on.
func (s *Server) routeChanges() {
	guards := []center.Role{center.Supervisor, center.Admin}
	of := func(id, path, summary, description string) huma.Operation {
		return huma.Operation{
			OperationID: id, Method: http.MethodPut, Path: path, Tags: []string{"supervision"},
			Summary: summary, Description: description, Errors: []int{http.StatusNotFound},
		}
	}
	route(s, guards, of("seat-agent", "/api/v1/agents/{id}/queues", "Say which queues an agent serves", holds), s.seatAgent)
	route(s, guards, of("skill-agent", "/api/v1/agents/{id}/skills", "Say what an agent can do",
		"Queues that the document gives to whoever has a skill are theirs, or are not any more, as they have it. "+holds), s.skillAgent)
	route(s, guards, of("open-queue", "/api/v1/queues/{name}", "Open or close a queue",
		"Nobody enters a closed queue: callers go to its overflow, or on in their flow. Who is in it is served. It stays so until it is changed again, over a restart of the server too."), s.openQueue)
	route(s, guards, huma.Operation{
		OperationID: "list-changes", Method: http.MethodGet, Path: "/api/v1/changes", Tags: []string{"supervision"},
		Summary: "Who has changed what about agents and queues", Description: "What was done with single calls is in their timelines.",
	}, s.listChanges)
}

// Resolve fits huma.Resolver.
func (in *seatInput) Resolve(huma.Context) []error { return levels("body.tiers.", in.Body.Tiers) }

// Resolve fits huma.Resolver.
func (in *skillInput) Resolve(huma.Context) []error {
	wrong := levels("body.skills.", in.Body.Skills)
	for name := range in.Body.Skills {
		if !skillForm.MatchString(name) {
			wrong = append(wrong, &huma.ErrorDetail{Location: "body.skills", Message: "expected names of letters, digits and dashes"})
			break
		}
	}
	return wrong
}

// levels finds fault with what is not within 1 and 10.
func levels(path string, of map[string]int) (wrong []error) {
	for _, name := range slices.Sorted(maps.Keys(of)) {
		if level := of[name]; level < 1 || level > levelMost {
			wrong = append(wrong, &huma.ErrorDetail{Location: path + name, Message: fmt.Sprint("expected 1 to ", levelMost), Value: level})
		}
	}
	return wrong
}

func (s *Server) seatAgent(ctx context.Context, in *seatInput) (*agentOutput, error) {
	view, err := s.cfg.Floor.Seat(ctx, in.ID, in.Body.Tiers, who(ctx).ID)
	return &agentOutput{view}, err
}

func (s *Server) skillAgent(ctx context.Context, in *skillInput) (*agentOutput, error) {
	view, err := s.cfg.Floor.Skill(ctx, in.ID, in.Body.Skills, who(ctx).ID)
	return &agentOutput{view}, err
}

func (s *Server) openQueue(ctx context.Context, in *openInput) (*queueOutput, error) {
	view, err := s.cfg.Floor.OpenQueue(ctx, in.Name, in.Body.Open, who(ctx).ID)
	if err != nil {
		return nil, err
	}
	today, err := s.cfg.Report.Today(ctx)
	return &queueOutput{QueueView{view, today[in.Name].Figures()}}, err
}

func (s *Server) listChanges(ctx context.Context, in *changeListInput) (*changeListOutput, error) {
	if err := s.cfg.Journal.Flush(ctx); err != nil {
		return nil, err
	}
	entries, err := s.cfg.Journal.Changes(ctx, time.Now().AddDate(0, 0, -in.Days), changesMost)
	if err != nil {
		return nil, err
	}
	out := &changeListOutput{}
	out.Body.Changes = []Change{}
	for _, e := range entries {
		out.Body.Changes = append(out.Body.Changes, Change{
			At: e.At, Kind: e.Kind, By: e.By, Agent: e.Agent, State: e.State, Reason: e.Why, Queue: e.Queue, Tier: e.Tier, Skills: e.Skills,
		})
	}
	return out, nil
}
