package media

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"runtime"
	"sync"
	"time"

	"threering/media/dtls"
	"threering/media/rtcp"
	"threering/media/udp"
)

var (
	// ErrNoPort says that every port of the range is in use or at rest.
	ErrNoPort = errors.New("no free RTP port")
	// ErrClosed says that the engine or the port has been closed.
	ErrClosed = udp.ErrClosed
)

// A Config says where an engine's ports are. The zero value serves 127.0.0.1, ports 16000 to 19999.
type Config struct {
	Bind      netip.Addr    // local address of the ports; 127.0.0.1 where not valid
	Advertise netip.Addr    // address told to peers; Bind where not valid. Needed where Bind is unspecified (0.0.0.0, ::)
	Other     netip.Addr    // address of the other family, for peers who have no other; needs Bind :: to work. May be invalid
	Browsers  int           // UDP port that all browsers share, outside of the range; 0: each has one of its own
	Low, High int           // range of UDP ports, both included; a port takes an even one for RTP and the next for RTCP
	Rest      time.Duration // how long a closed port is kept from use, so that late packets reach nobody; 0 is 5 s
	Silence   time.Duration // how long a peer that is to send may send nothing before Listener.Silent says so; 0: for ever
	Log       *slog.Logger  // nil logs nothing
}

// An Engine hands out ports, and sends what they play on one 20 ms grid.
type Engine struct {
	config  Config
	cname   string     // names the engine in RTCP
	loops   *udp.Loops // read the sockets
	sockets *portRange
	doorway *doorway // nil where browsers share no port
	pacers  *pacers
	rounds  sync.WaitGroup

	certificate dtls.Certificate // shown in all handshakes
	handshakes  sync.WaitGroup
	ctx         context.Context // ends with the engine
	cancel      context.CancelFunc

	quit    chan struct{} // closed by Close: ends the rounds
	packets sync.Pool     // of *packet

	mu     sync.Mutex // guards the fields below
	ports  map[*Port]struct{}
	closed bool
}

// NewEngine checks the configuration and starts an engine. Close ends it.
func NewEngine(config Config) (*Engine, error) {
	config, err := config.complete()
	if err != nil {
		return nil, fmt.Errorf("media engine: %w", err)
	}
	loops, err := udp.Start(runtime.GOMAXPROCS(0))
	if err != nil {
		return nil, fmt.Errorf("media engine: %w", err)
	}
	certificate, err := dtls.NewCertificate()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("media engine: %w", err), loops.Close())
	}
	ctx, cancel := context.WithCancel(context.Background())
	e := &Engine{
		certificate: certificate, ctx: ctx, cancel: cancel,
		config:  config,
		cname:   rtcp.NewCNAME(),
		loops:   loops,
		sockets: newPortRange(config, loops),
		pacers:  startPacers(runtime.GOMAXPROCS(0)),
		quit:    make(chan struct{}),
		packets: sync.Pool{New: func() any { return new(packet) }},
		ports:   make(map[*Port]struct{}),
	}
	if err := e.openDoorway(); err != nil {
		cancel()
		e.pacers.stop()
		return nil, errors.Join(fmt.Errorf("media engine: %w", err), loops.Close())
	}
	e.rounds.Go(e.makeRounds)
	return e, nil
}

func (c Config) complete() (Config, error) {
	if !c.Bind.IsValid() {
		c.Bind = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	if !c.Advertise.IsValid() {
		c.Advertise = c.Bind
	}
	if c.Advertise.IsUnspecified() {
		return c, fmt.Errorf("bound to %s: an address to advertise is needed", c.Bind)
	}
	if c.Other.IsValid() && (c.Other.Is4() == c.Advertise.Is4() || c.Bind != netip.IPv6Unspecified()) {
		return c, fmt.Errorf("addresses %s and %s: want two families, and :: to bind to", c.Advertise, c.Other)
	}
	if c.Low == 0 && c.High == 0 {
		c.Low, c.High = 16000, 19999
	}
	if c.Low < 1 || c.High > 65535 || c.Low+c.Low%2 >= c.High {
		return c, fmt.Errorf("ports %d-%d: want a range within 1-65535 with an even port and the next in it", c.Low, c.High)
	}
	if c.Rest == 0 {
		c.Rest = 5 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c, nil
}

// NewPort opens a port that tells l what happens to it; l may be nil. The error is ErrNoPort where the range
// is exhausted, ErrClosed after Close. The port sends nothing before SDP was exchanged.
func (e *Engine) NewPort(l Listener) (*Port, error) {
	p := newPort(e, l)
	if err := p.open(); err != nil {
		return nil, fmt.Errorf("opening an RTP port: %w", err)
	}

	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		e.sockets.close(p.pair)
		return nil, fmt.Errorf("opening an RTP port: %w", ErrClosed)
	}
	e.ports[p] = struct{}{}
	return p, nil
}

// Close closes all ports and waits until nothing of the engine runs any more. A Listener or Tap must not call it.
func (e *Engine) Close() error {
	e.mu.Lock()
	if !e.closed {
		e.closed = true
		close(e.quit)
		e.cancel()
	}
	e.mu.Unlock()

	var errs []error
	for _, p := range e.list(nil) {
		errs = append(errs, p.Close())
	}
	errs = append(errs, e.sockets.closeKept())
	if e.doorway != nil {
		errs = append(errs, e.doorway.socket.Close())
	}
	errs = append(errs, e.loops.Close())
	e.rounds.Wait()
	e.handshakes.Wait()
	e.pacers.stop()
	return errors.Join(errs...)
}

// forget takes a port off the list, and says whether it was there.
func (e *Engine) forget(p *Port) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	_, known := e.ports[p]
	delete(e.ports, p)
	return known
}
