package recording

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"threering/media"
)

// simulate runs a talk in a bubble where time is what the packets say, and
// gives back its two sides.
func simulate(t *testing.T, talk func(c *Capture, start time.Time)) (left, right []int16, rec Recording) {
	h := newHouse(t)
	synctest.Test(t, func(t *testing.T) {
		c := h.start(t, Meta{Call: "call"})
		talk(c, time.Now())
		var err error
		rec, err = c.Stop()
		require.NoError(t, err)
	})
	wav, again := h.wav(t, rec.ID)
	require.Equal(t, rec, again)
	require.Equal(t, StateComplete, rec.State)
	require.Empty(t, h.alarms.all())
	left, right = decode(t, wav)
	require.Equal(t, rec.Duration, length(int64(len(left))))
	return left, right, rec
}

func TestEachSideInItsChannel(t *testing.T) {
	left, right, rec := simulate(t, func(c *Capture, start time.Time) {
		caller := &phone{codec: media.PCMA, tone: steady(440), seq: 65500, stamp: 1<<32 - 5000}
		agent := &phone{codec: media.PCMU, tone: steady(1000), seq: 7}
		play(start, caller.talk(c.Left(), 0, 5*time.Second), agent.talk(c.Right(), 100*ms, 5*time.Second))
		time.Sleep(time.Until(start.Add(5 * time.Second)))
	})
	require.Equal(t, 5*time.Second, rec.Duration)
	hears(t, left, 440, 0, 5*time.Second)
	hears(t, right, 0, 0, 100*ms)
	hears(t, right, 1000, 100*ms, 5*time.Second)
	require.Zero(t, rec.Dropped+rec.Late)
}

func TestSidesAreEquallyLong(t *testing.T) {
	left, right, _ := simulate(t, func(c *Capture, start time.Time) {
		caller := &phone{tone: steady(440)}
		play(start, caller.talk(c.Left(), time.Second, 2*time.Second))
		time.Sleep(5*time.Second + 333*ms) // both on hold until the end
	})
	require.Len(t, left, int(samples(7*time.Second+313*ms)))
	require.Len(t, right, len(left))
	hears(t, left, 0, 0, time.Second)
	hears(t, left, 440, time.Second, 2*time.Second)
	hears(t, left, 0, 2*time.Second, 7*time.Second)
}

func TestLossReorderAndDuplicates(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	left, right, rec := simulate(t, func(c *Capture, start time.Time) {
		caller, agent := &phone{tone: steady(440)}, &phone{tone: steady(1000)}
		var bad []packet
		for i, p := range caller.talk(c.Left(), 0, 10*time.Second) {
			if 100 <= i && i < 150 { // the third second is lost
				continue
			}
			p.at += time.Duration(random.IntN(180)) * ms
			bad = append(bad, p)
			if i%5 == 0 {
				p.at += time.Duration(random.IntN(400)) * ms
				bad = append(bad, p)
			}
		}
		play(start, bad, agent.talk(c.Right(), 0, 10*time.Second))
	})
	from := onset(left, 0)
	require.Less(t, from, 180*ms)
	hears(t, left, 440, from, from+1900*ms)
	hears(t, left, 0, 2180*ms, 2900*ms)
	hears(t, left, 440, 3180*ms, 9900*ms)
	hears(t, right, 1000, 0, 10*time.Second)
	require.Zero(t, rec.Dropped+rec.Late)
}

func TestLatePacketsAreCounted(t *testing.T) {
	left, _, rec := simulate(t, func(c *Capture, start time.Time) {
		packets := (&phone{tone: steady(440)}).talk(c.Left(), 0, 10*time.Second)
		packets[100].at += 3 * time.Second
		play(start, packets)
	})
	require.EqualValues(t, 1, rec.Late)
	hears(t, left, 0, 2000*ms, 2020*ms)
	hears(t, left, 440, 2020*ms, 9900*ms)
}

func TestSilenceHoldAndNewSender(t *testing.T) {
	left, right, rec := simulate(t, func(c *Capture, start time.Time) {
		caller := &phone{tone: steady(440), stamp: 99}
		speech := caller.talk(c.Left(), 0, 20*time.Second)
		quiet := append(speech[:100:100], speech[300:500]...) // silence suppressed from 2 s to 6 s
		stopped := caller.talk(c.Left(), 15*time.Second, 20*time.Second)
		for i := range stopped { // hold from 10 s to 15 s stopped the stamps
			stopped[i].stamp -= 10 * 50 * 160
			stopped[i].seq -= 500
		}
		other := &phone{codec: media.PCMA, tone: steady(700), seq: 31000, stamp: 1 << 30}
		agent := &phone{tone: steady(1000)}
		play(start, quiet, stopped, other.talk(c.Left(), 20*time.Second, 25*time.Second), agent.talk(c.Right(), 0, 25*time.Second))
	})
	hears(t, left, 440, 0, 2*time.Second)
	hears(t, left, 0, 2*time.Second, 6*time.Second)
	hears(t, left, 440, 6*time.Second, 10*time.Second)
	hears(t, left, 0, 10*time.Second, 15*time.Second)
	hears(t, left, 440, 15*time.Second, 20*time.Second)
	hears(t, left, 700, 20*time.Second, 25*time.Second)
	hears(t, right, 1000, 0, 25*time.Second)
	require.Zero(t, rec.Dropped+rec.Late)
}

// An hour in which the phones' clocks drift 0.7 s apart: what was said at one
// time is still heard at one time.
func TestSidesStayTogetherForAnHour(t *testing.T) {
	if testing.Short() {
		t.Skip("an hour's file")
	}
	chirp := func(at time.Duration) float64 {
		if at%(5*time.Minute) < 300*ms {
			return 400
		}
		return 0
	}
	left, right, rec := simulate(t, func(c *Capture, start time.Time) {
		caller, agent := &phone{tone: chirp, ppm: 100}, &phone{tone: chirp, ppm: -100}
		for until := time.Minute; until <= time.Hour; until += time.Minute {
			play(start, caller.goOn(c.Left(), until), agent.goOn(c.Right(), until))
		}
	})
	require.InDelta(t, time.Hour, rec.Duration, float64(50*ms))
	for at := time.Duration(0); at < time.Hour; at += 5 * time.Minute {
		l, r := onset(left, max(0, at-time.Second)), onset(right, max(0, at-time.Second))
		require.InDelta(t, at, l, float64(10*ms))
		require.InDelta(t, at, r, float64(10*ms))
		hears(t, left, 400, l, l+280*ms)
		hears(t, right, 400, r, r+280*ms)
	}
}

// A sample left out or said twice must not be heard as a click.
func TestFollowingAClockDoesNotClick(t *testing.T) {
	for _, ppm := range []float64{400, -400} {
		left, _, _ := simulate(t, func(c *Capture, start time.Time) {
			play(start, (&phone{tone: steady(440), ppm: ppm}).talk(c.Left(), 0, time.Minute))
		})
		steps := make([]int16, 0, len(left))
		for i := 1; i < len(left)-200; i++ {
			steps = append(steps, left[i]-left[i-1])
		}
		// 8000·2π·440/8000 from one sample to the next, twice that where one is left out.
		require.LessOrEqual(t, loudest(steps), 6000, "%v ppm", ppm)
	}
}

func TestLongAndShortPackets(t *testing.T) {
	left, right, _ := simulate(t, func(c *Capture, start time.Time) {
		repack := func(packets []packet, n int) (repacked []packet) { // n packets in one
			for i := 0; i+n <= len(packets); i += n {
				p := packets[i]
				p.seq = uint16(i / n)
				p.payload = nil
				for _, q := range packets[i : i+n] {
					p.payload = append(p.payload, q.payload...)
				}
				repacked = append(repacked, p, p)
			}
			return repacked
		}
		var halves []packet
		for i, p := range (&phone{tone: steady(1000)}).talk(c.Right(), 0, 6*time.Second) {
			half := p
			p.payload, half.payload = p.payload[:80], p.payload[80:]
			p.seq, half.seq = uint16(2*i), uint16(2*i+1)
			half.at += 10 * ms
			half.stamp += 80
			halves = append(halves, p, half)
		}
		play(start, repack((&phone{tone: steady(440)}).talk(c.Left(), 0, 6*time.Second), 3), halves)
	})
	hears(t, left, 440, 0, 6*time.Second)
	hears(t, right, 1000, 0, 5900*ms)
}

func TestTalkThatBeganBefore(t *testing.T) {
	h := newHouse(t)
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		time.Sleep(700 * ms)
		c := h.start(t, Meta{Call: "call", At: began.UTC().Round(0)})
		play(began, (&phone{tone: steady(440)}).talk(c.Left(), 700*ms, 2*time.Second))
		rec, err := c.Stop()
		require.NoError(t, err)
		require.Equal(t, began.UTC().Truncate(ms), rec.StartedAt)
		wav, _ := h.wav(t, rec.ID)
		left, _ := decode(t, wav)
		hears(t, left, 0, 0, 700*ms)
		hears(t, left, 440, 700*ms, 2*time.Second)
	})
}

// While a talk goes on its audio is there to within the last beat.
func TestAudioWhileRecording(t *testing.T) {
	h := newHouse(t)
	synctest.Test(t, func(t *testing.T) {
		c := h.start(t, Meta{Call: "call"})
		caller := &phone{tone: steady(440)}
		start := time.Now()
		for at := time.Duration(0); at < 5*time.Second; at += 700 * ms {
			play(start, caller.talk(c.Left(), at, at+700*ms))
			synctest.Wait()
			wav, rec := h.wav(t, c.ID())
			require.Equal(t, StateRecording, rec.State)
			require.Zero(t, rec.EndedAt)
			left, _ := decode(t, wav)
			require.GreaterOrEqual(t, length(int64(len(left))), time.Since(start)-beat)
			hears(t, left, 440, 0, length(int64(len(left))))
			onDisk, err := os.ReadFile(filepath.Join(h.dir, c.rec.file))
			require.NoError(t, err)
			again, _ := decode(t, onDisk)
			require.Equal(t, left, again, "the file itself plays too")
		}
		_, err := c.Stop()
		require.NoError(t, err)
	})
}

func TestManyTalksAtOnce(t *testing.T) {
	h := newHouse(t)
	var talks sync.WaitGroup
	for i := range 8 {
		talks.Go(func() {
			c, err := h.Start(Meta{Call: "call", Talk: i})
			if err != nil {
				t.Error(err)
				return
			}
			var sides sync.WaitGroup
			start := time.Now()
			for _, tap := range []media.Tap{c.Left(), c.Right()} {
				sides.Go(func() {
					for n, p := range (&phone{tone: steady(440)}).talk(tap, 0, 2*time.Second) {
						p.to.Packet(start.Add(p.at), p.codec, p.seq, p.stamp, p.payload)
						if n%50 == 0 {
							h.List(t.Context(), "call")
						}
					}
				})
			}
			sides.Wait()
			rec, err := c.Stop()
			if err != nil || rec.Dropped > 0 || rec.Duration.Round(time.Second) != 2*time.Second {
				t.Errorf("%+v: %v", rec, err)
			}
		})
	}
	talks.Wait()
	recs, err := h.List(t.Context(), "call")
	require.NoError(t, err)
	require.Len(t, recs, 8)
}
