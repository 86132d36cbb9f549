package web

import (
	"context"
	"errors"
	"net/http"

	"threering/center"
)

// phonePath is where browsers speak SIP over WebSocket (RFC 7118). It is no operation of the API.
const phonePath = "/sip"

// servePhone takes a telephone in a browser. With a session it is its person's; without one the device proves by a password
// whose it is (RFC 3261, section 22).
func (s *Server) servePhone(w http.ResponseWriter, r *http.Request) {
	if !checkHandshake(w, r) {
		return
	}
	var token string
	if cookie, err := r.Cookie(cookieName); err == nil {
		token = cookie.Value
	}
	own, claimed := ownOrigin(r)
	if !own && (claimed || token != "") {
		writeProblem(w, http.StatusForbidden, "A phone in a browser must be on a page of this server.")
		return
	}
	// It joins before the session is looked at: one that ends meanwhile finds it.
	ctx, line, ok := s.lines.join(r.Context(), nameOf(token))
	if !ok {
		writeProblem(w, http.StatusServiceUnavailable, "The server is stopping.")
		return
	}
	defer s.lines.leave(line)
	device := ""
	if token != "" {
		ctx, device, ok = s.deviceOf(ctx, w, r, token)
		if !ok {
			return
		}
		s.lines.belongs(line, device)
	}
	s.connect(ctx, w, r, device)
}

// deviceOf is the device that the session's person has, and the context of the session. False: it has answered that there
// is none.
func (s *Server) deviceOf(ctx context.Context, w http.ResponseWriter, r *http.Request, token string) (context.Context, string, bool) {
	ctx, err := s.sessions.Load(ctx, token)
	var v visitor
	if err == nil {
		v, err = s.visitor(ctx, r.RemoteAddr)
	}
	switch {
	case err != nil:
		s.cfg.Log.ErrorContext(ctx, "a phone's session cannot be looked up", "error", err)
		writeProblem(w, http.StatusServiceUnavailable, "Not possible at this moment. Try again soon.")
	case v.ID == "":
		writeProblem(w, http.StatusUnauthorized, "Sign in first.")
	case !hasPhone(v.Person):
		writeProblem(w, http.StatusForbidden, "Nobody rings you in a browser: your role takes no calls, or your phone has a fixed address.")
	default:
		return ctx, v.ID, true
	}
	return nil, "", false
}

// hasPhone says whether a person may be rung in a browser: who takes calls, and not by a phone at a fixed address.
func hasPhone(p center.Person) bool {
	return (p.Role == center.Agent || p.Role == center.Supervisor) && p.Device == ""
}

// connect answers the handshake and has the phone served until the end of the session, which ctx has where there is one.
func (s *Server) connect(ctx context.Context, w http.ResponseWriter, r *http.Request, device string) {
	if device != "" {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, s.sessions.Deadline(ctx))
		defer cancel()
	}
	conn, err := shakeHands(w, r)
	if err == nil {
		err = s.cfg.Phones.ServeWebSocket(ctx, conn, device)
	}
	if err != nil {
		s.cfg.Log.Debug("a phone in a browser was cut off", "device", device, "address", r.RemoteAddr, "error", err)
	}
}

// reviewPhones cuts off those whose person has gone, or has a phone in the browser no longer.
func (s *Server) reviewPhones(ctx context.Context) {
	for _, id := range s.lines.people() {
		p, err := s.cfg.People.Person(ctx, id)
		if errors.Is(err, center.ErrNotFound) || err == nil && !hasPhone(p) {
			s.lines.endOf(id)
		}
	}
}
