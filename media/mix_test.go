package media

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// everybody is the matrix of a conference.
func everybody(*Port, *Port) bool { return true }

// hears waits until a caller hears exactly these tones of those that are in the air.
func (c *caller) hears(air []float64, tones ...float64) {
	c.t.Helper()
	const window = SampleRate / 5
	c.until(func() bool {
		pcm := c.ear.heard()
		if len(pcm) < 2*window {
			return false
		}
		pcm = pcm[len(pcm)-window:]
		for _, hz := range air {
			wanted := false
			for _, t := range tones {
				wanted = wanted || t == hz
			}
			share := Detect(pcm, hz)
			if wanted && share < 0.7/float64(len(tones)) || !wanted && share > 0.001 {
				return false
			}
		}
		return true
	})
}

func TestAConferenceAndItsOtherMatrices(t *testing.T) {
	n := newNetwork(0, 0)
	air := []float64{500, 800, 1300}
	var callers []*caller
	var ports []*Port
	for i, codec := range []Codec{PCMA, G722, PCMU} {
		c := n.caller(t, codec)
		callers, ports = append(callers, c), append(ports, c.dial(nil))
		c.port.Play(true, Tone(air[i], time.Second))
	}
	customer, agent, supervisor := callers[0], callers[1], callers[2]
	m := n.mix(t)
	require.NoError(t, m.Arrange(everybody, ports...))
	customer.hears(air, 800, 1300)
	agent.hears(air, 500, 1300)
	supervisor.hears(air, 500, 800)

	listen := func(listener, speaker *Port) bool { return speaker != ports[2] }
	require.NoError(t, m.Arrange(listen, ports...))
	customer.hears(air, 800)
	agent.hears(air, 500)
	supervisor.hears(air, 500, 800)

	whisper := func(listener, speaker *Port) bool { return speaker != ports[2] || listener == ports[1] }
	require.NoError(t, m.Arrange(whisper, ports...))
	customer.hears(air, 800)
	agent.hears(air, 500, 1300)

	require.NoError(t, m.Arrange(everybody, ports[:2]...))
	customer.hears(air, 800)
	agent.hears(air, 500)
	require.Nil(t, ports[2].joined.Load())
}

func TestAKeyInAConferenceReachesThoseWhoHearIt(t *testing.T) {
	n := newNetwork(0, 0)
	a, b, c := n.caller(t, PCMA), n.caller(t, PCMA), n.caller(t, PCMA)
	pa, pb, pc := a.dial(nil), b.dial(nil), c.dial(nil)
	m := n.mix(t)
	require.NoError(t, m.Arrange(func(listener, _ *Port) bool { return listener != pc }, pa, pb, pc))
	a.presses('7', b.notes)
	b.presses('8', a.notes)
	require.Empty(t, c.notes.digits)
}

func TestWhoCannotBeArranged(t *testing.T) {
	e := newEngine(t)
	a, b, c, d := newPhone(t, PCMA).call(e, nil), newPhone(t, PCMA).call(e, nil), newPhone(t, PCMA).call(e, nil), newPhone(t, PCMA).call(e, nil)
	bridge := join(t, c, d)
	m := e.NewMix()
	require.NoError(t, m.Arrange(everybody, a))
	require.ErrorIs(t, m.Arrange(everybody, a, b, c), ErrJoined)
	require.Nil(t, b.joined.Load(), "all stays as it was")
	_, err := Join(a, b)
	require.ErrorIs(t, err, ErrJoined)

	bridge.Close()
	require.NoError(t, c.Close())
	require.ErrorIs(t, m.Arrange(everybody, a, b, c), ErrClosed)
	require.NoError(t, m.Arrange(everybody, a, b, d))
	require.NoError(t, b.Close())
	require.Len(t, m.members, 2)
	m.Close()
	m.Close()
	_, err = Join(a, d)
	require.NoError(t, err)
}

func TestAMixThatIsTooLoudDoesNotWrap(t *testing.T) {
	m := new(Mix)
	loud := &member{pcm: []int16{32767, -32768, 5}}
	require.Equal(t, []int16{32767, -32768, 10}, m.mixFor(&member{hears: []*member{loud, loud}}, 3))
}

func TestASweepComesThroughAMix(t *testing.T) {
	for _, codec := range codecs {
		t.Run(codec.String(), func(t *testing.T) {
			n := newNetwork(0, 0)
			a, b, outside := n.caller(t, codec), n.caller(t, PCMA), n.caller(t, PCMA)
			pa, pb, pc := a.dial(nil), b.dial(nil), outside.dial(nil)
			m := n.mix(t)
			require.NoError(t, m.Arrange(func(listener, _ *Port) bool { return listener != pc }, pa, pb, pc))
			sound := sweep(time.Second)
			a.port.Play(false, sound)
			requireHeard(t, b, sound)
			require.Empty(t, trim(a.ear.heard()), "nobody hears themselves")
			require.Empty(t, trim(outside.ear.heard()), "nor does who is to hear nobody")
		})
	}
}
