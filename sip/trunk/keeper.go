package trunk

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"threering/sip"
)

const (
	lookUpEvery  = time.Minute     // names are looked up anew
	lookUpMost   = 5 * time.Second // to look the names up
	againMost    = 2 * time.Minute // after no server registered us, at most
	farewellMost = 2 * time.Second // to take a registration back
)

// A rhythm is how long things take.
type rhythm struct {
	minute   time.Duration // that is paid for at a time
	probe    time.Duration // that a server has to answer OPTIONS
	doubt    time.Duration // before one that did not is asked again, until it is taken to be down
	register time.Duration // that one has to register us
	again    time.Duration // after a registration that failed, at first, or a name that was not found

	certificate time.Duration // between two looks at the files of our own
}

func usualRhythm() rhythm {
	return rhythm{minute: time.Minute, probe: 4 * time.Second, doubt: time.Second, register: 10 * time.Second, again: 5 * time.Second, certificate: 10 * time.Second}
}

// A rota is when the keeper has to do what. Zero: at once.
type rota struct {
	lookUp, probe, register time.Time
	again                   time.Duration // after the next registration that fails
}

// next is the moment when something is due.
func (r rota) next(l *line) time.Time {
	at := r.lookUp
	if l.trunk.keepalive() > 0 && r.probe.Before(at) {
		at = r.probe
	}
	if l.trunk.Register != nil && r.register.Before(at) {
		at = r.register
	}
	return at
}

// keep is the keeper, until ctx ends. Then the registration is taken back.
func (l *line) keep(ctx context.Context, server *sip.Server) {
	defer close(l.done)
	if l.broken != nil {
		l.judge()
		return
	}
	var watching sync.WaitGroup
	defer watching.Wait()
	watching.Go(func() { l.watchCertificate(ctx) })
	k := keeper{line: l, server: server, registrations: map[string]*sip.Registration{}}
	defer k.leave()
	for ctx.Err() == nil {
		k.work(ctx)
		timer := time.NewTimer(time.Until(k.rota.next(l)))
		select {
		case <-ctx.Done():
		case <-l.wake:
			k.rota.probe = time.Time{}
		case <-timer.C:
		}
		timer.Stop()
	}
}

type keeper struct {
	*line
	server        *sip.Server
	rota          rota
	registrations map[string]*sip.Registration // by target
}

// work does what is due.
func (k *keeper) work(ctx context.Context) {
	now := time.Now()
	if !now.Before(k.rota.lookUp) {
		k.lookUp(ctx)
		k.rota.lookUp = now.Add(lookUpEvery)
		if k.line.lookedUp != nil {
			k.rota.lookUp = now.Add(k.trunks.rhythm.again)
		}
	}
	if every := k.trunk.keepalive(); every > 0 && !now.Before(k.rota.probe) { // first, since to register takes longer where nobody is
		k.probe(ctx)
		k.rota.probe = now.Add(every)
		if k.doubts() {
			k.rota.probe = time.Now().Add(k.trunks.rhythm.doubt)
		}
	}
	if k.trunk.Register != nil && !now.Before(k.rota.register) {
		k.register(ctx)
	}
}

func (k *keeper) lookUp(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lookUpMost)
	defer cancel()
	targets, err := resolve(ctx, k.trunks.cfg.Resolver, k.servers, k.trunks.draw)
	if ctx.Err() == nil || err == nil || len(targets) > 0 {
		k.found(targets, err)
	}
}

// probe asks all servers at once whether they are there.
func (k *keeper) probe(ctx context.Context) {
	var work sync.WaitGroup
	for _, t := range k.known() {
		work.Go(func() {
			late, cancel := context.WithTimeout(ctx, k.trunks.rhythm.probe)
			defer cancel()
			code, err := k.server.Ping(late, k.hop(t))
			if ctx.Err() != nil {
				return
			}
			if errors.Is(err, context.DeadlineExceeded) || late.Err() != nil {
				err = errSilent
			}
			k.answered(t.addr, code, err)
		})
	}
	work.Wait()
}

var errSilent = errors.New("no answer to OPTIONS")

// register registers the trunk anew where it is registered, else at the first server that takes it.
func (k *keeper) register(ctx context.Context) {
	password, err := secret(k.trunk.Register.Password)
	if err == nil {
		for _, t := range k.path() {
			var lasts time.Duration
			if lasts, err = k.registerAt(ctx, t, password); err == nil {
				k.registered(registered{at: t, until: time.Now().Add(lasts)})
				k.rota.register, k.rota.again = time.Now().Add(renewAfter(lasts)), 0
				return
			}
			if ctx.Err() != nil {
				return
			}
		}
	}
	if err == nil {
		err = errNoAddress
	}
	k.rota.again = min(max(2*k.rota.again, k.trunks.rhythm.again), againMost)
	k.rota.register = time.Now().Add(k.rota.again)
	k.notRegistered(err)
}

func (k *keeper) registerAt(ctx context.Context, t target, password string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, k.trunks.rhythm.register)
	defer cancel()
	key := t.server.String() + " " + t.addr.String()
	r := k.registrations[key]
	if r == nil {
		account := *k.trunk.Register
		hop := k.hop(t)
		domain := account.Domain
		if domain == "" {
			domain = t.server.host
		}
		var err error
		r, err = k.server.Registration(sip.Account{
			Registrar: "sip:" + domain, Hop: &hop, User: account.User, Password: password, Expires: cmp.Or(account.Expires, defaultExpires),
		})
		if err != nil {
			return 0, err
		}
		k.registrations[key] = r
	}
	r.SetPassword(password)
	return r.Renew(ctx)
}

// renewAfter is when a registration is to be renewed: with a quarter of its time left, so that one that fails can be tried
// elsewhere before the carrier forgets us.
func renewAfter(lasts time.Duration) time.Duration { return max(lasts*3/4, time.Second/2) }

// leave takes the registrations back.
func (k *keeper) leave() {
	ctx, cancel := context.WithTimeout(context.Background(), farewellMost)
	defer cancel()
	k.mu.Lock()
	is, at := !k.account.until.IsZero(), k.account.at
	k.mu.Unlock()
	if r := k.registrations[at.server.String()+" "+at.addr.String()]; is && r != nil {
		_ = r.Remove(ctx) // it ends by itself, if the carrier does not hear
	}
}

func (l *line) registered(r registered) {
	l.mu.Lock()
	l.account = r
	l.mu.Unlock()
	l.judge()
}

// notRegistered takes the news that no server would register us. What holds still, holds until its time is over.
func (l *line) notRegistered(err error) {
	l.mu.Lock()
	if time.Now().After(l.account.until) {
		l.account.until = time.Time{}
	}
	l.account.why = err.Error()
	l.mu.Unlock()
	l.judge()
}
