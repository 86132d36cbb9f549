package floor

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

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
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}
