package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"threering/center"
)

const yamlType = "application/yaml" // RFC 9512

type documentOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

type documentInput struct {
	RawBody []byte `contentType:"application/yaml"`
}

type changesOutput struct{ Body center.Changes }

func (s *Server) routeDocument() {
	admin := []center.Role{center.Admin}
	route(s, admin, huma.Operation{
		OperationID: "export-center", Method: http.MethodGet, Path: "/api/v1/center", Tags: []string{"center"},
		Summary: "The center's document",
		Responses: map[string]*huma.Response{
			"200": {Description: "The document", Content: map[string]*huma.MediaType{yamlType: {Schema: &huma.Schema{Type: "string"}}}},
		},
	}, s.exportCenter)
	route(s, admin, huma.Operation{
		OperationID: "apply-center", Method: http.MethodPut, Path: "/api/v1/center", Tags: []string{"center"},
		Summary: "Make the center what a document says", Description: "All of it or, where there are problems, nothing.",
		Errors: []int{http.StatusUnprocessableEntity},
	}, s.applyCenter)
}

func (s *Server) exportCenter(ctx context.Context, _ *struct{}) (*documentOutput, error) {
	text, err := s.cfg.Document.Export(ctx)
	return &documentOutput{yamlType, text}, err
}

func (s *Server) applyCenter(ctx context.Context, in *documentInput) (*changesOutput, error) {
	doc, err := center.Check("center.yaml", in.RawBody)
	if err != nil {
		return nil, err
	}
	changes, err := s.cfg.Document.Apply(ctx, doc)
	if err != nil {
		return nil, err
	}
	s.cfg.Log.Info("the center was changed", "person", who(ctx).ID, "revision", changes.Revision, "changes", len(changes.Lines))
	changes.Lines, changes.NewPeople = append([]string{}, changes.Lines...), append([]string{}, changes.NewPeople...)
	return &changesOutput{changes}, nil
}
