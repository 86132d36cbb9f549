package media

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAVigilTellsEachSilenceOnce(t *testing.T) {
	const limit = 10 * time.Second
	start := time.Now()
	after := func(d time.Duration) time.Time { return start.Add(d) }
	var v vigil
	require.Zero(t, v.silence(after(time.Hour), limit), "nobody has promised anything")

	v.keep(true, true, start)
	require.Zero(t, v.silence(after(9*time.Second), limit))
	require.Equal(t, 10*time.Second, v.silence(after(10*time.Second), limit))
	require.Zero(t, v.silence(after(20*time.Second), limit), "told already")

	v.alive(after(30 * time.Second))
	require.Zero(t, v.silence(after(39*time.Second), limit))
	require.Equal(t, 12*time.Second, v.silence(after(42*time.Second), limit), "a new silence")

	v.keep(false, false, after(50*time.Second)) // held
	require.Zero(t, v.silence(after(time.Hour), limit))
	v.keep(true, true, after(time.Hour))
	require.Zero(t, v.silence(after(time.Hour+9*time.Second), limit), "time anew after a hold")
	require.Zero(t, v.silence(after(2*time.Hour), 0), "no limit")

	v.keep(false, true, start) // it only listens, and tells by RTCP that it is there
	require.Zero(t, v.silence(after(29*time.Second), limit))
	require.Equal(t, 30*time.Second, v.silence(after(30*time.Second), limit))
}

func TestAPortReportsAPeerThatSendsNothing(t *testing.T) {
	e, err := NewEngine(Config{Low: 20000, High: 29999, Silence: 50 * time.Millisecond})
	require.NoError(t, err)
	defer e.Close()
	held, mute := newNotes(), newNotes()
	quiet := newPhone(t, PCMA)
	p := quiet.call(e, held)
	_, err = p.Answer(quiet.sdp("a=inactive"))
	require.NoError(t, err)

	newPhone(t, PCMA).call(e, mute)
	require.GreaterOrEqual(t, await(t, mute.silent), 50*time.Millisecond)
	require.Empty(t, held.silent, "who holds need not send")

	_, err = p.Answer(quiet.sdp())
	require.NoError(t, err)
	require.GreaterOrEqual(t, await(t, held.silent), 50*time.Millisecond)
	quiet.say(Tone(400, tick))
	await(t, held.silent) // it has spoken, and is silent again
	require.Empty(t, mute.silent, "told once")
}
