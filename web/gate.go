package web

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"threering/center"
	"threering/sip"
)

// Ban is somebody whom the phones' door keeps out.
type Ban struct {
	Address string    `json:"address" doc:"To lift it by."`
	Network string    `json:"network" doc:"One address of IPv4, a /64 of IPv6."`
	Device  string    `json:"device,omitempty" doc:"The ban is on this name alone, since others of ours are at that address."`
	Why     sip.Fault `json:"why" enum:"junk,scan,password" doc:"junk: messages that only our own may send; scan: asked to register again and again; password: wrong credentials."`
	Proven  bool      `json:"proven" doc:"It is sure who sent the messages. Else who registers with the right password is let in all the same."`
	Times   int       `json:"times" doc:"How often it was banned; each ban is longer than the one before."`
	Since   time.Time `json:"since"`
	Until   time.Time `json:"until"`
	Dropped uint64    `json:"dropped" doc:"Messages that were kept out, since the server started."`
}

// Turned is what the phones' door has turned away since the server started.
type Turned struct {
	Dropped      uint64 `json:"dropped" doc:"Messages of strangers that got no answer."`
	Malformed    uint64 `json:"malformed"`
	Challenges   uint64 `json:"challenges"`
	AuthFailures uint64 `json:"auth_failures"`
	Banned       uint64 `json:"banned" doc:"Messages dropped because their senders were banned."`
	Bans         uint64 `json:"bans"`
	Overloaded   uint64 `json:"overloaded" doc:"Calls refused because there was too much to do."`
}

type gateOutput struct {
	Body struct {
		Bans   []Ban  `json:"bans" doc:"Those that hold now, the newest first."`
		Turned Turned `json:"turned"`
	}
}

type liftInput struct {
	Address string `path:"address" doc:"Any address of the network." maxLength:"50"`
}

func (s *Server) routeGate() {
	guards := []center.Role{center.Supervisor, center.Admin}
	route(s, guards, huma.Operation{
		OperationID: "get-gate", Method: http.MethodGet, Path: "/api/v1/gate", Tags: []string{"gate"},
		Summary:     "Who is kept out of the phones' door, and what was turned away",
		Description: "Scanners and password guessers are banned for five minutes, then for longer. A ban stops no trunk and no registered device.",
	}, s.getGate)
	route(s, guards, huma.Operation{
		OperationID: "lift-ban", Method: http.MethodDelete, Path: "/api/v1/gate/bans/{address}", Tags: []string{"gate"},
		Summary: "Let a network back in", DefaultStatus: http.StatusNoContent,
		Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}, s.liftBan)
}

func (s *Server) getGate(context.Context, *struct{}) (*gateOutput, error) {
	out := &gateOutput{}
	out.Body.Bans = []Ban{}
	for _, b := range s.cfg.Gate.Bans() {
		out.Body.Bans = append(out.Body.Bans, Ban{
			Address: b.Network.Addr().String(), Network: b.Network.String(), Device: b.Device, Why: b.Why, Proven: b.Proven,
			Times: b.Times, Since: b.Since.UTC(), Until: b.Until.UTC(), Dropped: b.Dropped,
		})
	}
	out.Body.Turned = Turned(s.cfg.Gate.Counters())
	return out, nil
}

func (s *Server) liftBan(ctx context.Context, in *liftInput) (*struct{}, error) {
	host, err := netip.ParseAddr(in.Address)
	if err != nil {
		return nil, huma.Error422UnprocessableEntity("That is no IP address.", &huma.ErrorDetail{Message: "want an IP address", Location: "path.address", Value: in.Address})
	}
	if !s.cfg.Gate.LiftBan(host) {
		return nil, huma.Error404NotFound("Nobody at that address is banned.")
	}
	s.cfg.Log.InfoContext(ctx, "ban lifted", "address", host, "by", who(ctx).ID)
	return nil, nil
}
