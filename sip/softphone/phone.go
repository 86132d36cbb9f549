package softphone

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"threering/media"
	"threering/sip"
)

// Config says who the phone is. Server and User are needed.
type Config struct {
	Server      netip.AddrPort // the server's address
	Network     string         // "udp" or "tcp"; "udp"
	User        string         // the device's name
	Password    string
	DisplayName string
	Bind        netip.Addr    // our address; 127.0.0.1
	Expires     time.Duration // how long to register for; 1 h. It is renewed in time
	Incoming    Policy        // what to do with calls; AnswerAtOnce
	Media       media.Config  // ports of an engine of the phone's own; Bind and Log are the phone's
	Engine      *media.Engine // an engine shared with other phones, in place of one of its own
	T1          time.Duration // see sip.Config
	Log         *slog.Logger
}

func (c Config) complete() Config {
	if c.Network == "" {
		c.Network = "udp"
	}
	if !c.Bind.IsValid() {
		c.Bind = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	if c.Incoming == nil {
		c.Incoming = AnswerAtOnce
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// A Phone is one telephone. Close ends it.
type Phone struct {
	config       Config
	server       *sip.Server
	registration *sip.Registration
	engine       *media.Engine
	ownEngine    bool
	arrived      chan *Call

	ctx  context.Context // ends with the phone
	stop context.CancelFunc
	work sync.WaitGroup
	err  error // of Serve; to be read when work is done

	mu     sync.Mutex // guards policy
	policy Policy

	registering sync.Mutex         // one REGISTER at a time; guards renewal
	renewal     context.CancelFunc // ends the renewing goroutine; nil: not registered
}

// mostArrived is how many incoming calls are kept for NextCall; more are handled by the policy all the same.
const mostArrived = 100

// New makes a phone that listens, but is not registered yet.
func New(config Config) (*Phone, error) {
	config = config.complete()
	p := &Phone{config: config, engine: config.Engine, policy: config.Incoming, arrived: make(chan *Call, mostArrived)}
	p.ctx, p.stop = context.WithCancel(context.Background())
	if err := p.open(); err != nil {
		p.stop()
		return nil, fmt.Errorf("softphone %s: %w", config.User, err)
	}
	p.work.Go(func() { p.err = p.server.Serve(p.ctx) })
	return p, nil
}

// open makes the phone's engine and server.
func (p *Phone) open() error {
	config := p.config
	var err error
	if p.engine == nil {
		config.Media.Bind, config.Media.Log = config.Bind, config.Log
		if p.engine, err = media.NewEngine(config.Media); err != nil {
			return err
		}
		p.ownEngine = true
	}
	p.server, err = sip.Listen(sip.Config{
		Listen: []string{config.Network + "://" + netip.AddrPortFrom(config.Bind, 0).String()},
		User:   config.User, Log: config.Log, T1: config.T1, Unhurried: true,
		Devices: onlyServer(config.Server.Addr()), Incoming: p.incoming,
	})
	if err == nil {
		p.registration, err = p.server.Registration(sip.Account{
			Registrar: p.uri(""), User: config.User, Password: config.Password, Name: config.DisplayName, Expires: config.Expires,
		})
		if err != nil { // Serve is what frees the sockets
			p.stop()
			err = errors.Join(err, p.server.Serve(p.ctx))
		}
	}
	if err != nil && p.ownEngine {
		err = errors.Join(err, p.engine.Close())
	}
	return err
}

// uri is a number at the server.
func (p *Phone) uri(number string) string {
	if number != "" {
		number += "@"
	}
	return "sip:" + number + p.config.Server.String() + ";transport=" + p.config.Network
}

// Close hangs up, and returns when nothing of the phone runs any more. It does not unregister.
func (p *Phone) Close() error {
	p.registering.Lock()
	p.endRenewal()
	p.registering.Unlock()
	p.stop()
	p.work.Wait()
	err := p.err
	if p.ownEngine {
		err = errors.Join(err, p.engine.Close())
	}
	return err
}

// Addr is where the phone listens.
func (p *Phone) Addr() netip.AddrPort { return p.server.Addr(p.config.Network) }

// Behave changes what the phone does with calls from now on.
func (p *Phone) Behave(policy Policy) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.policy = policy
}

// NextCall waits for the next incoming call. The phone's policy handles it meanwhile.
func (p *Phone) NextCall(ctx context.Context) (*Call, error) {
	select {
	case c := <-p.arrived:
		return c, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for a call: %w", ctx.Err())
	}
}

// Dial calls a number at the server. What becomes of it tell the Call's Wait methods.
func (p *Phone) Dial(ctx context.Context, number string) (*Call, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c, err := p.newCall()
	if err != nil {
		return nil, err
	}
	leg, err := p.server.DialURI(p.uri(number), sip.Dial{
		From: p.config.User, FromName: p.config.DisplayName, Media: c.port, Notify: c.note,
	})
	if err != nil {
		return nil, errors.Join(err, c.port.Close())
	}
	c.leg = leg
	return c, nil
}

func (p *Phone) incoming(l *sip.Leg) {
	c, err := p.newCall()
	if err != nil {
		l.Reject(503, "No Audio Port")
		return
	}
	c.leg = l
	l.Attach(c.port, c.note)
	select {
	case p.arrived <- c:
	default:
	}
	p.mu.Lock()
	policy := p.policy
	p.mu.Unlock()
	p.work.Go(func() { policy(c) })
}

// onlyServer is the directory of a phone: nobody registers with it, and its server alone may call.
type onlyServer netip.Addr

func (onlyServer) Device(string) (sip.Device, bool) { return sip.Device{}, false }
func (o onlyServer) Trusted(addr netip.Addr) bool   { return addr == netip.Addr(o) }
