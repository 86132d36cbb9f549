package sip

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// Account is a device's account at somebody's registrar.
type Account struct {
	Registrar      string // sip:192.0.2.1:5060;transport=tcp
	Hop            *Hop   // where requests go; nil: where Registrar says
	User, Password string
	Name           string        // display name
	Expires        time.Duration // how long to ask for; 1 h where 0
}

// A StatusError is a final response that refuses a request.
type StatusError struct {
	Code   int
	Reason string
}

func (e StatusError) Error() string { return fmt.Sprintf("%d %s", e.Code, e.Reason) }

// A Registration keeps one account registered, as a telephone does. Its methods must not be called at the same time.
type Registration struct {
	server  *Server
	account Account
	route   route
	callID  string
	tag     string
	cseq    uint32
}

// Registration prepares to register; nothing is sent yet.
func (s *Server) Registration(a Account) (*Registration, error) {
	r, err := fixedContact(a.Registrar)
	if err != nil {
		return nil, fmt.Errorf("register: %w", err)
	}
	if a.Hop != nil {
		r.network, r.hop = a.Hop.Network, a.Hop.Addr.String()
	}
	if a.Expires == 0 {
		a.Expires = time.Hour
	}
	callID := rand.Text()
	return &Registration{server: s, account: a, route: r, callID: callID, tag: s.callerTag(callID)}, nil
}

// Renew registers, or registers again, and tells for how long. The error is a StatusError where the registrar refuses.
func (r *Registration) Renew(ctx context.Context) (time.Duration, error) {
	return r.register(ctx, r.account.Expires)
}

// Remove takes the registration back.
func (r *Registration) Remove(ctx context.Context) error {
	_, err := r.register(ctx, 0)
	return err
}

func (r *Registration) register(ctx context.Context, lasts time.Duration) (time.Duration, error) {
	if hop := r.account.Hop; hop != nil {
		if err := r.server.reach(ctx, *hop); err != nil {
			return 0, fmt.Errorf("register %s: %w", r.account.User, err)
		}
	}
	res, err := r.send(ctx, lasts, nil)
	// A second challenge says that the nonce has become stale.
	for tries := 0; err == nil && (res.StatusCode == 401 || res.StatusCode == 407) && tries < 2; tries++ {
		res, err = r.send(ctx, lasts, res)
	}
	if err != nil {
		return 0, fmt.Errorf("register %s: %w", r.account.User, err)
	}
	if !res.IsSuccess() {
		return 0, fmt.Errorf("register %s: %w", r.account.User, StatusError{res.StatusCode, res.Reason})
	}
	return r.granted(res, lasts), nil
}

// granted is how long the registrar keeps us.
func (r *Registration) granted(res *sipmsg.Response, asked time.Duration) time.Duration {
	for _, h := range res.GetHeaders("Contact") {
		c, ok := h.(*sipmsg.ContactHeader)
		if !ok || c.Address.User != r.server.config.User {
			continue
		}
		if value, ok := c.Params.Get("expires"); ok {
			if left, ok := seconds(value); ok {
				return time.Duration(left) * time.Second
			}
		}
	}
	return asked
}

// send sends one REGISTER, with credentials for the challenge in a response.
func (r *Registration) send(ctx context.Context, lasts time.Duration, challenge *sipmsg.Response) (*sipmsg.Response, error) {
	registrar := sipmsg.Uri{Scheme: "sip", Host: r.route.uri.Host, Port: r.route.uri.Port}
	aor := sipmsg.Uri{Scheme: "sip", User: userPart(r.account.User), Host: r.route.uri.Host}
	r.cseq++
	d := dialog{
		callID: r.callID, network: r.route.network, target: registrar, hop: r.route.hop,
		local:  address{quoted(r.account.Name), aor, r.tag},
		remote: address{quoted(r.account.Name), aor, ""},
	}
	req := d.request(sipmsg.REGISTER, r.cseq)
	req.AppendHeader(sipmsg.NewHeader("Expires", strconv.Itoa(int(lasts/time.Second))))
	if challenge != nil {
		if err := sign(req, challenge, r.account.User, r.account.Password); err != nil {
			return nil, fmt.Errorf("answer the challenge: %w", err)
		}
	}
	if err := r.server.address(req); err != nil {
		return nil, err
	}
	return r.server.ask(ctx, req)
}

// ask sends a request outside dialogs and waits for its final response.
func (s *Server) ask(ctx context.Context, req *sipmsg.Request) (*sipmsg.Response, error) {
	if !s.begin() {
		return nil, ErrClosed
	}
	defer s.work.Done()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)()
	final := make(chan *sipmsg.Response, 1)
	failed := make(chan error, 1)
	s.transact(ctx, req, func(res *sipmsg.Response) {
		if !res.IsProvisional() {
			final <- res
		}
	}, func(err error) { failed <- err })
	select {
	case res := <-final:
		return res, nil
	case err := <-failed:
		return nil, err
	}
}

// SetPassword has challenges answered with another password from now on.
func (r *Registration) SetPassword(password string) { r.account.Password = password }
