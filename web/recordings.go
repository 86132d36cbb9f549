package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"threering/recording"
)

// audioMost is how long sending a recording may take.
const audioMost = 15 * time.Minute

type recordingsInput struct {
	Call string `query:"call" required:"true" minLength:"1" doc:"Id of the call."`
}

type recordingsOutput struct {
	Body struct {
		Recordings []recording.Recording `json:"recordings" doc:"One for each talk, the oldest first."`
	}
}

type audioInput struct {
	ID    string `path:"id"`
	Range string `header:"Range" doc:"Bytes that are wanted (RFC 9110)."`
}

func (s *Server) routeRecordings() {
	route(s, all(), huma.Operation{
		OperationID: "list-recordings", Method: http.MethodGet, Path: "/api/v1/recordings", Tags: []string{"recordings"},
		Summary: "The recordings of a call", Description: "Agents see those of their own talks.",
	}, s.listRecordings)
	route(s, all(), huma.Operation{
		OperationID: "get-audio", Method: http.MethodGet, Path: "/api/v1/recordings/{id}/audio", Tags: []string{"recordings"},
		Summary:     "Hear a recording",
		Description: "Stereo: left is the caller, right the agent. Each play is noted. Agents hear their own talks.",
		Errors:      []int{http.StatusNotFound, http.StatusGone, http.StatusRequestedRangeNotSatisfiable},
		Responses: map[string]*huma.Response{
			"200": {Description: "The audio", Content: map[string]*huma.MediaType{"audio/wav": {}}},
			"206": {Description: "The bytes that were asked for", Content: map[string]*huma.MediaType{"audio/wav": {}}},
		},
	}, s.getAudio)
}

// hears says whether the visitor may hear a recording.
func (v visitor) hears(r recording.Recording) bool { return !v.isAgent() || r.Agent == v.ID }

func (s *Server) listRecordings(ctx context.Context, in *recordingsInput) (*recordingsOutput, error) {
	list, err := s.ownRecordings(ctx, in.Call)
	out := &recordingsOutput{}
	out.Body.Recordings = list
	return out, err
}

func (s *Server) getAudio(ctx context.Context, in *audioInput) (*huma.StreamResponse, error) {
	rec, err := s.cfg.Archive.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	v := who(ctx)
	if !v.hears(rec) {
		return nil, huma.Error403Forbidden("This talk was another agent's.")
	}
	audio, rec, err := s.cfg.Archive.Audio(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.plays.note(ctx, v, rec, in.Range != ""); err != nil {
		audio.Close()
		return nil, err // what cannot be noted is not played
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer audio.Close()
		r, w := humago.Unwrap(ctx)
		sendAudio(w, r, rec, audio)
	}}, nil
}

func sendAudio(w http.ResponseWriter, r *http.Request, rec recording.Recording, audio io.ReadSeeker) {
	http.NewResponseController(w).SetWriteDeadline(time.Now().Add(audioMost)) // if not, only the usual time is left
	h := w.Header()
	h.Set("Content-Type", "audio/wav")
	h.Set("Content-Disposition", fmt.Sprintf(`inline; filename="%s.wav"`, rec.ID))
	h.Set("ETag", fmt.Sprintf(`"%s-%d"`, rec.ID, rec.Size)) // grows while it is being recorded
	http.ServeContent(w, r, "", rec.EndedAt, audio)
}
