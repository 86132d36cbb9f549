package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"threering/acd/floor"
	"threering/acd/journal"
	"threering/acd/report"
	"threering/center"
	"threering/config"
	"threering/recording"
	"threering/sip"
	"threering/store"
)

// explain is an error in the words and with the status that the visitor gets
// (RFC 9457). What is no fault of theirs is logged, and not told in detail.
func (s *Server) explain(ctx context.Context, err error) error {
	var told huma.StatusError
	var problems config.Problems
	var overtaken *floor.StaleError
	switch no := refused(err); {
	case errors.As(err, &told):
		return err
	case no != nil:
		return no
	case errors.As(err, &problems):
		return huma.Error422UnprocessableEntity("The document has problems; nothing was changed.", details(problems)...)
	case errors.Is(err, journal.ErrNotFound), errors.Is(err, recording.ErrNotFound),
		errors.Is(err, sip.ErrNoLadder), errors.Is(err, center.ErrNotFound):
		return huma.Error404NotFound(sentence(err))
	case errors.As(err, &overtaken):
		return stale(overtaken)
	case errors.Is(err, recording.ErrNoAudio):
		return huma.Error410Gone("The recording has no audio.")
	case ctx.Err() != nil: // gone, or too late; nobody reads this
		return huma.Error503ServiceUnavailable("The request was given up.")
	}
	s.cfg.Log.ErrorContext(ctx, "a request failed", "error", err)
	if passes(err) {
		return later(huma.Error503ServiceUnavailable("Not possible at this moment. Try again soon."), retrySoon)
	}
	return huma.Error500InternalServerError("Something went wrong here. The server's log says what.")
}

// passes says whether what failed may work soon: the server is stopping, or the database slow, locked or full.
func passes(err error) bool {
	for _, closed := range []error{floor.ErrClosed, report.ErrClosed, errClosed, context.DeadlineExceeded} {
		if errors.Is(err, closed) {
			return true
		}
	}
	return store.IsBusy(err) || store.IsFull(err)
}

// details is a document's problems, one for each error of the answer.
func details(problems config.Problems) []error {
	errs := make([]error, len(problems))
	for i, p := range problems {
		errs[i] = &huma.ErrorDetail{Message: p.String(), Location: p.Key}
	}
	return errs
}

// sentence is an error as a sentence.
func sentence(err error) string {
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// refuse answers for an operation that is not carried out.
func (s *Server) refuse(ctx huma.Context, status int, detail string) {
	huma.WriteErr(s.api, ctx, status, detail)
}

// fail answers for an operation that could not be begun.
func (s *Server) fail(ctx huma.Context, err error) {
	var told huma.StatusError
	errors.As(s.explain(ctx.Context(), err), &told)
	s.refuse(ctx, told.GetStatus(), told.Error())
}

// discreet is a huma.Transformer: a complaint about a body does not repeat what
// stood in it, which may be a password.
func discreet(_ huma.Context, _ string, v any) (any, error) {
	if problem, ok := v.(*huma.ErrorModel); ok {
		for _, d := range problem.Errors {
			if d != nil && strings.HasPrefix(d.Location, "body") {
				d.Value = nil
			}
		}
	}
	return v, nil
}

// writeProblem answers outside of the API's operations.
func writeProblem(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(huma.ErrorModel{Title: http.StatusText(status), Status: status, Detail: detail})
}
