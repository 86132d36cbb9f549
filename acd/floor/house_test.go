package floor

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"log/slog"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/media"
	"threering/recording"
	"threering/sip"
	"threering/sip/softphone"
	"threering/store"
	"threering/store/storetest"
)

// vipNumber is that of a VIP.
const vipNumber = "13800000088"

// soon is how long is waited for what is to come: long, since it only matters where something is wrong.
const soon = 15 * time.Second

// house is a floor with all that it needs, phones that ring, and eyes on its events.
type house struct {
	t         testing.TB
	floor     *Floor
	sip       *sip.Server
	media     *media.Engine
	journal   *journal.Journal
	archive   *recording.Archive
	db        *store.DB
	phones    map[string]*softphone.Phone
	popGate   chan struct{} // closed: lookups answer
	lastAgent string        // with whom every caller spoke last
	carry     atomic.Uint32 // how agents' audio is carried, a media.Carriage
	stop      func()

	noted []noted // what the brain was told, and ordered

	mu     sync.Mutex // guards events
	events []Event
	news   chan struct{} // something was published
}

// desks are the telephones of agents, who may be said to have theirs in a browser.
type desks struct {
	*sip.Server
	h *house
}

func (d desks) Carriage(string) media.Carriage { return media.Carriage(d.h.carry.Load()) }

// open builds a house; change adjusts the queue.
func open(t testing.TB, change func(*Queue), agents ...string) *house {
	h := &house{t: t, db: storetest.Open(t), phones: map[string]*softphone.Phone{}, popGate: make(chan struct{}), news: make(chan struct{}, 1)}
	close(h.popGate)
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	var err error
	h.journal, err = journal.Open(t.Context(), journal.Config{DB: h.db, Log: log})
	require.NoError(t, err)
	h.archive, err = recording.Open(t.Context(), recording.Config{Dir: t.TempDir(), DB: h.db})
	require.NoError(t, err)
	h.media, err = media.NewEngine(ports(housePorts))
	require.NoError(t, err)
	h.floor = New(Config{
		Media: h.media, Script: newScript(), Journal: h.journal, Archive: h.archive, Popper: h, Publisher: h,
		Number: func(raw string) string { return raw }, Recorder: h, Log: log,
	})
	h.sip, err = sip.Listen(sip.Config{
		Listen: []string{"udp://127.0.0.1:0", "tcp://127.0.0.1:0"}, Devices: devices{}, Incoming: h.floor.Incoming, Reach: h.floor.Reach,
		T1: 50 * time.Millisecond, Unhurried: true,
	})
	require.NoError(t, err)
	h.run()
	t.Cleanup(h.close)

	queue := Queue{
		Queue: brain.Queue{
			Name: "sales", Agents: agents, Target: 800 * time.Millisecond, OfferTimeout: 8 * time.Second, MaxWait: 20 * time.Second,
			WrapUp: 20 * time.Second, Breather: 10 * time.Millisecond,
		},
		Title: "销售", Announce: true, Languages: []string{"zh", "en"},
	}
	if change != nil {
		change(&queue)
	}
	plan := Plan{Queues: []Queue{queue}, Cadence: "cn", Music: "music"}
	for _, a := range agents {
		plan.Agents = append(plan.Agents, Agent{Agent: brain.Agent{ID: a}, Name: "Agent " + a})
		h.phones[a] = h.phone(a)
		require.NoError(t, h.phones[a].Register(t.Context()))
	}
	require.NoError(t, h.floor.Configure(t.Context(), plan))
	for _, a := range agents { // in this order they have been idle
		require.NoError(t, h.floor.SignOn(t.Context(), a, true))
	}
	return h
}

// run starts the loops; close ends them in the order of the real house.
func (h *house) run() {
	floorCtx, stopFloor := context.WithCancel(context.Background())
	sipCtx, stopSIP := context.WithCancel(context.Background())
	var inside, outside sync.WaitGroup
	inside.Go(func() { require.NoError(h.t, h.floor.Run(floorCtx, desks{h.sip, h})) })
	outside.Go(func() { require.NoError(h.t, h.sip.Serve(sipCtx)) })
	h.stop = sync.OnceFunc(func() {
		stopFloor()
		inside.Wait()
		stopSIP()
		outside.Wait()
	})
}

func (h *house) close() {
	_ = h.floor.ask(context.Background(), func() { h.floor.standing(lasting{h.t}) }) // a test may have stopped it
	h.stop()
	h.decidesAgain()
	for _, p := range h.phones {
		require.NoError(h.t, p.Close())
	}
	require.NoError(h.t, h.media.Close())
	require.NoError(h.t, h.archive.Close())
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	defer cancel()
	require.NoError(h.t, h.journal.Close(ctx))
}

// lasting goes on where something fails, as who checks in the loop must.
type lasting struct{ testing.TB }

func (lasting) FailNow() {}

// devices lets every agent register with the same secret, and strangers on this machine call.
type devices struct{}

func (devices) Device(name string) (sip.Device, bool) {
	sum := md5.Sum([]byte(name + ":threering:secret"))
	return sip.Device{Name: name, HA1MD5: hex.EncodeToString(sum[:])}, true
}
func (devices) Trusted(a netip.Addr) bool { return a.IsLoopback() }

func (h *house) phone(user string) *softphone.Phone {
	p, err := softphone.New(softphone.Config{
		Server: h.sip.Addr("udp"), User: user, Password: "secret", Media: ports(phonePorts), T1: 50 * time.Millisecond,
	})
	require.NoError(h.t, err)
	return p
}

// call has a caller dial the hotline, and waits until the center answers.
func (h *house) call(number string) *softphone.Call {
	h.t.Helper()
	if h.phones[number] == nil {
		h.phones[number] = h.phone(number)
	}
	c, err := h.phones[number].Dial(h.t.Context(), "400")
	require.NoError(h.t, err)
	require.NoError(h.t, c.WaitAnswered(h.within()))
	return c
}

// queued has a caller go through the menu into the queue.
func (h *house) queued(number string) *softphone.Call {
	h.t.Helper()
	c := h.call(number)
	require.True(h.t, c.Hears(greetingHz, soon), "the greeting")
	c.SendDigit('1')
	return c
}

// next is the agent's next call.
func (h *house) next(agent string) *softphone.Call {
	h.t.Helper()
	c, err := h.phones[agent].NextCall(h.within())
	require.NoError(h.t, err, "%s is not rung", agent)
	return c
}

func (h *house) within() context.Context {
	ctx, cancel := context.WithTimeout(h.t.Context(), soon)
	h.t.Cleanup(cancel)
	return ctx
}

func (h *house) Pop(ctx context.Context, number string) (any, Customer, error) {
	select {
	case <-h.popGate:
		return map[string]string{"number": number}, Customer{Name: "张伟", VIP: number == vipNumber, Agent: h.lastAgent}, nil
	case <-ctx.Done():
		return nil, Customer{}, ctx.Err()
	}
}

func (h *house) Publish(_ context.Context, e Event) {
	h.mu.Lock()
	h.events = append(h.events, e)
	h.mu.Unlock()
	select {
	case h.news <- struct{}{}:
	default:
	}
}

// sees waits for an event that fits, and gives the first.
func (h *house) sees(what string, fits func(Event) bool) Event {
	h.t.Helper()
	late := time.After(soon)
	for {
		h.mu.Lock()
		i := slices.IndexFunc(h.events, fits)
		if i >= 0 {
			defer h.mu.Unlock()
			return h.events[i]
		}
		h.mu.Unlock()
		select {
		case <-h.news:
		case <-late:
			h.t.Fatalf("never published: %s", what)
		}
	}
}

func (h *house) seesType(name string) Event {
	h.t.Helper()
	return h.sees(name, func(e Event) bool { return e.Type == name })
}

// until waits for an agent to be in a state.
func (h *house) until(agent string, state brain.State) {
	h.t.Helper()
	require.Eventually(h.t, func() bool { return h.agent(agent).State == state }, soon, 5*time.Millisecond, "%s: %+v", agent, h.agent(agent))
}

func (h *house) agent(id string) AgentView {
	list, err := h.floor.Agents(h.t.Context())
	require.NoError(h.t, err)
	return list[slices.IndexFunc(list, func(a AgentView) bool { return a.ID == id })]
}

// ended waits for the only call to be over, and gives its summary and timeline.
func (h *house) ended() (journal.Call, []journal.Entry) {
	h.t.Helper()
	h.seesType("call.ended")
	require.NoError(h.t, h.journal.Flush(h.t.Context()))
	calls, err := h.journal.Calls(h.t.Context(), journal.Filter{})
	require.NoError(h.t, err)
	require.Len(h.t, calls, 1)
	line, err := h.journal.Timeline(h.t.Context(), calls[0].ID)
	require.NoError(h.t, err)
	return calls[0], line
}

// empty checks that nothing of any call is left.
func (h *house) empty() {
	h.t.Helper()
	require.Eventually(h.t, func() bool {
		left := 1
		require.NoError(h.t, h.floor.ask(h.t.Context(), func() { left = len(h.floor.calls) + len(h.floor.offers) }))
		queues, err := h.floor.Queues(h.t.Context())
		require.NoError(h.t, err)
		return left == 0 && queues[0].Waiting == 0
	}, soon, 5*time.Millisecond)
}

// noted is one Apply of the brain.
type noted struct {
	at     brain.Instant
	event  brain.Event
	orders []brain.Order
}

// Note keeps what the brain was told; the loop's own.
func (h *house) Note(at brain.Instant, ev brain.Event, orders []brain.Order) {
	h.noted = append(h.noted, noted{at, ev, orders})
}

// decidesAgain has another brain decide the same again: it orders the same.
func (h *house) decidesAgain() {
	h.t.Helper()
	var b brain.Brain
	for i, n := range h.noted {
		require.Equal(h.t, n.orders, b.Apply(n.at, n.event), "%d: %#v", i, n.event)
	}
}
