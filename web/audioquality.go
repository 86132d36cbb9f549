package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"threering/acd/report"
	"threering/center"
)

const (
	day     = 24 * time.Hour
	mostDay = 31 // of a report that reads the journal anew
)

type audioQualityInput struct {
	By   report.By `query:"by" enum:"agent,device,trunk" default:"agent" doc:"What legs are told apart by: the agent whose leg it was; the device, of callers' legs the address that they came from; the trunk that it went by."`
	From time.Time `query:"from" doc:"Legs that ended then or later (RFC 3339); a day before to if left out."`
	To   time.Time `query:"to" doc:"Legs that ended before (RFC 3339); now if left out."`
}

type audioQualityOutput struct {
	Body struct {
		From  time.Time      `json:"from"`
		To    time.Time      `json:"to"`
		Audio []report.Audio `json:"audio" doc:"By name."`
	}
}

func (s *Server) routeAudioQuality() {
	route(s, []center.Role{center.Supervisor, center.QA, center.Admin}, huma.Operation{
		OperationID: "list-audio-quality", Method: http.MethodGet, Path: "/api/v1/audio-quality", Tags: []string{"calls"},
		Summary:     "How good the audio was, by agent, device or trunk",
		Description: "Summed up over the legs that were measured at their end, of 31 days at most. A leg's own figures are in its call's timeline.",
	}, s.listAudioQuality)
}

func (s *Server) listAudioQuality(ctx context.Context, in *audioQualityInput) (*audioQualityOutput, error) {
	out := &audioQualityOutput{}
	out.Body.From, out.Body.To = in.From, in.To
	if in.To.IsZero() {
		out.Body.To = time.Now()
	}
	if in.From.IsZero() {
		out.Body.From = out.Body.To.Add(-day)
	}
	if lasts := out.Body.To.Sub(out.Body.From); lasts < 0 || lasts > mostDay*day {
		return nil, huma.Error422UnprocessableEntity("That is no time that can be reported on.",
			&huma.ErrorDetail{Message: "want a time before to, by 31 days at most", Location: "query.from", Value: in.From})
	}
	var err error
	out.Body.Audio, err = report.ReadAudio(ctx, s.cfg.Journal, in.By, out.Body.From, out.Body.To)
	return out, err
}
