package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"threering/acd/journal"
	"threering/center"
	"threering/sip/trunk"
)

type trunksOutput struct {
	Body struct {
		Trunks []trunk.View `json:"trunks" nullable:"false" doc:"In the order of the center's document."`
	}
}

type wayOutInput struct {
	Body struct {
		Agent    string `json:"agent" minLength:"1" maxLength:"32" doc:"Who wants to call."`
		Number   string `json:"number" minLength:"1" maxLength:"50" doc:"As people write it."`
		CallerID string `json:"caller_id,omitempty" maxLength:"50" doc:"To be shown; absent: the trunk's own choice."`
	}
}

type wayOutOutput struct {
	Body struct {
		Allowed bool         `json:"allowed"`
		Reason  trunk.Reason `json:"reason,omitempty" enum:"no_trunk,not_allowed,number,destination,international,premium,caller_id,calls,spend,stopped"`
		Text    string       `json:"text,omitempty" doc:"The reason in a sentence."`
		Trunk   string       `json:"trunk,omitempty" doc:"That the call would be tried by first."`
		Called  string       `json:"called,omitempty" doc:"The number as the carrier would get it."`
		Caller  string       `json:"caller,omitempty" doc:"The number that would be shown."`
		Price   float64      `json:"price" doc:"Of a minute, in the carrier's currency."`
	}
}

// TrunkNews is something that happened to a trunk, or a call that was not let out.
type TrunkNews struct {
	At     time.Time    `json:"at"`
	Kind   journal.Kind `json:"kind" enum:"trunk.state,out.refused,out.cut"`
	Trunk  string       `json:"trunk,omitempty"`
	State  string       `json:"state,omitempty"`
	Call   string       `json:"call,omitempty"`
	Agent  string       `json:"agent,omitempty"`
	Number string       `json:"number,omitempty" doc:"That was to be called."`
	Why    string       `json:"why,omitempty"`
}

type trunkNewsInput struct {
	Days int `query:"days" minimum:"1" maximum:"31" default:"1" doc:"How far back."`
}

type trunkNewsOutput struct {
	Body struct {
		News []TrunkNews `json:"news" nullable:"false" doc:"The newest first."`
	}
}

// newsMost is how much news of trunks is given at once.
const newsMost = 500

func (s *Server) routeTrunks() {
	keepers := []center.Role{center.Supervisor, center.Admin}
	route(s, keepers, huma.Operation{
		OperationID: "list-trunks", Method: http.MethodGet, Path: "/api/v1/trunks", Tags: []string{"trunks"},
		Summary: "The trunks: how they do, what goes on by them, what was spent today",
	}, s.listTrunks)
	route(s, keepers, huma.Operation{
		OperationID: "check-way-out", Method: http.MethodPost, Path: "/api/v1/trunks/check", Tags: []string{"trunks"},
		Summary: "Whether a call would be let out, and how; nothing is called",
	}, s.checkWayOut)
	route(s, keepers, huma.Operation{
		OperationID: "list-trunk-news", Method: http.MethodGet, Path: "/api/v1/trunks/news", Tags: []string{"trunks"},
		Summary: "What happened to the trunks, and which calls were not let out",
	}, s.listTrunkNews)
}

func (s *Server) listTrunks(context.Context, *struct{}) (*trunksOutput, error) {
	out := &trunksOutput{}
	out.Body.Trunks = []trunk.View{}
	if s.cfg.Trunks != nil {
		out.Body.Trunks = s.cfg.Trunks.List()
	}
	return out, nil
}

func (s *Server) checkWayOut(_ context.Context, in *wayOutInput) (*wayOutOutput, error) {
	out := &wayOutOutput{}
	if s.cfg.Trunks == nil {
		out.Body.Reason = trunk.NoTrunk
		return out, nil
	}
	v, err := s.cfg.Trunks.Check(trunk.Outgoing{Agent: in.Body.Agent, Number: in.Body.Number, CallerID: in.Body.CallerID})
	var refusal *trunk.Refusal
	switch {
	case errors.As(err, &refusal):
		out.Body.Reason, out.Body.Text = refusal.Reason, sentence(refusal)
	case err != nil:
		return nil, err
	default:
		out.Body.Allowed, out.Body.Trunk, out.Body.Called, out.Body.Caller, out.Body.Price = true, v.Trunk, v.Called, v.Caller, v.Price.Float()
	}
	return out, nil
}

func (s *Server) listTrunkNews(ctx context.Context, in *trunkNewsInput) (*trunkNewsOutput, error) {
	if err := s.cfg.Journal.Flush(ctx); err != nil {
		return nil, err
	}
	entries, err := s.cfg.Journal.Trunks(ctx, time.Now().AddDate(0, 0, -in.Days), newsMost)
	if err != nil {
		return nil, err
	}
	out := &trunkNewsOutput{}
	out.Body.News = []TrunkNews{}
	for _, e := range entries {
		out.Body.News = append(out.Body.News, TrunkNews{
			At: e.At, Kind: e.Kind, Trunk: e.Trunk, State: e.State, Call: e.Call, Agent: e.Agent, Number: e.Number, Why: e.Why,
		})
	}
	return out, nil
}

// timeline is a call's, as the visitor may see it: the number of a caller who wants to be anonymous is not for agents.
func (s *Server) timeline(ctx context.Context, call string) ([]journal.Entry, error) {
	entries, err := s.cfg.Journal.Timeline(ctx, call)
	if who(ctx).isAgent() {
		for i := range entries {
			entries[i].Withheld = ""
		}
	}
	return entries, err
}
