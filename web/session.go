package web

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/danielgtaylor/huma/v2"

	"threering/acd/brain"
	"threering/acd/floor"
	"threering/center"
)

const (
	cookieName  = "threering_session"
	personKey   = "person" // value of a session: the id of who is signed in
	sessionLife = 12 * time.Hour
	retrySoon   = 2 * time.Second
)

// newSessions is sessions in the database. The cookie goes to no other site's
// pages, to no script, and with TLS over nothing else. The manager is not made by
// scs.New, which starts a goroutine that nothing ends safely.
func (s *Server) newSessions() *scs.SessionManager {
	return &scs.SessionManager{
		Store: s.table, Codec: sessionText{}, HashTokenInStore: true, Lifetime: sessionLife,
		Cookie: scs.SessionCookie{
			Name: cookieName, Path: "/", Persist: true,
			HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: s.tls != nil,
		},
		ErrorFunc: func(w http.ResponseWriter, r *http.Request, err error) {
			s.cfg.Log.ErrorContext(r.Context(), "sessions are out of reach", "error", err)
			writeProblem(w, http.StatusServiceUnavailable, "Not possible at this moment. Try again soon.")
		},
	}
}

// sessionName names a session without giving its token away; "" for none.
func (s *Server) sessionName(ctx context.Context) string { return nameOf(s.sessions.Token(ctx)) }

func nameOf(token string) string {
	if token == "" {
		return ""
	}
	hash := sha256.Sum256([]byte(token))
	return hex.EncodeToString(hash[:12])
}

// Me is who is signed in.
type Me struct {
	ID     string            `json:"id"`
	Name   string            `json:"name"`
	Role   center.Role       `json:"role" enum:"agent,supervisor,qa,admin"`
	Queues []string          `json:"queues,omitempty" doc:"The queues that the person serves."`
	Titles map[string]string `json:"queue_titles" doc:"What each queue of the center is called."`
	Center center.Info       `json:"center" doc:"Where they work: its time zone is the one that times are shown in."`
}

type meOutput struct{ Body Me }

type signInInput struct {
	Body struct {
		Name     string `json:"name" minLength:"1" maxLength:"100" doc:"The person's id."`
		Password string `json:"password" minLength:"1" maxLength:"200"`
	}
}

func (s *Server) routeSession() {
	const path = "/api/v1/session"
	route(s, everybody(), huma.Operation{
		OperationID: "sign-in", Method: http.MethodPost, Path: path, DefaultStatus: http.StatusOK, Tags: []string{"session"},
		Summary: "Sign in", Description: "Sets the session's cookie. Agents come to work.",
		Errors: []int{http.StatusUnauthorized, http.StatusTooManyRequests},
	}, s.signIn)
	route(s, all(), huma.Operation{
		OperationID: "who-am-i", Method: http.MethodGet, Path: path, Tags: []string{"session"}, Summary: "Who is signed in",
	}, s.whoAmI)
	route(s, all(), huma.Operation{
		OperationID: "sign-out", Method: http.MethodDelete, Path: path, Tags: []string{"session"},
		Summary: "Sign out", Description: "Agents go offline, once what is under way has ended.",
	}, s.signOut)
}

func (s *Server) signIn(ctx context.Context, in *signInInput) (*meOutput, error) {
	from := originOf(in.Body.Name, who(ctx).address)
	if wait := s.guard.enter(from, time.Now()); wait > 0 {
		s.metrics.signIns.WithLabelValues("limited").Inc()
		return nil, later(huma.Error429TooManyRequests("Too many wrong passwords. Wait, then try again."), wait)
	}
	p, err := s.cfg.People.SignIn(ctx, in.Body.Name, in.Body.Password)
	if errors.Is(err, center.ErrBadPassword) {
		s.metrics.signIns.WithLabelValues("wrong").Inc()
		s.cfg.Log.Warn("a sign-in was refused", "address", from.network.Addr()) // not the name: people type passwords there
		return nil, huma.Error401Unauthorized("Name or password is wrong.")
	}
	if err != nil {
		return nil, err
	}
	s.guard.pass(from)
	if err := s.begin(ctx, p); err != nil {
		return nil, err
	}
	s.metrics.signIns.WithLabelValues("ok").Inc()
	s.cfg.Log.Info("signed in", "person", p.ID, "role", p.Role, "address", from.network.Addr())
	return s.me(ctx, p)
}

// begin makes the session the person's, under a new token; who had it before is
// signed out.
func (s *Server) begin(ctx context.Context, p center.Person) error {
	if before := who(ctx); before.ID != "" {
		if err := s.depart(ctx, before, before.ID != p.ID); err != nil {
			return err
		}
	}
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.Put(ctx, personKey, p.ID)
	if _, _, err := s.sessions.Commit(ctx); err != nil { // here, where a failure can still be told
		return err
	}
	s.lines.end(who(ctx).session) // whose token is no longer valid
	if p.Role != center.Agent {
		return nil
	}
	return s.cfg.Floor.SignOn(ctx, p.ID, s.cfg.Settings.Agents.AvailableOnSignIn) // last: nobody is rung without a session
}

// depart ends the session's streams and, where the person leaves, their work.
func (s *Server) depart(ctx context.Context, v visitor, leaves bool) error {
	s.cfg.Hub.end(v.session)
	if !leaves || (v.Role != center.Agent && v.Role != center.Supervisor) {
		return nil
	}
	_, err := s.cfg.Floor.SetAgent(ctx, v.ID, brain.Offline, "signed_out")
	if errors.Is(err, floor.ErrNoAgent) { // not everybody takes calls
		return nil
	}
	return err
}

func (s *Server) signOut(ctx context.Context, _ *struct{}) (*struct{}, error) {
	v := who(ctx)
	if err := s.depart(ctx, v, true); err != nil {
		return nil, err
	}
	if err := s.sessions.Destroy(ctx); err != nil {
		return nil, err
	}
	s.lines.end(v.session)
	s.cfg.Log.Info("signed out", "person", v.ID, "address", v.address)
	return nil, nil
}

func (s *Server) whoAmI(ctx context.Context, _ *struct{}) (*meOutput, error) {
	return s.me(ctx, who(ctx).Person)
}

func (s *Server) me(ctx context.Context, p center.Person) (*meOutput, error) {
	own, err := s.queuesOf(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	titles, err := s.titles(ctx)
	if err != nil {
		return nil, err
	}
	info, err := s.cfg.People.Info(ctx)
	return &meOutput{Me{p.ID, p.Name, p.Role, own, titles, info}}, err
}

// titles is what each queue is called.
func (s *Server) titles(ctx context.Context) (map[string]string, error) {
	queues, err := s.cfg.Floor.Queues(ctx)
	titles := map[string]string{}
	for _, q := range queues {
		titles[q.Name] = cmp.Or(q.Title, q.Name)
	}
	return titles, err
}

// later tells the visitor to wait before the next try.
func later(err error, wait time.Duration) error {
	seconds := int64((wait + time.Second - 1) / time.Second)
	return huma.ErrorWithHeaders(err, http.Header{"Retry-After": {strconv.FormatInt(seconds, 10)}})
}
