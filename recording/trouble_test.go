package recording

import (
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"threering/media"
)

// slow is a file that takes its time.
type slow struct {
	file
	gate chan struct{}
}

func (s slow) WriteAt(p []byte, off int64) (int, error) {
	<-s.gate
	return s.file.WriteAt(p, off)
}

func TestSlowDiskNeverHoldsUpThePackets(t *testing.T) {
	h := newHouse(t)
	gate := make(chan struct{}, 2)
	create := h.create
	h.create = func(name string) (file, error) {
		f, err := create(name)
		return slow{f, gate}, err
	}
	gate <- struct{}{} // for the two writes
	gate <- struct{}{} // of the first header
	c := h.start(t, Meta{Call: "call"})
	packets := (&phone{tone: steady(440)}).talk(c.Left(), 0, 20*time.Second)
	for _, p := range packets { // all at once; a Packet that waited would wait for ever
		p.to.Packet(time.Now(), p.codec, p.seq, p.stamp, p.payload)
	}
	close(gate)
	rec, err := c.Stop()
	require.NoError(t, err)
	require.GreaterOrEqual(t, rec.Dropped, int64(len(packets)-2*backlog))
	require.Equal(t, StateComplete, rec.State)
	c.Left().Packet(time.Now(), media.PCMU, 1, 1, []byte{1}) // after the end: ignored
}

// All that waits when a slow disk is back finds its place, on both sides: here
// ten seconds of a fifth of the packets.
func TestBacklogOfBothSides(t *testing.T) {
	m := &memory{}
	c := newCapture(newHouse(t).Archive, Recording{}, time.Now()) // its goroutine never ran
	c.tape = newTape(m)
	for _, tap := range []media.Tap{c.Left(), c.Right()} {
		for i, p := range (&phone{tone: steady(440)}).talk(tap, 0, 10*time.Second) {
			if i%5 == 0 {
				p.to.Packet(c.origin.Add(p.at), p.codec, p.seq, p.stamp, p.payload)
			}
		}
	}
	c.record(c.origin.Add(10 * time.Second))
	left, right := decode(t, m.data)
	for at := time.Duration(0); at < 10*time.Second; at += 100 * ms {
		require.Greater(t, loudest(cut(left, at, at+20*ms)), 7000, at)
		require.Greater(t, loudest(cut(right, at, at+20*ms)), 7000, at)
		require.Less(t, loudest(cut(left, at+20*ms, at+100*ms)), 16, at)
	}
}

func TestDiskFull(t *testing.T) {
	h := newHouse(t)
	full := &memory{limit: fileSize(4000)}
	create := h.create
	synctest.Test(t, func(t *testing.T) {
		before := h.start(t, Meta{Call: "before"})
		h.create = func(string) (file, error) { return full, nil }
		c := h.start(t, Meta{Call: "full"})
		h.create = func(string) (file, error) { return nil, errFull }
		_, err := h.start(t, Meta{Call: "fuller"}).Stop()
		require.ErrorIs(t, err, syscall.ENOSPC)
		require.Len(t, h.alarms.all(), 1)

		start := time.Now()
		play(start, (&phone{tone: steady(440)}).talk(c.Left(), 0, 10*time.Second),
			(&phone{tone: steady(1000)}).talk(before.Left(), 0, 10*time.Second))
		synctest.Wait()
		require.Len(t, h.alarms.all(), 2, "once a recording")
		require.ErrorIs(t, h.alarms.all()[1], syscall.ENOSPC)
		rec, err := c.Stop()
		require.ErrorIs(t, err, syscall.ENOSPC)
		require.Equal(t, StateFailed, rec.State)
		require.NotEmpty(t, rec.Error)
		require.Equal(t, 500*ms, rec.Duration)
		left, _ := decode(t, full.data)
		hears(t, left, 440, 0, 500*ms)

		rec, err = before.Stop()
		require.NoError(t, err)
		require.Equal(t, StateComplete, rec.State)
		h.create = create
		_, err = h.start(t, Meta{Call: "after"}).Stop()
		require.NoError(t, err)
		require.Len(t, h.alarms.all(), 3)
		require.NoError(t, h.alarms.all()[2], "all is well again")
	})
	for call, state := range map[string]string{"before": StateComplete, "full": StateFailed, "fuller": StateFailed, "after": StateComplete} {
		recs, err := h.List(t.Context(), call)
		require.NoError(t, err)
		require.Len(t, recs, 1)
		require.Equal(t, state, recs[0].State, call)
	}
}
