package trunk

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.yaml.in/yaml/v3"

	"threering/sip"
	"threering/store"
)

// Config is what trunks need. Only Read is required.
type Config struct {
	Read     Reader
	DB       *store.DB                // where what is spent is kept; nil: nowhere
	Resolver Resolver                 // nil: the machine's
	Tell     func(News)               // what the journal is to know; must not block
	Alarm    func(id string, e error) // what somebody has to see to; nil: it is over
	Metrics  prometheus.Registerer    // nil: counted, and shown to nobody
	Log      *slog.Logger
	Now      func() time.Time // nil: time.Now
}

// Trunks is all trunks at work. Its methods may be called from anywhere. It is the Trunks of a sip.Config.
type Trunks struct {
	cfg     Config
	ledger  *ledger
	metrics *metrics
	minute  time.Duration // that is paid for at a time
	again   time.Duration // after a registration that failed, at first

	mu      sync.RWMutex // guards the fields below
	lines   []*line      // in the order of the document
	server  *sip.Server  // nil before Run and after it
	ctx     context.Context
	keepers sync.WaitGroup
	in      map[string]int // calls under way that came in, by trunk
}

// New makes trunks, none yet; Replace brings them, Run puts them to work.
func New(cfg Config) *Trunks {
	if cfg.Resolver == nil {
		cfg.Resolver = net.DefaultResolver
	}
	if cfg.Tell == nil {
		cfg.Tell = func(News) {}
	}
	if cfg.Alarm == nil {
		cfg.Alarm = func(string, error) {}
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	t := &Trunks{cfg: cfg, ledger: newLedger(cfg.Now), minute: time.Minute, again: againFirst, in: map[string]int{}}
	t.metrics = newMetrics(cfg.Metrics, t)
	return t
}

func (t *Trunks) now() time.Time     { return t.cfg.Now() }
func (t *Trunks) draw(below int) int { return rand.IntN(below) }

// Replace makes the trunks what the part says. Those that stay as they are go on undisturbed, and so do all calls; what was
// spent today counts on by the trunk's name. The zone says when a day ends.
func (t *Trunks) Replace(p Part, zone *time.Location) {
	t.ledger.setZone(zone)
	t.mu.Lock()
	old := t.lines
	t.lines = nil
	for _, trunk := range p.Trunks {
		i := slices.IndexFunc(old, func(l *line) bool { return l.trunk.Name == trunk.Name && sameText(l.trunk, trunk) })
		if i >= 0 {
			t.lines = append(t.lines, old[i])
			old = slices.Delete(slices.Clone(old), i, i+1)
			continue
		}
		l := newLine(trunk, t)
		t.lines = append(t.lines, l)
		t.start(l)
	}
	t.mu.Unlock()
	for _, l := range old {
		t.stop(l)
	}
}

// start has a line kept, where the trunks are at work. t.mu is held.
func (t *Trunks) start(l *line) {
	if t.server == nil {
		return
	}
	var ctx context.Context
	ctx, l.cancel = context.WithCancel(t.ctx)
	server := t.server
	t.keepers.Go(func() { l.keep(ctx, server) })
}

// stop lets go of a line that the document no longer has.
func (t *Trunks) stop(l *line) {
	if l.cancel != nil {
		l.cancel()
	}
	if t.find(l.trunk.Name) == nil {
		t.cfg.Alarm("trunk "+l.trunk.Name, nil)
	}
}

func sameText(a, b Trunk) bool {
	textA, errA := yaml.Marshal(a)
	textB, errB := yaml.Marshal(b)
	return errA == nil && errB == nil && bytes.Equal(textA, textB)
}

// Load takes over what was spent today before a restart. The zone of the center has to be known before.
func (t *Trunks) Load(ctx context.Context, zone *time.Location) error {
	t.ledger.setZone(zone)
	if t.cfg.DB == nil {
		return nil
	}
	all, err := readSpending(ctx, t.cfg.DB, t.now().In(zone).Format(time.DateOnly))
	if err == nil {
		t.ledger.load(all)
	}
	return err
}

// Run keeps the trunks by a server until ctx ends, which has to be before the server stops: registrations are taken back.
func (t *Trunks) Run(ctx context.Context, server *sip.Server) error {
	t.mu.Lock()
	t.ctx, t.server = ctx, server
	for _, l := range t.lines {
		t.start(l)
	}
	t.mu.Unlock()
	t.book(ctx)
	t.mu.Lock()
	t.server = nil
	t.mu.Unlock()
	t.keepers.Wait()
	return nil
}

const (
	bookMost  = 5 * time.Second
	bookAgain = time.Second // after the database refused
)

// book keeps what is spent, until ctx ends; then for the last time.
func (t *Trunks) book(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			t.bookOnce()
			return
		case <-t.ledger.dirty:
		}
		if !t.bookOnce() {
			select {
			case <-ctx.Done():
			case <-time.After(bookAgain):
			}
		}
	}
}

func (t *Trunks) bookOnce() bool {
	all := t.ledger.unkept()
	if t.cfg.DB == nil || len(all) == 0 {
		return true
	}
	ctx, cancel := context.WithTimeout(context.Background(), bookMost)
	defer cancel()
	err := writeSpending(ctx, t.cfg.DB, all)
	if err != nil {
		t.ledger.again(all)
	}
	t.cfg.Alarm("trunks", err)
	return err == nil
}

// find gives the line of that name; nil where there is none.
func (t *Trunks) find(name string) *line {
	t.mu.RLock()
	defer t.mu.RUnlock()
	i := slices.IndexFunc(t.lines, func(l *line) bool { return l.trunk.Name == name })
	if i < 0 {
		return nil
	}
	return t.lines[i]
}

func (t *Trunks) all() []*line {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return slices.Clone(t.lines)
}

// Trunk names the trunk that an address belongs to.
func (t *Trunks) Trunk(source netip.Addr) (string, bool) {
	source = source.Unmap().WithZone("")
	for _, l := range t.all() {
		if l.at(source) {
			return l.trunk.Name, true
		}
	}
	return "", false
}

// Read is a number that came in by a trunk, as others write it.
func (t *Trunks) Read(trunk, number string) string {
	if l := t.find(trunk); l != nil {
		return l.trunk.read(number, t.cfg.Read)
	}
	return number
}

// Incoming counts the calls that come in by trunks, and hands all on. It fits sip.Config.
func (t *Trunks) Incoming(next func(*sip.Leg)) func(*sip.Leg) {
	return func(leg *sip.Leg) {
		if name := leg.From().Trunk; name != "" {
			t.count(name, 1)
			leg.Watch(func(e sip.Event) {
				if e, over := e.(sip.Ended); over {
					t.count(name, -1)
					t.metrics.ended(name, "in", e.Code)
				}
			})
		}
		next(leg)
	}
}

func (t *Trunks) count(trunk string, more int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.in[trunk] += more; t.in[trunk] == 0 {
		delete(t.in, trunk)
	}
}

// changed tells that a trunk does better or worse.
func (t *Trunks) changed(trunk string, state State, why string) {
	t.cfg.Log.Info("trunk", "name", trunk, "state", state, "why", why)
	t.cfg.Tell(News{Kind: Changed, Trunk: trunk, State: state, Why: why})
	var err error
	if state == Down {
		err = fmt.Errorf("trunk %s is down: %s", trunk, why)
	}
	t.cfg.Alarm("trunk "+trunk, err)
}

// alarmSpent tells that a trunk's money of the day is spent.
func (t *Trunks) alarmSpent(trunk Trunk) {
	t.cfg.Alarm("spending by "+trunk.Name, fmt.Errorf("the %s that may be spent by trunk %s today are used up: no call goes out by it", trunk.Out.Spend, trunk.Name))
}
