package web

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"threering/center"
)

// rolesKey is where an operation's metadata says who may use it: []center.Role.
// No roles at all means everybody, signed in or not.
const rolesKey = "roles"

// everybody is an operation's roles where not even a session is needed.
func everybody() []center.Role { return []center.Role{} }

// all is every role.
func all() []center.Role {
	return []center.Role{center.Agent, center.Supervisor, center.QA, center.Admin}
}

// visitor is who makes a request.
type visitor struct {
	center.Person // zero where nobody is signed in
	address       netip.Addr
	session       string // the name that the session is known by here; not its token
}

type visitorKey struct{}

// who gives the visitor that authorize found.
func who(ctx context.Context) visitor {
	v, _ := ctx.Value(visitorKey{}).(visitor)
	return v
}

// isAgent: agents see what is theirs, the other roles see all.
func (v visitor) isAgent() bool { return v.Role == center.Agent }

// authorize is the one place where roles are enforced: it lets a request through
// to its operation if the operation's metadata names the visitor's role.
func (s *Server) authorize(ctx huma.Context, next func(huma.Context)) {
	roles, declared := ctx.Operation().Metadata[rolesKey].([]center.Role)
	if !declared {
		s.cfg.Log.Error("an operation says not who may use it", "operation", ctx.Operation().OperationID)
		s.refuse(ctx, http.StatusForbidden, "Nobody may do this.")
		return
	}
	v, err := s.visitor(ctx.Context(), ctx.RemoteAddr())
	switch {
	case err != nil:
		s.fail(ctx, err)
	case len(roles) == 0 || slices.Contains(roles, v.Role):
		next(huma.WithValue(ctx, visitorKey{}, v))
	case v.ID == "":
		s.refuse(ctx, http.StatusUnauthorized, "Sign in first.")
	default:
		s.refuse(ctx, http.StatusForbidden, "This is not for the role "+string(v.Role)+". It is for: "+words(roles)+".")
	}
}

// visitor looks up who the session belongs to, and their role as it is now.
func (s *Server) visitor(ctx context.Context, remote string) (visitor, error) {
	v := visitor{address: addressOf(remote), session: s.sessionName(ctx)}
	id := s.sessions.GetString(ctx, personKey)
	if id == "" {
		return v, nil
	}
	p, err := s.cfg.People.Person(ctx, id)
	if errors.Is(err, center.ErrNotFound) { // no longer works here
		return v, nil
	}
	v.Person = p
	return v, err
}

func addressOf(remote string) netip.Addr {
	at, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap()
}

func words(roles []center.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}
