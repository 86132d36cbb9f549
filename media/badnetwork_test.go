package media

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A tampering is a wire on which each datagram becomes what do makes of it: itself, others, several, none.
type tampering struct {
	wire
	n  *int // datagrams so far
	do func(n int, datagram []byte) [][]byte
}

func (w tampering) Send(datagram []byte, to netip.AddrPort) error {
	*w.n++
	for _, made := range w.do(*w.n, append([]byte(nil), datagram...)) {
		if err := w.wire.Send(made, to); err != nil {
			return err
		}
	}
	return nil
}

// changed is a datagram that has become another.
func changed(datagram []byte, change func(d []byte)) []byte {
	d := append([]byte(nil), datagram...)
	change(d)
	return d
}

// beside is what sends another datagram beside every tenth.
func beside(make func(datagram []byte) []byte) func(int, []byte) [][]byte {
	return func(n int, datagram []byte) [][]byte {
		if n%10 == 0 {
			return [][]byte{make(datagram), datagram}
		}
		return [][]byte{datagram}
	}
}

// A badNetwork is what happens to 500 packets on their way, and what is to be known of it afterwards.
type badNetwork struct {
	loss   float64
	jitter time.Duration
	do     func(n int, datagram []byte) [][]byte // nil leaves all as it is
	mos    float64                               // at most
	gap    int                                   // half frames that may be missing at once
	counts func(t *testing.T, p *Port)           // nil where nothing is to be counted beside losses
}

// ignored50 is of a network in which every tenth datagram is beside the others and worth nothing.
func ignored50(t *testing.T, p *Port) {
	require.EqualValues(t, 50, p.Stats().Ignored)
	require.EqualValues(t, 500, p.Stats().PacketsIn)
}

var badNetworks = map[string]badNetwork{
	"a good one":       {mos: 4.5},
	"5 % loss, 40 ms":  {loss: 0.05, jitter: 40 * time.Millisecond, mos: 4, gap: 8},
	"20 % loss":        {loss: 0.2, mos: 3, gap: 16},
	"200 ms of jitter": {jitter: 200 * time.Millisecond, mos: 4.35, gap: 40},
	"cut off in the header": {mos: 4.5, counts: ignored50,
		do: beside(func(d []byte) []byte { return d[:7] })},
	"cut off in the list of sources": {mos: 4.5, counts: ignored50,
		do: beside(func(d []byte) []byte { return changed(d[:20], func(d []byte) { d[0] |= 15 }) })},
	"cut off in the extension": {mos: 4.5, counts: ignored50,
		do: beside(func(d []byte) []byte {
			return changed(d[:20], func(d []byte) { d[0] |= 0x10; d[14], d[15] = 0xFF, 0xFF })
		})},
	"oversized": {mos: 4.5, counts: ignored50,
		do: beside(func(d []byte) []byte { return append(d, make([]byte, maxPacket)...) })},
	"another version": {mos: 4.5, counts: ignored50,
		do: beside(func(d []byte) []byte { return changed(d, func(d []byte) { d[0] ^= 0xC0 }) })},
	"another payload type": {mos: 4.5, gap: 2,
		do: func(n int, d []byte) [][]byte {
			return [][]byte{changed(d, func(d []byte) {
				if n%10 == 0 {
					d[1] = 77
				}
			})}
		},
		counts: ignored50},
	"RTCP garbage": {mos: 4.5, counts: ignored50,
		do: beside(func(d []byte) []byte { return changed(d, func(d []byte) { d[1] = 200 }) })},
	"another SSRC in mid-call": {mos: 4.5, gap: 2,
		do: func(n int, d []byte) [][]byte {
			return [][]byte{changed(d, func(d []byte) {
				if n > 250 {
					d[8] ^= 1
					d[2] ^= 0x40
					d[4] ^= 0x40
				}
			})}
		},
		counts: func(t *testing.T, p *Port) { require.EqualValues(t, 2, p.in.arrivals.number) }},
	"timestamps that jump, there and back": {mos: 4.5, gap: 2,
		do: func(n int, d []byte) [][]byte {
			return [][]byte{changed(d, func(d []byte) {
				if 100 <= n && n < 300 {
					binary.BigEndian.PutUint32(d[4:], binary.BigEndian.Uint32(d[4:])+1e6)
				}
			})}
		},
		counts: func(t *testing.T, p *Port) { require.EqualValues(t, 3, p.in.arrivals.number) }},
	"all twice": {mos: 4.5,
		do: func(_ int, d []byte) [][]byte { return [][]byte{d, d} },
		counts: func(t *testing.T, p *Port) {
			require.EqualValues(t, 500, p.Quality().Received.Duplicates)
		}},
	"all in the wrong order": {mos: 4.5, gap: 2, do: swapped(),
		counts: func(t *testing.T, p *Port) {
			require.InDelta(t, 250, float64(p.Quality().Received.OutOfOrder), 1)
		}},
}

// swapped sends the second of two before the first.
func swapped() func(int, []byte) [][]byte {
	var kept []byte
	return func(n int, d []byte) [][]byte {
		if n%2 == 1 {
			kept = d
			return nil
		}
		return [][]byte{d, kept}
	}
}

func TestBadNetworksAreCountedAndMakeNoNoise(t *testing.T) {
	for name, x := range badNetworks {
		for _, to := range []Codec{PCMA, G722} { // relayed, and by way of a jitter buffer
			t.Run(name+" to "+to.String(), func(t *testing.T) {
				bad, good := newNetwork(x.loss, x.jitter), newNetwork(0, 0)
				good.now = bad.now
				keys := newCounter()
				phone, near := bad.plug(t, nil), bad.plug(t, keys)
				negotiate(t, phone, near)
				far, other := good.plug(t, nil), good.plug(t, nil)
				other.Prefer(to)
				negotiate(t, other, far)
				ear := new(strip)
				other.Tap(ear)
				join(t, near, far)
				if x.do != nil {
					phone.out.attach(tampering{phone.out.wire, new(int), x.do})
				}
				phone.Play(true, Tone(440, time.Second))
				for range 500 {
					near.in.look(bad.now, 0)
					bad.run(tick)
					good.run(tick)
				}
				q := near.Quality().Received
				require.InDelta(t, x.loss, q.LossShare, 0.04)
				require.LessOrEqual(t, q.MOS, x.mos)
				require.Empty(t, keys.keys())
				if x.counts != nil {
					x.counts(t, near)
				}
				requireTone(t, trim(ear.heard()), x.gap)
			})
		}
	}
}

// requireTone checks that what was heard is a tone, and not noise, without a gap of more than so many half frames.
func requireTone(t *testing.T, pcm []int16, gap int) {
	t.Helper()
	require.Greater(t, len(pcm), 400*frame)
	require.Greater(t, Detect(pcm, 440), 0.6, "a tone, and not noise")
	loudest := int16(0)
	for _, s := range pcm {
		loudest = max(loudest, s, -s-1)
	}
	require.Less(t, loudest, int16(9500), "nothing is louder than what was said")
	quiet, longest := 0, 0
	for ; len(pcm) >= frame/2; pcm = pcm[frame/2:] {
		if quiet++; level(pcm[:frame/2]) > 50 {
			quiet = 0
		}
		longest = max(longest, quiet)
	}
	require.LessOrEqual(t, longest, gap, "how long nothing is heard")
}
