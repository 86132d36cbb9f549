package sip

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"sync"

	"github.com/gobwas/ws"

	sipmsg "github.com/emiago/sipgo/sip"
)

// A Server is a SIP user agent: it listens, keeps registrations, and runs the legs.
type Server struct {
	config    Config
	log       *slog.Logger
	secret    [32]byte // makes To tags and nonces that nobody else can make
	listeners []listener

	transport    *sipmsg.TransportLayer
	transactions *sipmsg.TransactionLayer
	sockets      map[netip.AddrPort]*sipmsg.UDPConnection // never changes after Listen
	legs         *switchboard
	registrar    *registrar
	browsers     *browsers
	door         *door // that browsers come in by
	connector    connector
	doorstep     *doorstep // strangers over TCP
	rhythm       rhythm
	guard        *guard
	bans         *Bans
	crowd        *crowd // what strangers have done lately
	load         *load
	probes       probes
	strangers    *quota // datagrams of strangers that are looked at
	noise        *quota // log records that anybody can cause
	counters     counters

	ctx    context.Context // ends with the server
	cancel context.CancelFunc

	mu      sync.Mutex // guards the two flags, and that nothing begins after they are set
	closing bool       // no new leg
	closed  bool       // no new goroutine
	work    sync.WaitGroup
}

// Listen binds all the addresses at once, or none: the error names the one that is taken. Serve must follow; it frees
// them.
func Listen(config Config) (*Server, error) {
	s := &Server{config: config.complete(), legs: newSwitchboard(), browsers: newBrowsers(), door: newDoor(), connector: connector{door: newDoor()}, rhythm: usualRhythm(),
		bans: config.Bans, crowd: newCrowd(), load: newLoad(config.Unhurried), strangers: &quota{most: strangersASecond}, noise: &quota{most: burst}}
	s.log = s.config.Log
	if s.bans == nil {
		s.bans = newBans(nil)
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	rand.Read(s.secret[:])
	s.guard = newGuard(s.config.Realm, s.secret[:])
	s.guard.asked = s.config.Digests
	s.registrar = newRegistrar(s)
	s.doorstep = newDoorstep(s.sharesHost, s.bars, func() { s.counters.dropped.Add(1) }, s.config.T1)
	for _, where := range s.config.Listen {
		l, err := bind(where, s.config.TLS, s.doorstep)
		if err != nil {
			s.cancel()
			return nil, errors.Join(err, s.closeListeners())
		}
		s.listeners = append(s.listeners, s.overhear(l))
	}
	s.buildLayers()
	return s, nil
}

// buildLayers makes the library's transports and transactions.
func (s *Server) buildLayers() {
	log := slog.New(newQuietHandler(s.log.Handler()))
	s.transport = sipmsg.NewTransportLayer(net.DefaultResolver, sipmsg.NewParser(), nil,
		sipmsg.WithTransportLayerLogger(log), sipmsg.WithTransportLayerReadFilter(s.gate),
		sipmsg.WithTransportLayerTransports(sipmsg.TransportsConfig{WS: &sipmsg.TransportWS{DialerCreate: nobodyDials}}))
	// Before the transactions' own handler: a message is prepared before any of them has seen it.
	s.transport.OnMessage(s.prepare)
	s.transactions = sipmsg.NewTransactionLayer(s.transport, sipmsg.WithTransactionLayerLogger(log),
		sipmsg.WithTransactionLayerTerminateOnConnClose(),
		sipmsg.WithTransactionLayerUnhandledResponseHandler(s.stray))
	s.transactions.OnRequest(s.handle)
	s.sockets = make(map[netip.AddrPort]*sipmsg.UDPConnection)
	for _, l := range s.listeners {
		if l.packets != nil {
			conn := &sipmsg.UDPConnection{PacketConn: l.packets, PacketAddr: l.addr.String(), Listener: true}
			s.sockets[l.addr] = conn
			s.transport.Pool("udp").Add(conn.PacketAddr, conn) // so that a leg can be placed before the reading has begun
		}
	}
}

// nobodyDials keeps the library from dialling a browser, which nobody could: a request for one whose connection has just
// closed fails.
func nobodyDials(net.Addr) ws.Dialer {
	return ws.Dialer{NetDial: func(context.Context, string, string) (net.Conn, error) { return nil, ErrUnreachable }}
}

// Serve answers until ctx ends. Then it hangs up all legs, and returns when its goroutines have ended.
func (s *Server) Serve(ctx context.Context) error {
	failed := make(chan error, len(s.listeners))
	var reading sync.WaitGroup
	s.registrar.begin() // before anybody can register anew
	for _, l := range s.listeners {
		reading.Go(func() {
			if err := l.serve(s.transport); err != nil {
				failed <- err
			}
		})
	}
	reading.Go(func() { _ = s.transport.ServeWS(s.door) }) // until the door is shut
	reading.Go(func() { _ = s.transport.ServeTLS(s.connector.door) })
	reading.Go(func() { s.registrar.serve(s.ctx) })
	reading.Go(func() { s.config.Ladders.serve(s.ctx, s.log) })
	reading.Go(func() { s.load.serve(s.ctx, s.log) })
	reading.Go(func() {
		s.bans.serve(s.ctx, func(err error) { s.log.Error("bans are not kept over a restart", "error", err) })
	})

	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	s.hangUpAll()
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.cancel()
	s.work.Wait() // before the sockets go: to send on, the library would open others
	s.browsers.close()
	err = errors.Join(err, s.closeListeners(), s.door.Close(), s.connector.door.Close())
	reading.Wait()
	s.transactions.Close()
	s.transport.Pool("tcp").Clear()
	s.transport.Pool(secured).Clear()
	return err
}

// hangUpAll lets no new leg in and hangs up those there are, for as long as a peer at hand needs to reply.
func (s *Server) hangUpAll() {
	s.mu.Lock()
	s.closing = true
	s.mu.Unlock()
	legs := s.legs.all()
	for _, l := range legs {
		l.Hangup(Reason{Code: 503, Text: "Server shutting down"})
	}
	patience, done := context.WithTimeout(context.Background(), 4*s.config.T1)
	defer done()
	for _, l := range legs {
		select {
		case <-l.done:
		case <-patience.Done():
			l.box.post(func() { l.end(Ended{Code: 503, Local: true, Text: "server shut down"}) })
			<-l.done
		}
	}
}

// begin counts a goroutine in; false where the server is closed. After true, s.work.Done must follow.
func (s *Server) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.work.Add(1)
	return true
}

// start makes the leg known and runs its actor; false where the server is closing.
func (s *Server) start(l *Leg, begin func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	s.legs.add(l)
	s.work.Go(func() { l.run(begin) })
	return true
}

func (s *Server) closeListeners() error {
	var errs []error
	for _, l := range s.listeners {
		errs = append(errs, l.close())
	}
	return errors.Join(errs...)
}

// Addr is the address bound on a network ("udp", "tcp", "tls"), the first where there are several; not valid where there is none.
func (s *Server) Addr(network string) netip.AddrPort {
	for _, l := range s.listeners {
		if l.network == network {
			return l.addr
		}
	}
	return netip.AddrPort{}
}

// Reachable says whether the device could be called: it is registered, or at a fixed address.
func (s *Server) Reachable(device string) bool {
	_, err := s.routesTo(device)
	return err == nil
}
