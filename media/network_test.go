package media

import (
	"container/heap"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A network takes datagrams from port to port in simulated time, as badly as it is told to.
type network struct {
	random *rand.Rand
	loss   float64       // share of the datagrams that never arrive
	jitter time.Duration // how much longer than others a datagram may take
	now    time.Time
	under  arriving // way
	ports  map[netip.AddrPort]*Port
	mixes  []*Mix
}

// A flight is a datagram under way.
type flight struct {
	at       time.Time
	from, to netip.AddrPort
	datagram []byte
}

// arriving is a heap of flights, the next to arrive first.
type arriving []flight

func (a arriving) Len() int           { return len(a) }
func (a arriving) Less(i, j int) bool { return a[i].at.Before(a[j].at) }
func (a arriving) Swap(i, j int)      { a[i], a[j] = a[j], a[i] }
func (a *arriving) Push(x any)        { *a = append(*a, x.(flight)) }
func (a *arriving) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

func newNetwork(loss float64, jitter time.Duration) *network {
	return &network{
		random: rand.New(rand.NewPCG(1, 2)), loss: loss, jitter: jitter,
		now: time.Now(), ports: make(map[netip.AddrPort]*Port),
	}
}

// A cable is how one port sends into a network.
type cable struct {
	*network
	from netip.AddrPort
}

func (c cable) Send(datagram []byte, to netip.AddrPort) error {
	if c.random.Float64() >= c.loss {
		late := time.Duration(c.random.Int64N(int64(c.jitter) + 1))
		heap.Push(&c.under, flight{c.now.Add(late), c.from, to, append([]byte(nil), datagram...)})
	}
	return nil
}

// plug opens a port in the network, of an engine whose clock is the network's.
func (n *network) plug(t testing.TB, l Listener) *Port {
	t.Helper()
	e := newEngine(t)
	e.pacers.stop()
	p, err := e.NewPort(l)
	require.NoError(t, err)
	e.forget(p) // no rounds are made: they go by the clock on the wall
	t.Cleanup(func() { require.NoError(t, p.closeSockets()) })
	p.out.attach(cable{n, p.Addr()})
	n.ports[p.Addr()] = p
	return p
}

// mix makes a mix whose clock is the network's.
func (n *network) mix(t testing.TB) *Mix {
	m := (&Engine{pacers: &pacers{all: []*pacer{{wake: make(chan struct{}, 1)}}}}).NewMix()
	n.mixes = append(n.mixes, m)
	t.Cleanup(m.Close)
	return m
}

// run lets time pass.
func (n *network) run(d time.Duration) {
	for end := n.now.Add(d); n.now.Before(end); n.now = n.now.Add(tick) {
		for _, p := range n.ports {
			p.out.tick(n.now)
		}
		for _, m := range n.mixes {
			m.tick(n.now)
		}
		for len(n.under) > 0 && n.under[0].at.Before(n.now.Add(tick)) {
			f := heap.Pop(&n.under).(flight)
			if p := n.ports[f.to]; p != nil {
				p.take(f.datagram, f.from, f.at)
			}
		}
	}
}

func TestAThousandKeysOverABadNetwork(t *testing.T) {
	n := newNetwork(0.05, 40*time.Millisecond)
	pressed, heard := newCounter(), newCounter()
	phone, near, far, other := n.plug(t, nil), n.plug(t, pressed), n.plug(t, nil), n.plug(t, heard)
	negotiate(t, phone, near)
	negotiate(t, far, other)
	join(t, near, far)
	var want string
	for i := range 1000 {
		key := rune(keypad[n.random.IntN(len(keypad))])
		want += string(key)
		phone.SendDigit(key)
		if i%2 == 0 {
			phone.Play(false, Tone(440, time.Second))
		}
		n.run(time.Duration(220+20*n.random.IntN(5)) * time.Millisecond)
	}
	n.run(time.Second)
	require.Equal(t, want, pressed.keys())
	require.Equal(t, want, heard.keys())
	require.InDelta(t, 0.05, phone.peerLoss(near), 0.01)
}

// peerLoss is the share of a port's packets that another has missed.
func (p *Port) peerLoss(other *Port) float64 {
	return float64(other.Stats().Lost) / float64(p.Stats().PacketsOut)
}

// A counter is a Listener that keeps the keys in a simulation, where all happens in one goroutine.
type counter struct{ pressed *[]rune }

func newCounter() counter { return counter{new([]rune)} }

func (c counter) keys() string              { return string(*c.pressed) }
func (c counter) Digit(_ *Port, key rune)   { *c.pressed = append(*c.pressed, key) }
func (counter) Held(*Port, bool)            {}
func (counter) Silent(*Port, time.Duration) {}
