package recording

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// feed places packets of 20 ms that arrive when they are sent.
func feed(t *testing.T, line *timeline, from int64, seq uint16, stamp uint32, n int) int64 {
	t.Helper()
	for i := range n {
		pos, v := line.place(from+int64(i)*160, seq+uint16(i), stamp+uint32(i)*160)
		require.Equal(t, placed, v)
		require.Equal(t, from+int64(i)*160, pos)
	}
	return from + int64(n)*160
}

func TestTimelineWraps(t *testing.T) {
	var line timeline
	feed(t, &line, 4000, math.MaxUint16-20, math.MaxUint32-20*160, 1000)
}

func TestTimelineOutlivesTheTimestamp(t *testing.T) {
	var line timeline
	for i := range int64(100) { // 100 hours, a packet an hour
		pos, v := line.place(i*3600*8000, uint16(i), uint32(i*3600*8000))
		require.Equal(t, placed, v)
		require.Equal(t, i*3600*8000, pos)
	}
}

func TestTimelineReorder(t *testing.T) {
	var line timeline
	now := feed(t, &line, 0, 100, 5000, 50)
	// Packet 150 comes nine packets late, and again.
	for i := 1; i < 10; i++ {
		_, v := line.place(now+int64(i)*160, 150+uint16(i), 5000+(50+uint32(i))*160)
		require.Equal(t, placed, v)
	}
	pos, v := line.place(now+10*160, 150, 5000+50*160)
	require.Equal(t, placed, v)
	require.Equal(t, now, pos)
	_, v = line.place(now+10*160, 150, 5000+50*160)
	require.Equal(t, duplicate, v)
	_, v = line.place(now+10*160, 155, 5000+55*160)
	require.Equal(t, duplicate, v)
}

func TestTimelineLate(t *testing.T) {
	var line timeline
	now := feed(t, &line, 0, 100, 5000, 500)
	_, v := line.place(now, 300, 5000+200*160) // 6 s old
	require.Equal(t, late, v)
	feed(t, &line, now, 600, 5000+500*160, 100)
}

func TestTimelineAnchorsAnew(t *testing.T) {
	for name, next := range map[string]struct {
		seq   uint16
		stamp uint32
	}{
		"new sender":                {seq: 50000, stamp: 0xABCDEF01},
		"new sender, lower numbers": {seq: 550, stamp: 17},
		"hold stopped the stamps":   {seq: 600, stamp: 5000 + 500*160},
	} {
		t.Run(name, func(t *testing.T) {
			var line timeline
			now := feed(t, &line, 0, 100, 5000, 500)
			feed(t, &line, now+30*8000, next.seq, next.stamp, 500)
		})
	}
}

func TestTimelineHoldLeavesNoTrace(t *testing.T) {
	var line timeline
	now := feed(t, &line, 0, 100, 5000, 500)
	feed(t, &line, now+30*8000, 600, 5000+500*160+30*8000, 500) // the stamps went on
}

// A pause too short to be a jump, over which the stamps stood still, is found
// out when a second of packets has come. One of them that comes later than that
// is put beside those it was sent with.
func TestTimelineShortPause(t *testing.T) {
	for _, pause := range []int64{400 * millisecond, 1000 * millisecond} {
		var line timeline
		now := feed(t, &line, 0, 100, 5000, 520) + pause
		for i := range int64(100) {
			if i == 45 {
				continue
			}
			pos, _ := line.place(now+i*160, 620+uint16(i), 5000+uint32(520+i)*160)
			if i > 50 {
				require.Equal(t, now+i*160, pos)
			} else {
				require.Equal(t, now+i*160-pause, pos)
			}
			if i == 55 {
				pos, _ = line.place(now+i*160, 620+45, 5000+(520+45)*160)
				require.Equal(t, now+45*160-pause, pos)
			}
		}
	}
}

// After a stall the network delivers at once what it had held up; all of it
// keeps its place.
func TestTimelineStall(t *testing.T) {
	var line timeline
	now := feed(t, &line, 0, 100, 5000, 500)
	for i := range int64(75) {
		pos, v := line.place(now+75*160, 600+uint16(i), 5000+uint32(500+i)*160)
		require.Equal(t, placed, v)
		require.Equal(t, now+i*160, pos)
	}
	feed(t, &line, now+75*160, 675, 5000+575*160, 500)
}

// Whatever the network does within bounds and however wrong the sender's clock
// is: each packet ends up where it was spoken, give or take the delay's spread.
func TestTimelineFollowsAnyClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ppm := rapid.Float64Range(-500, 500).Draw(t, "ppm")
		spread := rapid.Int64Range(0, 60*millisecond).Draw(t, "spread")
		seq := rapid.Uint16().Draw(t, "seq")
		stamp := rapid.Uint32().Draw(t, "stamp")
		delays := rapid.SliceOfN(rapid.Int64Range(0, spread), 50, 50).Draw(t, "delays")
		lossy := rapid.SliceOfN(rapid.Bool(), 7, 7).Draw(t, "lost")

		var line timeline
		for i := range int64(30 * 600) { // 6 minutes
			if lossy[i%7] && i%3 == 0 {
				continue
			}
			spoken := int64(float64(i*160) * (1 + ppm/1e6))
			pos, v := line.place(spoken+delays[i%50], seq+uint16(i), stamp+uint32(i*160))
			if v != placed {
				t.Fatalf("packet %d: %d", i, v)
			}
			if off := pos - spoken; off < -5*millisecond || off > spread+5*millisecond {
				t.Fatalf("packet %d is %d samples off", i, off)
			}
		}
	})
}
