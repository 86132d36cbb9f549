package jitter_test

import (
	"testing"
	"time"
	"unsafe"

	"threering/media/jitter"

	"github.com/stretchr/testify/require"
)

func TestASteadyStreamIsHeardWhole(t *testing.T) {
	for _, size := range []int{80, 160, 240, 320, 480, 960} {
		s := &sender{seq: 65000, stamp: 1<<32 - 4000}
		for s.said < 48000 {
			s.say(size, 30*ms)
		}
		e := listen(t, s)
		stats := e.buffer.Stats()
		require.EqualValues(t, 48000/frame, stats.Played, "packets of %d bytes", size)
		require.Zero(t, stats.Lost)
		require.Zero(t, stats.Late)
		require.Zero(t, stats.Added)
		first := s.letters[0].arrives
		for _, h := range e.heard {
			if h.state == jitter.Played {
				require.LessOrEqual(t, h.at-first-time.Duration(h.text)*125*time.Microsecond, 50*ms)
				require.GreaterOrEqual(t, h.at-first-time.Duration(h.text)*125*time.Microsecond, 20*ms)
			}
		}
	}
}

func TestOrderIsRestored(t *testing.T) {
	s := &sender{}
	for i := range 200 {
		s.say(160, time.Duration(i%3)*30*ms)
		if i%7 == 0 {
			s.letters = append(s.letters, s.letters[len(s.letters)-1])
		}
	}
	e := listen(t, s)
	stats := e.buffer.Stats()
	require.EqualValues(t, 29, stats.Duplicate)
	require.LessOrEqual(t, stats.Late, uint64(2), "until it is known how they jitter")
	require.EqualValues(t, 200, stats.Played+stats.Late)
}

func TestALostPacketIsOneLostFrame(t *testing.T) {
	s := &sender{}
	for i := range 500 {
		if i%10 == 9 {
			s.lose(160)
		} else {
			s.say(160, 0)
		}
	}
	e := listen(t, s)
	stats := e.buffer.Stats()
	require.EqualValues(t, 450, stats.Played)
	require.EqualValues(t, 49, stats.Lost, "the last may have been the end")
	require.Zero(t, stats.Added)
}

func TestAPauseIsSilenceOfItsLength(t *testing.T) {
	s := &sender{}
	for range 5 {
		for range 50 {
			s.say(160, 0)
		}
		s.pause(8000 + 40) // 1.005 s, no multiple of a frame
	}
	for range 50 {
		s.say(160, 0)
	}
	e := listen(t, s)
	stats := e.buffer.Stats()
	require.EqualValues(t, 300, stats.Played)
	require.Zero(t, stats.Lost)
	require.Zero(t, stats.Added)
	gap := 0
	for i, h := range e.heard[1:] {
		switch before := e.heard[i]; {
		case h.state != jitter.Played:
			gap++
		case before.state == jitter.Played:
		case h.text > 0:
			require.InDelta(t, 50, gap, 1.5)
			gap = 0
		default:
			gap = 0
		}
	}
	require.LessOrEqual(t, e.longest(), 45*ms, "the odd length does not add up")
	require.LessOrEqual(t, e.count(jitter.Lost, 0), 6*3, "what is unknown is concealed for 60 ms at most")
}

func TestAPauseKnownOfIsNotConcealed(t *testing.T) {
	s := &sender{}
	s.say(160, 0)
	s.say(160, 0)
	s.pause(240)
	s.now -= 40 * ms // the next packet comes at once
	s.say(160, 0)
	e := listen(t, s)
	require.Zero(t, e.buffer.Stats().Lost)
	require.EqualValues(t, 3, e.buffer.Stats().Played)
}

func TestKeysAreNoLoss(t *testing.T) {
	s := &sender{}
	for i := range 100 {
		if i/10%3 == 1 { // a key is held
			s.say(160, 0)
			s.said -= 160
			l := &s.letters[len(s.letters)-1]
			l.packet.Payload, l.packet.Timestamp = nil, 12345
			continue
		}
		s.say(160, 0)
	}
	e := listen(t, s)
	require.Zero(t, e.buffer.Stats().Lost)
	require.EqualValues(t, s.said/frame, e.buffer.Stats().Played)
	require.LessOrEqual(t, e.count(jitter.Lost, 0), 3, "a key is silence at once; only the end is unknown")
}

func TestTheDelayGrowsAtOnceAndShrinksSlowly(t *testing.T) {
	for _, quiet := range []bool{false, true} {
		s := &sender{}
		say := func(packets int, jitter time.Duration) {
			for i := range packets {
				s.say(160, time.Duration(i%5)*jitter/4)
			}
		}
		say(250, 0)
		say(250, 100*ms)
		say(1000, 0)
		e := &ear{quiet: quiet}
		e.hear(t, s.letters, s.now)
		e.inOrder(t)
		delay := func(at time.Duration) time.Duration { return e.heard[at/(20*ms)].delay }
		require.LessOrEqual(t, delay(5*time.Second), 40*ms)
		require.Greater(t, delay(5400*ms), 100*ms, "within 0.4 s of the first late packet")
		require.LessOrEqual(t, delay(9*time.Second), 145*ms)
		require.Greater(t, delay(12*time.Second), 100*ms)
		if quiet {
			require.LessOrEqual(t, delay(18*time.Second), 55*ms)
		} else {
			require.Greater(t, delay(18*time.Second), 70*ms)
		}
		require.LessOrEqual(t, delay(29*time.Second), 55*ms)
		stats := e.buffer.Stats()
		require.LessOrEqual(t, stats.Late, uint64(4))
		require.Positive(t, stats.Added)
		require.Positive(t, stats.LeftOut)
		require.EqualValues(t, e.cuts, stats.LeftOut, "the owner is told where audio is left out")
	}
}

func TestDrift(t *testing.T) {
	for _, drift := range []float64{-200e-6, 200e-6} {
		const hours = 2
		s, e := &sender{drift: drift}, &ear{}
		for range hours * 60 {
			s.letters = s.letters[:0]
			for i := range 1000 { // of 60 ms
				s.say(480, time.Duration(i%4)*5*ms)
			}
			e.hear(t, s.letters, s.now)
			require.LessOrEqual(t, e.longest(), 60*ms)
			e.inOrder(t)
			e.heard = e.heard[:0]
		}
		stats := e.buffer.Stats()
		slipped := float64(stats.Added+stats.LeftOut) * 0.020
		require.InDelta(t, hours*3600*200e-6, slipped, 0.1, "one frame every 100 s, no more")
		require.Zero(t, stats.Dropped)
		require.Zero(t, stats.Late)
	}
}

func TestAnotherStreamFollowsThePresentOne(t *testing.T) {
	s := &sender{}
	for stream := range uint32(5) {
		s.stream, s.seq, s.stamp = stream, uint64(stream*77777), stream*1234567890
		for range 100 {
			s.say(160, 10*ms)
		}
	}
	e := listen(t, s)
	require.EqualValues(t, 500, e.buffer.Stats().Played)
	require.Zero(t, e.buffer.Stats().Lost)
}

func TestATimestampOfAnotherClock(t *testing.T) {
	for _, leap := range []int32{-1 << 30, -8000, 4000, 16000, 1 << 30} {
		s := &sender{}
		for range 5 {
			for range 100 {
				s.say(160, 10*ms)
			}
			s.stamp += uint32(leap)
		}
		e := listen(t, s)
		require.GreaterOrEqual(t, e.buffer.Stats().Played, uint64(490), "leaps of %d", leap)
		require.LessOrEqual(t, e.buffer.Stats().Delay, 200*ms)
	}
}

func TestALongerWay(t *testing.T) {
	for _, longer := range []time.Duration{60 * ms, 100 * ms, 300 * ms, 500 * ms, 900 * ms, 1500 * ms} {
		s := &sender{}
		for range 100 {
			s.say(160, 10*ms)
		}
		for range 300 {
			s.say(160, 10*ms+longer)
		}
		e := listen(t, s)
		require.GreaterOrEqual(t, e.buffer.Stats().Played, uint64(385), "longer by %v", longer)
		// One frame is added when the shorter way is forgotten; and nobody knows that it ends.
		require.LessOrEqual(t, e.count(jitter.Lost, 5*time.Second), 4, "longer by %v: %+v", longer, e.buffer.Stats())
	}
}

func TestAnotherCodec(t *testing.T) {
	b, p := &jitter.Buffer{}, jitter.Packet{Payload: make([]byte, 160)}
	var heard []uint8
	for i := range 20 {
		p.Codec = uint8(i / 10)
		b.Put(start.Add(time.Duration(i)*20*ms), p)
		p.Seq++
		p.Timestamp += 160
		if f := b.Next(start.Add(time.Duration(i) * 20 * ms)); f.State == jitter.Played {
			heard = append(heard, f.Codec)
		}
	}
	require.Equal(t, []uint8{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1}, heard)
}

func TestAFrameOfTwoCodecsIsLost(t *testing.T) {
	b, p := &jitter.Buffer{}, jitter.Packet{Payload: make([]byte, 80)}
	for i := range 8 {
		p.Codec = uint8(i / 3)
		b.Put(start.Add(time.Duration(i)*ms), p)
		p.Seq++
		p.Timestamp += 80
	}
	var states []jitter.State
	for i := range 5 {
		states = append(states, b.Next(start.Add(time.Duration(1+i)*20*ms)).State)
	}
	played, lost := jitter.Played, jitter.Lost
	require.Equal(t, []jitter.State{played, lost, played, played, lost}, states)
}

func TestAStallIsCutShort(t *testing.T) {
	s := &sender{}
	for i := range 500 {
		s.say(160, 0)
		if 200 <= i && i < 300 { // 2 s in which nothing comes, then all at once
			s.letters[i].arrives = 301 * 20 * ms
		}
	}
	e := listen(t, s)
	require.LessOrEqual(t, e.longest(), 200*ms)
	require.GreaterOrEqual(t, e.buffer.Stats().Played, uint64(390))
}

func TestTheEndIsSilence(t *testing.T) {
	s := &sender{}
	s.pause(1600)
	s.say(160, 0)
	e := listen(t, s)
	require.Equal(t, jitter.Silent, e.heard[0].state)
	require.EqualValues(t, 3, e.count(jitter.Lost, 0), "it is not known to be the end")
	require.Equal(t, jitter.Silent, e.heard[len(e.heard)-1].state)
	require.Zero(t, e.buffer.Stats().Lost)
}

func TestANapOfTheOwner(t *testing.T) {
	s := &sender{}
	for range 500 {
		s.say(160, 0)
	}
	e := &ear{}
	e.hear(t, s.letters[:200], 4*time.Second)
	e.now = 6 * time.Second
	for _, l := range s.letters[200:300] {
		e.buffer.Put(start.Add(l.arrives), l.packet)
	}
	e.hear(t, s.letters[300:], 10*time.Second)
	e.inOrder(t)
	require.LessOrEqual(t, e.buffer.Stats().Delay, 50*ms)
	require.GreaterOrEqual(t, e.buffer.Stats().Played, uint64(390))
	require.Positive(t, e.buffer.Stats().Dropped)
}

func TestBounds(t *testing.T) {
	s := &sender{}
	for i := range 500 {
		s.say(160, time.Duration(i*7%20)*20*ms) // 400 ms of jitter
	}
	e := &ear{buffer: jitter.Buffer{Min: 60 * ms, Max: 120 * ms}}
	e.hear(t, s.letters, s.now)
	e.inOrder(t)
	for _, h := range e.heard[50:] {
		require.LessOrEqual(t, h.delay, 120*ms)
		require.GreaterOrEqual(t, h.delay, 60*ms)
	}
	require.Greater(t, e.buffer.Stats().Played, uint64(100), "what comes in time is heard")
	require.Positive(t, e.buffer.Stats().Late)
}

func TestTooLarge(t *testing.T) {
	var b jitter.Buffer
	b.Put(start, jitter.Packet{Payload: make([]byte, 1501)})
	require.EqualValues(t, 1, b.Stats().Dropped)
	require.Equal(t, jitter.Silent, b.Next(start.Add(time.Second)).State)
}

func TestSize(t *testing.T) {
	require.LessOrEqual(t, unsafe.Sizeof(jitter.Buffer{}), uintptr(8192))
	t.Log(unsafe.Sizeof(jitter.Buffer{}))
}

func TestNothingIsAllocated(t *testing.T) {
	b, p := &jitter.Buffer{}, jitter.Packet{Payload: make([]byte, 160)}
	now := start
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		b.Put(now, p)
		b.Next(now)
		p.Seq++
		p.Timestamp += 160
		now = now.Add(20 * ms)
	}))
}

func BenchmarkPutNext(b *testing.B) {
	buffer, p := &jitter.Buffer{}, jitter.Packet{Payload: make([]byte, 160)}
	now := start
	b.ReportAllocs()
	for b.Loop() {
		buffer.Put(now, p)
		buffer.Next(now)
		p.Seq++
		p.Timestamp += 160
		now = now.Add(20 * ms)
	}
}
