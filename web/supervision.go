package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"threering/acd/floor"
	"threering/center"
)

type helpInput struct {
	ID   string `path:"id"`
	Body struct {
		Text string `json:"text,omitempty" maxLength:"500" doc:"What it is about."`
	}
}

type watchInput struct {
	ID   string `path:"id"`
	Body struct {
		Mode floor.Mode `json:"mode" enum:"listen,whisper,barge" doc:"listen: heard by nobody; whisper: heard by the agent alone; barge: heard by all."`
	}
}

type moveInput struct {
	ID   string `path:"id"`
	Body struct {
		Queue string `json:"queue" minLength:"1" maxLength:"100"`
	}
}

type priorityInput struct {
	ID   string `path:"id"`
	Body struct {
		Priority int `json:"priority" minimum:"-100" maximum:"100" doc:"0 for most. Each step is worth half a minute of waiting."`
	}
}

type takeInput struct {
	ID   string `path:"id"`
	Body struct {
		Agent string `json:"agent" minLength:"1" maxLength:"32" doc:"Who is to be rung for it, now."`
	}
}

// routeSupervision are the operations of supervisors with calls, and what agents ask of them.
func (s *Server) routeSupervision() {
	guards := []center.Role{center.Supervisor, center.Admin}
	of := func(method, id, path, summary, description string) huma.Operation {
		return huma.Operation{
			OperationID: id, Method: method, Path: "/api/v1/calls/{id}/" + path, DefaultStatus: http.StatusNoContent, Tags: []string{"supervision"},
			Summary: summary, Description: description, Errors: []int{http.StatusNotFound, http.StatusConflict},
		}
	}
	route(s, []center.Role{center.Agent, center.Supervisor}, of(http.MethodPost, "ask-for-help", "help", "Ask the supervisors for help in the visitor's own talk",
		"They get the event agent.help. It stands until one of them takes part, or the talk is over."), s.askForHelp)
	route(s, []center.Role{center.Agent, center.Supervisor, center.Admin}, of(http.MethodDelete, "need-no-help", "help", "No help is needed any more",
		"Agents say so of their own talks."), s.needNoHelp)
	route(s, []center.Role{center.Supervisor}, of(http.MethodPut, "watch-call", "watch", "Take part in a talk",
		"The visitor's own phone rings. Who takes part already only changes how."), s.watchCall)
	route(s, []center.Role{center.Supervisor}, of(http.MethodDelete, "unwatch-call", "watch", "Take part in a talk no more", ""), s.unwatchCall)
	route(s, guards, of(http.MethodPost, "move-call", "move", "Bring a waiting call into another queue",
		"There it has the place of the time it has waited."), s.moveCall)
	route(s, guards, of(http.MethodPut, "prioritise-call", "priority", "Give a waiting call another priority", ""), s.prioritiseCall)
	route(s, guards, of(http.MethodPost, "give-call", "take", "Have a waiting call offered to one agent, now",
		"Whatever the order of the queue and whoever serves it. The agent may be on a break."), s.giveCall)
}

func (s *Server) askForHelp(ctx context.Context, in *helpInput) (*struct{}, error) {
	return nil, s.cfg.Floor.Help(ctx, in.ID, who(ctx).ID, in.Body.Text)
}

func (s *Server) needNoHelp(ctx context.Context, in *callInput) (*struct{}, error) {
	return nil, s.cfg.Floor.HelpDone(ctx, in.ID, who(ctx).asker())
}

func (s *Server) watchCall(ctx context.Context, in *watchInput) (*struct{}, error) {
	return nil, s.cfg.Floor.Watch(ctx, in.ID, who(ctx).ID, in.Body.Mode)
}

func (s *Server) unwatchCall(ctx context.Context, in *callInput) (*struct{}, error) {
	return nil, s.cfg.Floor.Unwatch(ctx, in.ID, who(ctx).ID)
}

func (s *Server) moveCall(ctx context.Context, in *moveInput) (*struct{}, error) {
	return nil, s.cfg.Floor.Move(ctx, in.ID, in.Body.Queue, who(ctx).ID)
}

func (s *Server) prioritiseCall(ctx context.Context, in *priorityInput) (*struct{}, error) {
	return nil, s.cfg.Floor.Prioritise(ctx, in.ID, in.Body.Priority, who(ctx).ID)
}

func (s *Server) giveCall(ctx context.Context, in *takeInput) (*struct{}, error) {
	return nil, s.cfg.Floor.Take(ctx, in.ID, in.Body.Agent, who(ctx).ID)
}
