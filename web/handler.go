package web

import (
	"net/http"
	"runtime/debug"
	"strings"
)

// newHandler puts together all that is answered: the API's operations, which know
// sessions, and what is there without.
func (s *Server) newHandler() (http.Handler, error) {
	api, err := s.operations()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	withSession := s.sessions.LoadAndSave(inWords(api))
	mux.Handle("/api/", withSession)
	mux.Handle("/metrics", withSession)
	if s.cfg.Phones != nil {
		mux.HandleFunc(phonePath, s.servePhone)
	}
	mux.HandleFunc("GET /healthz", s.serveHealth)
	mux.HandleFunc("GET /readyz", s.serveReadiness)
	if err := s.routePages(mux); err != nil {
		return nil, err
	}
	return s.rescue(headers(http.MaxBytesHandler(ownPages(inWords(mux)), bodyMost))), nil
}

// operations are what the API answers.
func (s *Server) operations() (*http.ServeMux, error) {
	api := http.NewServeMux()
	s.newAPI(api)
	s.routeSession()
	s.routeAgents()
	s.routeCalls()
	s.routeTalks()
	s.routeSupervision()
	s.routeChanges()
	s.routeGate()
	s.routeAudioQuality()
	s.routeRecordings()
	s.routeCustomers()
	s.routeCallbacks()
	s.routeTrunks()
	s.routeEvents()
	s.routeDocument()
	if err := s.serveOpenAPI(api); err != nil {
		return nil, err
	}
	api.HandleFunc("GET /metrics", s.serveMetrics)
	return api, nil
}

// routePages answers with the console, or with the one page that is there where it was not built.
func (s *Server) routePages(mux *http.ServeMux) error {
	pages, err := newConsole(s.cfg.Console)
	if err != nil {
		return err
	}
	if pages == nil {
		mux.HandleFunc("GET /{$}", servePage)
	} else {
		mux.Handle("/", pages)
	}
	return nil
}

// ownPages refuses what would change something and comes from another origin.
func ownPages(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, http.StatusForbidden, "Requests that change something must come from the server's own pages.")
	}))
	return origin.Handler(next)
}

// headers sets what keeps browsers careful.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// rescue turns a panic of a handler into a log line and an answer.
func (s *Server) rescue(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p) // the way to break off an answer
			default:
				s.cfg.Log.Error("a handler panicked", "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
				writeProblem(w, http.StatusInternalServerError, "Something went wrong here. The server's log says what.")
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// inWords answers for a mux where it has no handler, as the API answers elsewhere.
func inWords(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		refusal := refusal{header: http.Header{}}
		handler.ServeHTTP(&refusal, r)
		if allow := refusal.header.Get("Allow"); allow != "" {
			writeOnly(w, allow)
			return
		}
		writeNothingAt(w, r)
	})
}

func writeOnly(w http.ResponseWriter, allow string) {
	w.Header().Set("Allow", allow)
	writeProblem(w, http.StatusMethodNotAllowed, "Here one can only: "+allow+".")
}

func writeNothingAt(w http.ResponseWriter, r *http.Request) {
	writeProblem(w, http.StatusNotFound, "There is nothing at "+strings.ToValidUTF8(r.URL.Path, "?")+".")
}

// refusal keeps the header of an answer, and nothing else of it.
type refusal struct{ header http.Header }

func (r *refusal) Header() http.Header         { return r.header }
func (r *refusal) Write(b []byte) (int, error) { return len(b), nil }
func (r *refusal) WriteHeader(int)             {}
