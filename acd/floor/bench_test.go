package floor

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/media"
	"threering/sip/softphone"
)

// A firstWord is a Tap that tells when a tone is first heard, to a packet.
type firstWord struct {
	hz      float64
	decoder media.Decoder
	pcm     []int16
	heard   chan time.Time
}

func (w *firstWord) Packet(at time.Time, codec media.Codec, _ uint16, _ uint32, payload []byte) {
	w.pcm = w.decoder.Decode(w.pcm[:0], codec, payload)
	if media.Detect(w.pcm, w.hz) > 0.6 {
		select {
		case w.heard <- at:
		default:
		}
	}
}

// BenchmarkPickUp is how long it takes from the agent's 200 until the caller hears the agent, without an announcement and
// with a recording: a whole call each time, queue and all, over UDP on loopback.
func BenchmarkPickUp(b *testing.B) {
	h := open(b, func(q *Queue) { q.Announce, q.WrapUp = false, 0 }, "1001")
	picked := make(chan time.Time, 1)
	h.phones["1001"].Behave(func(c *softphone.Call) {
		c.PlayTone(agentHz)
		c.Ring()
		picked <- time.Now()
		c.Answer()
	})
	caller := h.phone("13800000001")
	h.phones["13800000001"] = caller
	var took []time.Duration
	for b.Loop() {
		c, err := caller.Dial(b.Context(), "400")
		require.NoError(b, err)
		require.NoError(b, c.WaitAnswered(h.within()))
		word := &firstWord{hz: agentHz, heard: make(chan time.Time, 1)}
		c.Port().Tap(word)
		c.SendDigit('1')
		at := <-picked
		select {
		case heard := <-word.heard:
			took = append(took, heard.Sub(at))
		case <-time.After(soon):
			require.FailNow(b, "the agent is not heard")
		}
		c.Hangup()
		_, err = c.WaitEnded(h.within())
		require.NoError(b, err)
	}
	report(b, took)
}

func report(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// A tail is a Tap that knows when a tone was last heard, and whether something else has come since.
type tail struct {
	hz      float64
	decoder media.Decoder
	pcm     []int16

	mu      sync.Mutex // guards the fields below
	packets int
	last    time.Time
	over    bool
}

func (l *tail) Packet(at time.Time, codec media.Codec, _ uint16, _ uint32, payload []byte) {
	l.pcm = l.decoder.Decode(l.pcm[:0], codec, payload)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over = media.Detect(l.pcm, l.hz) < 0.6; !l.over {
		l.packets++
		l.last = at
	}
}

// heard says how many packets of the tone there were, when the last came, and whether something else has come since.
func (l *tail) heard() (packets int, last time.Time, over bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.packets, l.last, l.over
}

// BenchmarkBargeIn is how long a menu goes on to be heard after a key was pressed, at any moment between two packets: from the
// press, whose first packet waits up to 20 ms for its turn, until the sound in the menu's last packet is over.
func BenchmarkBargeIn(b *testing.B) {
	h := open(b, nil, "1001")
	caller := h.phone("13800000001")
	h.phones["13800000001"] = caller
	const frame = 20 * time.Millisecond
	menu := int((400*time.Millisecond + 100*time.Millisecond) / frame) // the greeting sounds like it
	var took []time.Duration
	for b.Loop() {
		c, err := caller.Dial(b.Context(), "400")
		require.NoError(b, err)
		require.NoError(b, c.WaitAnswered(h.within()))
		ear := &tail{hz: greetingHz}
		c.Port().Tap(ear)
		require.Eventually(b, func() bool { n, _, _ := ear.heard(); return n > menu }, soon, time.Millisecond)
		time.Sleep(rand.N(frame))
		at := time.Now()
		c.SendDigit('1')
		require.Eventually(b, func() bool { _, _, over := ear.heard(); return over }, soon, time.Millisecond)
		_, last, _ := ear.heard()
		took = append(took, last.Add(frame).Sub(at))
		c.Hangup()
		_, err = c.WaitEnded(h.within())
		require.NoError(b, err)
	}
	report(b, took)
}

// Whom to call of three hundred customers who are due, while a hundred are being called for as many agents who are free: all events
// of the center wait meanwhile.
func BenchmarkCallDue(b *testing.B) {
	agents := make([]string, 100)
	f := &Floor{agents: map[string]*agent{}, lines: lines{}, calls: map[string]*call{}}
	for i := range agents {
		agents[i] = fmt.Sprint(1000 + i)
		f.agents[agents[i]] = &agent{state: brain.Available, reachable: true}
	}
	for i := range 4 {
		name := fmt.Sprint("q", i)
		f.plan.Queues = append(f.plan.Queues, Queue{Queue: brain.Queue{Name: name, Agents: agents}})
		for range 25 {
			f.lines.enter(&call{direction: journal.Callback}, name, now())
		}
	}
	for i := range 300 {
		c := &call{floor: f, id: fmt.Sprint(i), callback: &callback{}, waiting: fmt.Sprint("q", i%4)}
		f.calls[c.id], f.due = c, append(f.due, c)
	}
	for b.Loop() {
		f.callDue()
	}
	require.Len(b, f.due, 300)
}
