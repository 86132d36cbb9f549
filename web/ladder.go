package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"threering/center"
	"threering/sip"
)

type ladderOutput struct{ Body sip.Ladder }

func (s *Server) routeLadder() {
	route(s, []center.Role{center.Supervisor, center.QA, center.Admin}, huma.Operation{
		OperationID: "get-ladder", Method: http.MethodGet, Path: "/api/v1/calls/{id}/ladder", Tags: []string{"calls"},
		Summary:     "The SIP messages of a call",
		Description: "Of a call that goes on too. Credentials, keys of the audio and keys that were pressed are blanked. They are kept as long as the setting sip.ladders says.",
		Errors:      []int{http.StatusNotFound},
	}, s.getLadder)
}

func (s *Server) getLadder(ctx context.Context, in *callInput) (*ladderOutput, error) {
	call, err := s.ownCall(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	ladder, err := s.cfg.Ladders.Of(ctx, call.ID)
	return &ladderOutput{ladder}, err
}
