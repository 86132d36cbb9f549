package web

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// readyMost is how long the database may take to answer.
const readyMost = 2 * time.Second

// Readiness is the answer of /readyz.
type Readiness struct {
	Ready   bool     `json:"ready"`
	Reasons []string `json:"reasons,omitempty"` // why not
}

// serveHealth says that the process is alive, and nothing more.
func (s *Server) serveHealth(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "alive"})
}

// serveReadiness says whether calls and people are welcome.
func (s *Server) serveReadiness(w http.ResponseWriter, r *http.Request) {
	var reasons []string
	if s.cfg.Ready != nil {
		if err := s.cfg.Ready(); err != nil {
			reasons = append(reasons, err.Error())
		}
	}
	if err := s.askDatabase(r.Context()); err != nil {
		s.cfg.Log.WarnContext(r.Context(), "the database does not answer", "error", err)
		reasons = append(reasons, "the database does not answer")
	}
	status := http.StatusOK
	if len(reasons) > 0 {
		status = http.StatusServiceUnavailable
	}
	writeJSON(w, status, Readiness{len(reasons) == 0, reasons})
}

func (s *Server) askDatabase(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyMost)
	defer cancel()
	var n int
	return s.cfg.DB.QueryRowContext(ctx, `SELECT count(*) FROM web_sessions WHERE token = ''`).Scan(&n)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}
