package rtcp_test

import (
	"math/rand/v2"
	"testing"
	"time"

	pion "github.com/pion/rtcp"
	"github.com/stretchr/testify/require"

	"threering/media/rtcp"
)

// A parsed is what another implementation makes of a compound packet.
type parsed struct {
	sender *pion.SenderReport
	ssrc   uint32
	blocks []pion.ReceptionReport
	cname  string
	bye    []uint32
}

func parse(t testing.TB, datagram []byte) (of parsed) {
	t.Helper()
	packets, err := pion.Unmarshal(datagram)
	require.NoError(t, err)
	require.NoError(t, pion.CompoundPacket(packets).Validate())
	again, err := pion.Marshal(packets)
	require.NoError(t, err)
	require.Equal(t, again, datagram)
	for _, p := range packets {
		switch p := p.(type) {
		case *pion.SenderReport:
			of.sender, of.ssrc, of.blocks = p, p.SSRC, p.Reports
		case *pion.ReceiverReport:
			of.ssrc, of.blocks = p.SSRC, p.Reports
		case *pion.SourceDescription:
			require.Equal(t, of.ssrc, p.Chunks[0].Source)
			of.cname = p.Chunks[0].Items[0].Text
		case *pion.Goodbye:
			of.bye = p.Sources
		}
	}
	return of
}

func TestAReceiverReportByteForByte(t *testing.T) {
	r := rtcp.NewReporter(us, "a.b")
	_, err := r.Read(datagram(t, senderReport), noon)
	require.NoError(t, err)
	got := r.Write(nil, noon.Add(1500*time.Millisecond), rtcp.Sent{}, rtcp.Received{
		SSRC: them, Highest: 0x10009, Expected: 8, Packets: 6, Jitter: 12.9,
	})
	require.Equal(t, datagram(t, `
		81 C9 00 07 11223344
		AABBCCDD 40 000002 00010009 0000000C BEEF8000 00018000
		81 CA 00 03 11223344 01 03 612E62 000000
	`), got)
}

func TestSenderReportsWhileWeSend(t *testing.T) {
	r := rtcp.NewReporter(us, "us")
	report := func(after time.Duration, packets uint64) parsed {
		return parse(t, r.Write(nil, noon.Add(after), rtcp.Sent{Packets: packets, Octets: 160 * packets, Timestamp: 7}, rtcp.Received{}))
	}
	require.Nil(t, report(0, 0).sender, "nothing was sent yet")
	of := report(2500*time.Millisecond, 125)
	require.Equal(t, &pion.SenderReport{
		SSRC: us, NTPTime: 0xE8D7D4C2_80000000, RTPTime: 7, PacketCount: 125, OctetCount: 20000,
	}, of.sender)
	require.Empty(t, of.blocks)
	require.Equal(t, "us", of.cname)
	require.NotNil(t, report(5*time.Second, 125).sender, "something was since the one before the last")
	require.Nil(t, report(10*time.Second, 125).sender)
	require.NotNil(t, report(15*time.Second, 126).sender)
}

func TestBlocks(t *testing.T) {
	r := rtcp.NewReporter(us, "us")
	blocks := func(ssrc uint32, expected, packets uint64) []pion.ReceptionReport {
		return parse(t, r.Write(nil, noon, rtcp.Sent{}, rtcp.Received{SSRC: ssrc, Expected: expected, Packets: packets})).blocks
	}
	one := func(ssrc uint32, fraction uint8, lost uint32) []pion.ReceptionReport {
		return []pion.ReceptionReport{{SSRC: ssrc, FractionLost: fraction, TotalLost: lost}}
	}
	require.Equal(t, one(them, 128, 50), blocks(them, 100, 50))
	require.Equal(t, one(them, 0, 50), blocks(them, 200, 150), "nothing lost since")
	require.Empty(t, blocks(them, 200, 150), "nothing came since")
	require.Equal(t, one(them, 255, 449), blocks(them, 600, 151), "nearly all lost: as much as eight bits can say")
	require.Equal(t, one(them, 0, 448), blocks(them, 600, 152), "a late one")
	require.Equal(t, one(them, 0, 0xFFFFFE), blocks(them, 601, 603), "some came twice")
	require.Equal(t, one(them+1, 64, 1), blocks(them+1, 4, 3), "another stream")
	require.Equal(t, one(them+1, 128, 1), blocks(them+1, 2, 1), "begun anew")
	require.Equal(t, one(them+1, 255, 0x7FFFFF), blocks(them+1, 1<<30, 2), "as many as 24 bits can say")
}

func TestALastReportIsOfTheStreamThatIsReported(t *testing.T) {
	r := rtcp.NewReporter(us, "us")
	_, err := r.Read(datagram(t, senderReport), noon)
	require.NoError(t, err)
	of := parse(t, r.Write(nil, noon.Add(time.Second), rtcp.Sent{}, rtcp.Received{SSRC: them + 1, Expected: 1, Packets: 1}))
	require.Zero(t, of.blocks[0].LastSenderReport)
	require.Zero(t, of.blocks[0].Delay)
}

func TestGoodbye(t *testing.T) {
	of := parse(t, rtcp.NewReporter(us, "us").Bye([]byte{}))
	require.EqualValues(t, us, of.ssrc)
	require.Equal(t, []uint32{us}, of.bye)
	require.Equal(t, "us", of.cname)
}

func TestCNAMEs(t *testing.T) {
	require.NotEqual(t, rtcp.NewCNAME(), rtcp.NewCNAME())
	require.GreaterOrEqual(t, len(rtcp.NewCNAME()), 16, "96 bits")
	long := make([]byte, 300)
	for i := range long {
		long[i] = 'x'
		want := string(long[:min(i, 255)])
		require.Equal(t, want, parse(t, rtcp.NewReporter(us, string(long[:i])).Bye(nil)).cname)
	}
}

func TestIntervals(t *testing.T) {
	r := rtcp.NewReporter(us, "us")
	require.InDelta(t, 5*0.5/1.21828/2, r.Next(0).Seconds(), 1e-5, "the first")
	require.InDelta(t, 5*1.5/1.21828/2, r.Next(1).Seconds(), 1e-5)
	r.Write(nil, noon, rtcp.Sent{}, rtcp.Received{})
	require.InDelta(t, 5*0.5/1.21828, r.Next(0).Seconds(), 1e-5)
	require.InDelta(t, 5*1.5/1.21828, r.Next(1).Seconds(), 1e-5)
}

func TestAReportCostsNoMemory(t *testing.T) {
	r := rtcp.NewReporter(us, rtcp.NewCNAME())
	dst := make([]byte, 0, 128)
	var n uint64
	require.Zero(t, testing.AllocsPerRun(100, func() {
		n++
		r.Write(dst, noon, rtcp.Sent{Packets: n}, rtcp.Received{SSRC: them, Expected: n, Packets: n})
	}))
}

func BenchmarkWrite(b *testing.B) {
	r := rtcp.NewReporter(us, rtcp.NewCNAME())
	dst := make([]byte, 0, 128)
	for i := range uint64(b.N) {
		r.Write(dst, noon, rtcp.Sent{Packets: i}, rtcp.Received{SSRC: them, Expected: i, Packets: i})
	}
}

// A side is one of two that talk over a line that delays, jitters and loses.
type side struct {
	*rtcp.Reporter
	ssrc  uint32
	delay time.Duration // of its reports on their way to the other
	sent  rtcp.Sent
	in    rtcp.Received

	transit float64 // of the packet that came last
	heard   []rtcp.Heard
}

// TestTwoSidesOverALossyLine has two sides send a minute of audio each, which the line jitters by up to 20 ms and loses
// with given probabilities, and report every five seconds. What one is told is what the other counted.
func TestTwoSidesOverALossyLine(t *testing.T) {
	const loss = 0.2
	random := rand.New(rand.NewPCG(3, 4))
	a := &side{Reporter: rtcp.NewReporter(1, "a"), ssrc: 1, delay: 30 * time.Millisecond}
	b := &side{Reporter: rtcp.NewReporter(2, "b"), ssrc: 2, delay: 50 * time.Millisecond}
	for tick := range 3000 {
		now := noon.Add(time.Duration(tick) * 20 * time.Millisecond)
		a.send(b, random.Float64() >= loss, 20*random.Float64())
		b.send(a, true, 0)
		switch tick % 250 {
		case 100:
			a.report(t, b, now)
		case 200:
			b.report(t, a, now)
		}
	}
	require.Len(t, a.heard, 12)
	require.Len(t, b.heard, 12)
	var fractions, jitter float64
	for _, heard := range a.heard {
		require.EqualValues(t, 2, heard.SSRC)
		require.True(t, heard.View.Timed)
		require.InDelta(t, 80*time.Millisecond, heard.View.RoundTrip, float64(time.Millisecond))
		require.InDelta(t, loss, heard.View.FractionLost, 0.12)
		fractions += heard.View.FractionLost
		jitter += float64(heard.View.Jitter)
	}
	require.InDelta(t, loss, fractions/12, 0.03)
	require.InDelta(t, 8*20./3, jitter/12, 6, "two even draws from 20 ms are 6.7 ms apart on the average")
	for i, heard := range b.heard {
		require.Equal(t, i > 0, heard.View.Timed, "b had said nothing yet when a reported first")
		require.Zero(t, heard.View.Lost)
		require.Zero(t, heard.View.FractionLost)
		require.Zero(t, heard.View.Jitter)
	}
}

// send sends 20 ms of audio to peer, where it comes or not, jitter milliseconds late.
func (s *side) send(peer *side, comes bool, jitter float64) {
	s.sent.Packets++
	s.sent.Octets += 160
	s.sent.Timestamp += 160
	peer.in.SSRC = s.ssrc
	if !comes {
		return
	}
	in := &peer.in
	in.Packets++
	in.Expected, in.Highest = s.sent.Packets, uint32(s.sent.Packets)
	transit := 8 * jitter
	in.Jitter += (max(transit-peer.transit, peer.transit-transit) - in.Jitter) / 16
	peer.transit = transit
}

func (s *side) report(t *testing.T, peer *side, now time.Time) {
	heard, err := peer.Read(s.Write(nil, now, s.sent, s.in), now.Add(s.delay))
	require.NoError(t, err)
	require.EqualValues(t, s.in.Expected-s.in.Packets, heard.View.Lost)
	require.Equal(t, s.in.Highest, heard.View.Highest)
	require.Equal(t, uint32(s.in.Jitter), heard.View.Jitter)
	peer.heard = append(peer.heard, heard)
}
