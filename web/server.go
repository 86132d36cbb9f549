package web

import (
	"context"
	"crypto/tls"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"

	"threering/config"
	"threering/config/certs"
	"threering/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Config is what a server needs. All but Version, Phones, Metrics, Ready, Console and Log is required.
type Config struct {
	Settings config.Settings // of these: http, data_dir, public_address, agents
	Version  string          // of the program, for the API's document
	DB       *store.DB
	People   People
	Document Document
	Floor    Floor
	Report   Report
	Journal  Journal
	Archive  Archive
	CRM      CRM
	Phones   Phones // nil: none in browsers
	Trunks   Trunks // nil: none
	Gate     Gate
	Hub      *Hub // the server ends its streams when it stops
	Alarms   *Alarms
	Metrics  *prometheus.Registry // shown at /metrics; the server's own are added. nil: none are shown
	Ready    func() error         // says why the house is not open yet; nil: it is
	Console  fs.FS                // the built pages; nil: those in this binary
	Log      *slog.Logger         // nil: none
}

// Server is the web server. Listen makes one, Serve runs it.
type Server struct {
	cfg      Config
	listener net.Listener
	tls      *tls.Config // nil: plain HTTP
	pair     *certs.Pair // the certificate of the settings; nil: none
	table    sessionTable
	sessions *scs.SessionManager
	api      huma.API
	guard    *guard
	plays    plays
	metrics  metrics
	rhythm   rhythm // of streams
	lines    *lines
	handler  http.Handler
}

const (
	headerTime       = 5 * time.Second  // to send a request's header
	requestTime      = 30 * time.Second // to send the whole of it
	responseTime     = 30 * time.Second // to take the answer; streams and audio have their own
	idleTime         = 2 * time.Minute
	farewell         = 5 * time.Second // for what is under way when the server stops
	headerMost       = 32 << 10
	certificateEvery = 10 * time.Second // the files of the certificate are looked at
	tidying          = time.Minute      // between two times that what has expired is dropped
)

// Listen brings the tables up to date and binds the address of the settings.
// Nothing is answered until Serve runs; Close lets go of the address without it.
func Listen(ctx context.Context, cfg Config) (*Server, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if err := cfg.DB.Migrate(ctx, "web", migrations); err != nil {
		return nil, err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.Settings.HTTP.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen for HTTP: %w", err)
	}
	s := &Server{
		cfg: cfg, listener: listener, table: sessionTable{cfg.DB}, guard: newGuard(),
		plays: plays{cfg.DB, cfg.Log}, rhythm: usualRhythm(), lines: newLines(),
	}
	if err := s.build(); err != nil {
		listener.Close()
		return nil, err
	}
	return s, nil
}

// build makes what answers the requests.
func (s *Server) build() (err error) {
	if s.tls, err = s.newTLS(); err != nil {
		return err
	}
	s.metrics = newMetrics(s.cfg.Metrics, s.cfg.Hub)
	s.sessions = s.newSessions()
	s.handler, err = s.newHandler()
	return err
}

// Addr is the address that is listened on.
func (s *Server) Addr() netip.AddrPort {
	return s.listener.Addr().(*net.TCPAddr).AddrPort()
}

// URL is where a browser on this machine, or one that reaches the address, goes.
func (s *Server) URL() string {
	scheme, addr := "http", s.Addr()
	if s.tls != nil {
		scheme = "https"
	}
	if addr.Addr().IsUnspecified() {
		addr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), addr.Port())
	}
	return fmt.Sprintf("%s://%s", scheme, addr)
}

// Handler answers the requests; for tests that need no listener.
func (s *Server) Handler() http.Handler { return s.handler }

// Close lets go of the address, where Serve was never called.
func (s *Server) Close() error { return s.listener.Close() }

// Serve answers until ctx ends. Then it ends the streams, lets the other requests
// finish for a while, and returns when all is closed.
func (s *Server) Serve(ctx context.Context) error {
	server := &http.Server{
		Handler: s.handler, TLSConfig: s.tls, MaxHeaderBytes: headerMost,
		ReadHeaderTimeout: headerTime, ReadTimeout: requestTime, WriteTimeout: responseTime, IdleTimeout: idleTime,
		ErrorLog: slog.NewLogLogger(s.cfg.Log.Handler(), slog.LevelDebug), // broken handshakes and the like
	}
	var work sync.WaitGroup
	defer work.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	work.Go(func() { s.tidy(ctx) })
	if s.pair != nil {
		work.Go(func() {
			s.pair.Watch(ctx, certificateEvery, func(err error) { s.cfg.Alarms.Set("certificate of HTTPS", err) })
		})
	}
	work.Go(func() { s.stop(ctx, server) })
	err := s.serve(server)
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve HTTP: %w", err)
}

func (s *Server) serve(server *http.Server) error {
	if s.tls != nil {
		return server.ServeTLS(s.listener, "", "")
	}
	return server.Serve(s.listener)
}

// stop waits for the end of ctx, then for that of the requests.
func (s *Server) stop(ctx context.Context, server *http.Server) {
	<-ctx.Done()
	s.cfg.Hub.close()
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	if server.Shutdown(late) != nil {
		server.Close()
	}
	s.lines.close()
}

// tidy drops what has expired, now and then, until ctx ends.
func (s *Server) tidy(ctx context.Context) {
	ticker := time.NewTicker(tidying)
	defer ticker.Stop()
	for {
		if err := s.table.expire(ctx); err != nil && ctx.Err() == nil {
			s.cfg.Log.Warn("expired sessions were not dropped", "error", err)
		}
		s.guard.forget(time.Now())
		s.reviewPhones(ctx)
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}
