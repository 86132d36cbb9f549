package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/danielgtaylor/huma/v2"

	"threering/acd/floor"
	"threering/acd/journal"
	"threering/center"
)

// writeMost is how long an answer waits until what it speaks of is in the database.
const writeMost = 2 * time.Second

type dispositionInput struct {
	ID   string `path:"id"`
	Body struct {
		Reason   string `json:"reason" minLength:"1" maxLength:"100" doc:"One of the center's reasons, or another."`
		Notes    string `json:"notes,omitempty" maxLength:"4000"`
		FollowUp string `json:"follow_up,omitempty" format:"date" doc:"A day, 2026-12-01."`
		Version  int    `json:"version,omitempty" minimum:"0" doc:"Of the disposition that the writer has seen; 0: they saw none."`
	}
}

type dispositionOutput struct{ Body journal.Disposition }

func (s *Server) routeDisposition() {
	route(s, []center.Role{center.Agent, center.Supervisor, center.Admin}, huma.Operation{
		OperationID: "set-disposition", Method: http.MethodPut, Path: "/api/v1/calls/{id}/disposition", Tags: []string{"calls"},
		Summary: "Write what a call was about",
		Description: "Ends the wrap-up that it was written in. Agents write about their own calls. It takes the place of the version " +
			"that the writer has seen; where another one is there nothing is changed, and the error disposition of the answer has it as its value.",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, s.setDisposition)
}

// Resolve refuses what no form sends: it fits huma.Resolver.
func (in *dispositionInput) Resolve(huma.Context) (wrong []error) {
	if in.Body.Reason != "" && strings.TrimSpace(in.Body.Reason) == "" {
		wrong = append(wrong, &huma.ErrorDetail{Location: "body.reason", Message: "expected more than space"})
	}
	if strings.ContainsFunc(in.Body.Reason, unicode.IsControl) {
		wrong = append(wrong, &huma.ErrorDetail{Location: "body.reason", Message: "expected no control characters"})
	}
	if strings.ContainsFunc(in.Body.Notes, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		wrong = append(wrong, &huma.ErrorDetail{Location: "body.notes", Message: "expected no control characters but newlines and tabs"})
	}
	return wrong
}

func (s *Server) setDisposition(ctx context.Context, in *dispositionInput) (*dispositionOutput, error) {
	if _, err := s.ownCall(ctx, in.ID); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, writeMost)
	defer cancel()
	d := journal.Disposition{Reason: strings.TrimSpace(in.Body.Reason), Notes: in.Body.Notes, FollowUp: in.Body.FollowUp}
	d, err := s.cfg.Floor.Dispose(ctx, in.ID, who(ctx).ID, in.Body.Version, d)
	if err != nil {
		return nil, err
	}
	if err := s.cfg.Journal.Flush(ctx); err != nil { // not lost: the journal goes on trying
		s.cfg.Log.WarnContext(ctx, "a disposition is not in the database yet", "call", in.ID, "error", err)
	}
	return &dispositionOutput{d}, nil
}

// stale tells who came too late what is there now.
func stale(err *floor.StaleError) error {
	if err.Present.Version == 0 {
		return huma.Error409Conflict("Nothing has been written about this call yet. Nothing was changed.")
	}
	by := cmp.Or(err.Present.By, "somebody")
	text := fmt.Sprintf("version %d, by %s", err.Present.Version, by)
	return huma.Error409Conflict("Meanwhile "+by+" has written about this call. Nothing was changed.",
		&huma.ErrorDetail{Message: text, Location: "disposition", Value: err.Present})
}
