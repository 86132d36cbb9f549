package web

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"threering/center"
)

const (
	openapiPath = "/api/openapi.json"
	bodyMost    = 1 << 20 // bytes of a request's body
)

// newAPI makes the API without its operations.
func (s *Server) newAPI(mux *http.ServeMux) {
	config := huma.DefaultConfig("Threering", cmp.Or(s.cfg.Version, "0"))
	config.Info.Description = "A contact center: who is on the floor, calls, recordings, customers, live events. " +
		"Sign in with POST /api/v1/session; the cookie it sets goes with all other requests. " +
		"Refusals that a page can have words of its own for have a type, " + denialPrefix + "… with one of: " + denialTypes() + "."
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.CreateHooks = nil
	config.Transformers = []huma.Transformer{discreet}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: cookieName},
	}
	s.api = humago.New(mux, config)
	s.api.UseMiddleware(s.authorize, s.checkType)
}

// route adds an operation for the roles that are named. It is the one way to do so.
func route[I, O any](s *Server, roles []center.Role, op huma.Operation, handle func(context.Context, *I) (*O, error)) {
	op.Metadata = map[string]any{rolesKey: roles}
	op.MaxBodyBytes = bodyMost
	op.Errors = append(op.Errors, usual(op.Method)...)
	if len(roles) > 0 {
		op.Security = []map[string][]string{{"session": {}}}
		op.Errors = append(op.Errors, http.StatusUnauthorized, http.StatusForbidden)
		op.Description = strings.TrimSpace(op.Description + "\n\nFor: " + words(roles) + ".")
	}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.explain(ctx, err)
		}
		return out, nil
	})
}

// usual are the statuses that any operation of a method may answer with.
func usual(method string) []int {
	switch method {
	case http.MethodGet:
		return []int{http.StatusServiceUnavailable}
	case http.MethodDelete:
		return []int{http.StatusServiceUnavailable, http.StatusForbidden} // of another site's page
	}
	return []int{http.StatusServiceUnavailable, http.StatusForbidden, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType}
}

// checkType refuses a body that is not of the operation's type. Pages of other
// sites can send forms and plain text, but not JSON, without being asked.
func (s *Server) checkType(ctx huma.Context, next func(huma.Context)) {
	if body := ctx.Operation().RequestBody; body != nil {
		given, _, _ := mime.ParseMediaType(ctx.Header("Content-Type"))
		if body.Content[given] == nil {
			allowed := strings.Join(slices.Sorted(maps.Keys(body.Content)), ", ")
			s.refuse(ctx, http.StatusUnsupportedMediaType, fmt.Sprintf("The body must be %s, not %q.", allowed, given))
			return
		}
	}
	next(ctx)
}

// serveOpenAPI serves the API's description, as it is once all operations are there.
func (s *Server) serveOpenAPI(mux *http.ServeMux) error {
	text, err := json.Marshal(s.api.OpenAPI())
	if err != nil {
		return fmt.Errorf("describe the API: %w", err)
	}
	mux.HandleFunc("GET "+openapiPath, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/openapi+json")
		w.Write(text)
	})
	return nil
}
