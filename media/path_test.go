package media

import (
	"math"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A strip is a Tap that lays what it hears on one timeline, at 8 kHz; what never came is silence.
type strip struct {
	mu      sync.Mutex // guards the fields below
	decoder Decoder
	pcm     []int16
	first   uint32
	begun   bool
}

func (s *strip) Packet(_ time.Time, codec Codec, _ uint16, timestamp uint32, payload []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.begun {
		s.begun, s.first = true, timestamp
	}
	at := int(int32(timestamp - s.first))
	frame := s.decoder.Decode(nil, codec, payload)
	if need := at + len(frame) - len(s.pcm); need > 0 {
		s.pcm = append(s.pcm, make([]int16, need)...)
	}
	copy(s.pcm[at:], frame)
}

// heard is a copy of the strip.
func (s *strip) heard() []int16 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]int16(nil), s.pcm...)
}

// A caller is a telephone that is itself a port of an engine of its own, so that it sends in time: in that of the clock on the
// wall, or of a simulated network.
type caller struct {
	t     testing.TB
	net   *network // nil in real time
	port  *Port
	notes notes
	ear   *strip
}

func newCaller(t testing.TB, codec Codec) *caller {
	t.Helper()
	return equip(t, codec, nil, func(l Listener) *Port {
		p, err := newEngine(t).NewPort(l)
		require.NoError(t, err)
		return p
	})
}

// caller is one in simulated time.
func (n *network) caller(t testing.TB, codec Codec) *caller {
	t.Helper()
	return equip(t, codec, n, func(l Listener) *Port { return n.plug(t, l) })
}

func equip(t testing.TB, codec Codec, n *network, open func(Listener) *Port) *caller {
	c := &caller{t: t, net: n, notes: newNotes(), ear: new(strip)}
	c.port = open(c.notes)
	c.port.Prefer(codec)
	c.port.Tap(c.ear)
	return c
}

// dial connects the caller to a new port of an engine, or of the network.
func (c *caller) dial(e *Engine, edit ...func(string) string) *Port {
	c.t.Helper()
	var p *Port
	if c.net != nil {
		p = c.net.plug(c.t, newNotes())
	} else {
		var err error
		p, err = e.NewPort(newNotes())
		require.NoError(c.t, err)
	}
	negotiate(c.t, c.port, p, edit...)
	return p
}

// until waits until something is so.
func (c *caller) until(so func() bool) {
	c.t.Helper()
	if c.net == nil {
		require.Eventually(c.t, so, patience, 10*time.Millisecond)
		return
	}
	for range patience / tick {
		if so() {
			return
		}
		c.net.run(tick)
	}
	require.FailNow(c.t, "it has never been so")
}

// presses has the caller press a key, and waits until a listener is told.
func (c *caller) presses(key rune, n notes) {
	c.t.Helper()
	c.port.SendDigit(key)
	c.until(func() bool { return len(n.digits) > 0 })
	require.Equal(c.t, string(key), string(<-n.digits))
}

// sweep is d of a sine that climbs from 300 to 3300 Hz, at -10 dBm0.
func sweep(d time.Duration) *Sound {
	pcm := make([]int16, samples(d))
	phase := 0.0
	for i := range pcm {
		phase += 2 * math.Pi * (300 + 3000*float64(i)/float64(len(pcm))) / SampleRate
		pcm[i] = int16(7000 * math.Sin(phase))
	}
	return NewSound(pcm)
}

// requireHeard checks that a sound has come through whole: at its level, without a gap longer than a frame. In real time a busy
// machine may leave out some of it.
func requireHeard(t testing.TB, c *caller, sound *Sound) {
	t.Helper()
	want := sound.PCM()
	var got []int16
	c.until(func() bool {
		got = trim(c.ear.heard())
		return len(got) >= len(want)-2*frame
	})
	decibels, gap := 0.5, 2
	if c.net == nil {
		decibels, gap = 2, 20
	}
	require.InDelta(t, len(want), len(got), float64(gap*frame))
	require.InDelta(t, level(want), level(got), decibels)
	quiet := 0
	for ; len(got) >= frame/2; got = got[frame/2:] {
		if level(got[:frame/2]) < level(want)-10 {
			quiet++
		} else {
			quiet = 0
		}
		require.LessOrEqual(t, quiet, gap, "no gap is longer than a frame")
	}
}

// trim takes the silence off both ends.
func trim(pcm []int16) []int16 {
	const loud = 1000
	for len(pcm) > 0 && pcm[0] < loud && pcm[0] > -loud {
		pcm = pcm[1:]
	}
	for len(pcm) > 0 && pcm[len(pcm)-1] < loud && pcm[len(pcm)-1] > -loud {
		pcm = pcm[:len(pcm)-1]
	}
	return pcm
}

func TestASweepComesThroughEveryBridge(t *testing.T) {
	for _, from := range codecs {
		for _, to := range codecs {
			t.Run(from.String()+" to "+to.String(), func(t *testing.T) {
				n := newNetwork(0, 0)
				a, b := n.caller(t, from), n.caller(t, to)
				pa, pb := a.dial(nil), b.dial(nil)
				require.Equal(t, []Codec{from, to}, []Codec{pa.Codec(), pb.Codec()})
				bridge := join(t, pa, pb)
				sound := sweep(time.Second)
				a.port.Play(false, sound)
				requireHeard(t, b, sound)
				require.Empty(t, a.ear.heard(), "nobody hears themselves")
				talks := bridge.talks.tally.Summary(n.now)
				require.InDelta(t, 1, talks.Talk[0].Seconds(), 0.4)
				require.Zero(t, talks.Talk[1])
			})
		}
	}
}

func TestWhatIsPlayedIsHeardInEveryCodec(t *testing.T) {
	for _, codec := range codecs {
		t.Run(codec.String(), func(t *testing.T) {
			c := newNetwork(0, 0).caller(t, codec)
			p := c.dial(nil)
			sound := sweep(time.Second)
			p.Play(false, sound)
			requireHeard(t, c, sound)
		})
	}
}

func TestKeysCrossEveryBridge(t *testing.T) {
	without := func(sdp string) string { return dropLines(sdp, "telephone-event", "a=fmtp") }
	for name, x := range map[string]struct {
		from, to Codec
		edit     func(string) string
	}{
		"the same codec":              {PCMA, PCMU, func(sdp string) string { return sdp }},
		"another codec":               {G722, PCMA, func(sdp string) string { return sdp }},
		"to who takes only tones":     {PCMA, PCMA, without},
		"another codec, as tones":     {PCMA, G722, without},
		"from wideband to only tones": {G722, PCMU, without},
	} {
		t.Run(name, func(t *testing.T) {
			n := newNetwork(0, 0)
			a, b := n.caller(t, x.from), n.caller(t, x.to)
			join(t, a.dial(nil), b.dial(nil, x.edit))
			a.port.Play(true, Silence(time.Second)) // audio beside the keys, which a transcoder has to keep apart
			for _, key := range "159#" {
				a.presses(key, b.notes)
			}
			n.run(time.Second)
			require.Empty(t, b.notes.digits, "each once")
		})
	}
}

func TestKeysArePressedAsTonesWhereEventsWereNotAgreed(t *testing.T) {
	n := newNetwork(0, 0)
	a := n.caller(t, PCMA)
	p := a.dial(nil, func(sdp string) string { return dropLines(sdp, "telephone-event", "a=fmtp") })
	p.Play(true, Tone(440, time.Second))
	other := &caller{t: t, net: n, port: p, notes: p.listener.(notes)}
	for _, key := range "0*A" {
		a.presses(key, other.notes)
		other.presses(key, a.notes)
	}
}
