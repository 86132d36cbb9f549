package recording

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"threering/media"
)

const ms = time.Millisecond

// A phone is one side of a simulated talk. It says what tone says, packed in
// G.711 by a clock of its own.
type phone struct {
	codec media.Codec
	tone  func(at time.Duration) float64 // Hertz at that moment of the talk; 0: silence
	ppm   float64                        // how much slower than real its clock runs
	seq   uint16
	stamp uint32
	clock float64 // when it begins its next packet, in ns of the talk
}

// A packet is one that a phone sent, and when it arrives.
type packet struct {
	at      time.Duration
	to      media.Tap
	codec   media.Codec
	seq     uint16
	stamp   uint32
	payload []byte
}

// talk is the packets of the phone from one moment to another, each on arrival
// at the moment it was begun.
func (p *phone) talk(to media.Tap, from, until time.Duration) []packet {
	p.clock = float64(from)
	return p.goOn(to, until)
}

// goOn is the packets that follow the last ones without a break.
func (p *phone) goOn(to media.Tap, until time.Duration) []packet {
	var packets []packet
	tick := float64(time.Second) / 8000 * (1 + p.ppm/1e6)
	for ; time.Duration(p.clock) < until; p.clock += 160 * tick {
		packets = append(packets, packet{time.Duration(p.clock), to, p.codec, p.seq, p.stamp, p.say(tick)})
		p.seq++
		p.stamp += 160
	}
	return packets
}

// say is the next packet's payload, its samples tick ns apart.
func (p *phone) say(tick float64) []byte {
	pcm := make([]int16, 160)
	if p.tone(time.Duration(p.clock)) == 0 && p.tone(time.Duration(p.clock+160*tick)) == 0 {
		return new(media.Encoder).Encode(nil, p.codec, pcm, media.SampleRate)
	}
	for i := range pcm {
		moment := time.Duration(p.clock + float64(i)*tick)
		if hz := p.tone(moment); hz > 0 {
			pcm[i] = int16(8000 * math.Sin(2*math.Pi*hz*moment.Seconds()))
		}
	}
	return new(media.Encoder).Encode(nil, p.codec, pcm, media.SampleRate)
}

func steady(hz float64) func(time.Duration) float64 {
	return func(time.Duration) float64 { return hz }
}

// play hands over the packets as they arrive; the clock is that of the test's
// bubble.
func play(start time.Time, packets ...[]packet) {
	all := slices.Concat(packets...)
	slices.SortStableFunc(all, func(a, b packet) int { return cmp.Compare(a.at, b.at) })
	for _, p := range all {
		time.Sleep(time.Until(start.Add(p.at)))
		p.to.Packet(time.Now(), p.codec, p.seq, p.stamp, p.payload)
	}
}

// decode takes a WAV file apart and insists that its header is right.
func decode(t require.TestingT, wav []byte) (left, right []int16) {
	require.GreaterOrEqual(t, len(wav), headerSize)
	size := binary.LittleEndian.Uint32(wav[40:])
	require.Equal(t, "RIFF", string(wav[0:4]))
	require.Equal(t, size+36, binary.LittleEndian.Uint32(wav[4:]))
	require.Equal(t, "WAVEfmt ", string(wav[8:16]))
	require.Equal(t, []byte{16, 0, 0, 0, 1, 0, 2, 0, 0x40, 0x1F, 0, 0, 0, 0x7D, 0, 0, 4, 0, 16, 0}, wav[16:36])
	require.Equal(t, "data", string(wav[36:40]))
	require.LessOrEqual(t, int(size), len(wav)-headerSize, "the header claims more than there is")
	require.Zero(t, size%frameSize)
	body := wav[headerSize : headerSize+size]
	left, right = make([]int16, len(body)/frameSize), make([]int16, len(body)/frameSize)
	for i := range left {
		left[i] = int16(binary.LittleEndian.Uint16(body[i*frameSize:]))
		right[i] = int16(binary.LittleEndian.Uint16(body[i*frameSize+2:]))
	}
	return left, right
}

// cut is the samples from one moment to another.
func cut(pcm []int16, from, to time.Duration) []int16 { return pcm[samples(from):samples(to)] }

// hears insists on the tone all the way, 100 ms by 100 ms; 0 Hz is silence.
func hears(t require.TestingT, pcm []int16, hz float64, from, to time.Duration) {
	for ; from < to; from += 100 * ms {
		part := cut(pcm, from, min(from+100*ms, to))
		if hz == 0 {
			require.LessOrEqual(t, loudest(part), 16, "not silent at %v", from)
			continue
		}
		require.Greater(t, media.Detect(part, hz), 0.9, "no %v Hz at %v", hz, from)
	}
}

func loudest(pcm []int16) int {
	most := 0
	for _, s := range pcm {
		most = max(most, int(s), -int(s))
	}
	return most
}

// onset is when the first sound after from begins.
func onset(pcm []int16, from time.Duration) time.Duration {
	for i := samples(from); i < int64(len(pcm)); i++ {
		if loudest(pcm[i:i+1]) > 1000 {
			return length(i)
		}
	}
	return -1
}
