package media

import (
	"bytes"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"
)

func isDone(b *Playback) bool {
	select {
	case <-b.Done():
		return true
	default:
		return false
	}
}

func TestSoundsFollowWithoutAGap(t *testing.T) {
	e := newEngine(t)
	f := newPhone(t, PCMA)
	p := f.call(e, nil)
	var sounds []*Sound
	var want []byte
	for i := range 8 { // pieces of 12.5 ms, so that frames go across their borders; one is empty
		piece := bytes.Repeat([]byte{byte(0x80 + i)}, 100)
		if i == 3 {
			piece = nil
		}
		sounds = append(sounds, encodedSound(PCMA, piece))
		want = append(want, piece...)
	}
	playback := p.Play(false, sounds...)
	heard := f.hearN(5)
	await(t, playback.Done())

	var got []byte
	for i, pkt := range heard {
		require.Len(t, pkt.Payload, frame)
		require.Equal(t, i == 0, pkt.Marker)
		require.Equal(t, heard[0].Timestamp+uint32(i*frame), pkt.Timestamp)
		got = append(got, pkt.Payload...)
	}
	requireUnbroken(t, heard)
	require.Equal(t, want, got[:len(want)])
	require.Equal(t, bytes.Repeat([]byte{PCMA.silence()}, len(got)-len(want)), got[len(want):])
	require.EqualValues(t, 5, p.Stats().PacketsOut)
	require.EqualValues(t, 5*frame, p.Stats().OctetsOut)
}

func TestALoopGoesOnUntilItIsStopped(t *testing.T) {
	e := newEngine(t)
	f := newPhone(t, PCMU)
	p := f.call(e, nil)
	playback := p.Play(true, Tone(450, 30*time.Millisecond), Tone(450, 0))
	heard := f.hearN(10)
	requireUnbroken(t, heard)
	require.False(t, isDone(playback))
	playback.Stop()
	playback.Stop()
	require.True(t, isDone(playback))
	require.Eventually(t, func() bool {
		p.out.mu.Lock()
		defer p.out.mu.Unlock()
		return !p.out.paced
	}, patience, time.Millisecond, "the pacer still calls")
}

func TestANewPlaybackTakesThePlaceOfTheOld(t *testing.T) {
	e := newEngine(t)
	f := newPhone(t, PCMA)
	p := f.call(e, nil)
	first := p.Play(true, Tone(400, time.Second))
	second := p.Play(false, Tone(900, 100*time.Millisecond))
	require.True(t, isDone(first))
	first.Stop() // means nothing to the second
	require.False(t, isDone(second))
	require.Greater(t, Detect(pcm(PCMA, f.hearN(5)), 900), 0.98)
	await(t, second.Done())
}

func TestWhatCannotBeHeardIsDoneAtOnce(t *testing.T) {
	e := newEngine(t)
	p := newPhone(t, PCMA).call(e, nil)
	require.True(t, isDone(p.Play(true)))
	require.True(t, isDone(p.Play(true, NewSound(nil))))
	playing := p.Play(true, Tone(400, time.Second))
	require.NoError(t, p.Close())
	require.True(t, isDone(playing))
	require.True(t, isDone(p.Play(false, Tone(400, time.Second))))
	p.SendDigit('1')
}

func TestPlayingKeepsTime(t *testing.T) {
	e := newEngine(t)
	f := newPhone(t, PCMA)
	p := f.call(e, nil)
	start := time.Now()
	p.Play(false, Tone(400, 500*time.Millisecond))
	f.hearN(25)
	require.Greater(t, time.Since(start), 24*tick-time.Millisecond)
}

// TestOneLineOverAllSources is what a caller's phone sees of a call: ringing, a prompt, an agent, music, the agent.
func TestOneLineOverAllSources(t *testing.T) {
	e := newEngine(t)
	caller, agent := newPhone(t, PCMA), newPhone(t, PCMU)
	a, b := caller.call(e, nil), agent.call(e, nil)
	var all []*rtp.Packet
	hear := func(n int, hz float64) {
		t.Helper()
		heard := caller.hearN(n)
		all = append(all, heard...)
		require.Greater(t, Detect(pcm(PCMA, heard), hz), 0.9)
		require.True(t, heard[0].Marker)
	}

	ringing := a.Play(true, Ringback("cn"))
	hear(5, 450)
	ringing.Stop()
	all = append(all, caller.waiting()...)

	await(t, a.Play(false, Tone(1000, 100*time.Millisecond)).Done())
	hear(5, 1000)

	join(t, a, b)
	agent.say(Tone(700, 100*time.Millisecond))
	hear(5, 700)

	music := a.Play(true, Tone(300, time.Second))
	hear(5, 300)
	agent.say(Tone(700, 100*time.Millisecond))
	require.Eventually(t, func() bool { return b.Stats().PacketsIn == 10 }, patience, time.Millisecond)
	music.Stop()
	onHold := caller.waiting()
	if len(onHold) > 0 {
		require.Greater(t, Detect(pcm(PCMA, onHold), 300), 0.9, "the agent is not heard while music plays")
	}
	all = append(all, onHold...)

	agent.say(Tone(700, 100*time.Millisecond))
	hear(5, 700)

	a.SendDigit('7')
	all = append(all, caller.hearN(8)...)
	agent.say(Tone(1300, 100*time.Millisecond))
	hear(5, 1300)

	requireUnbroken(t, all)
}

// waiting takes the packets that have come already.
func (f *phone) waiting() []*rtp.Packet {
	var packets []*rtp.Packet
	for {
		pkt, ok := f.listen(tick / 4)
		if !ok {
			return packets
		}
		packets = append(packets, pkt)
	}
}

func TestTheClockFollowsTheWall(t *testing.T) {
	start := time.Now()
	after := func(d time.Duration) time.Time { return start.Add(d) }
	one, two := stream{number: 1}, stream{number: 2}
	first := uint32(0xFFFFFFF0) // wraps soon
	c := clock{seq: 65535, end: first}

	require.Equal(t, first, c.now(start), "nothing was sent: any timestamp will do")
	c.sent(one, c.seq, first, frame, start)
	require.Zero(t, c.seq)
	require.True(t, c.follows(one, after(tick)))
	require.False(t, c.follows(two, after(tick)))
	require.False(t, c.follows(one, after(2*tick)))

	require.Equal(t, first+frame, c.now(start), "at least a frame")
	require.Equal(t, first+frame, c.now(after(tick)))
	require.Equal(t, first+SampleRate, c.now(after(time.Second)), "as much as the wall says")

	second := first + SampleRate
	c.sent(two, 1, second, frame, after(time.Second)) // 0 is late
	c.sent(two, 0, second-frame, frame, after(time.Second+time.Millisecond))
	require.EqualValues(t, 2, c.seq)
	require.Equal(t, second+frame, c.now(after(time.Second+tick)))
}

func TestTheGridIsAbsolute(t *testing.T) {
	grid := time.Now()
	for _, c := range [][2]time.Duration{{0, tick}, {1, tick}, {tick - 1, tick}, {tick, 2 * tick}, {time.Hour + 1, time.Hour + tick}} {
		require.Equal(t, grid.Add(c[1]), nextTick(grid, grid.Add(c[0])))
	}
}
