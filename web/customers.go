package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"threering/crm"
)

// CustomerView is a customer with all that is theirs.
type CustomerView struct {
	crm.Customer
	Orders  []crm.Order  `json:"orders"`
	Matters []crm.Matter `json:"matters"`
}

type customersInput struct {
	Number string `query:"number" required:"true" minLength:"1" maxLength:"50" doc:"As people write it."`
}

type customersOutput struct {
	Body struct {
		Number    crm.Number     `json:"number" doc:"How the number was read."`
		Customers []CustomerView `json:"customers"`
	}
}

type popOutput struct{ Body crm.Pop }

func (s *Server) routeCustomers() {
	route(s, all(), huma.Operation{
		OperationID: "find-customers", Method: http.MethodGet, Path: "/api/v1/customers", Tags: []string{"customers"},
		Summary: "Who has a number",
	}, s.findCustomers)
	route(s, all(), huma.Operation{
		OperationID: "get-pop", Method: http.MethodGet, Path: "/api/v1/pop", Tags: []string{"customers"},
		Summary: "What an agent sees of a caller", Description: "The same as the event pop brings, for pages that were opened later.",
	}, s.getPop)
}

func (s *Server) getPop(ctx context.Context, in *customersInput) (*popOutput, error) {
	pop, err := s.cfg.CRM.Pop(ctx, in.Number)
	return &popOutput{pop}, err
}

func (s *Server) findCustomers(ctx context.Context, in *customersInput) (*customersOutput, error) {
	found, err := s.cfg.CRM.Find(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	out := &customersOutput{}
	out.Body.Number, out.Body.Customers = s.cfg.CRM.Number(in.Number), []CustomerView{}
	for _, c := range found {
		view := CustomerView{c, append([]crm.Order{}, c.Orders...), append([]crm.Matter{}, c.Matters...)}
		out.Body.Customers = append(out.Body.Customers, view)
	}
	return out, nil
}
