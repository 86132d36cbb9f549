package quality

import (
	"math"
	"time"
)

// A Codec is how speech suffers from its coding (ITU-T G.113): Ie is the impairment of the codec itself, in points of
// R, and Bpl the robustness of its decoder against packet loss, in percent.
type Codec struct{ Ie, Bpl float64 }

// The codecs: G.711 and G.729A as in G.113 appendix I. "Concealed" is with loss concealment at the listener; without it
// a loss is heard as a gap. G.722 counts as G.711, which is a simplification: the narrow-band scale ends at clean
// narrow-band speech and does not show what wideband adds to it, and a loss is taken to harm both alike.
var (
	G711          = Codec{Ie: 0, Bpl: 4.3}
	G711Concealed = Codec{Ie: 0, Bpl: 25.1}
	G722          = G711
	G722Concealed = G711Concealed
	G729A         = Codec{Ie: 11, Bpl: 19}
)

// A Network is what the way from mouth to ear does to speech.
type Network struct {
	Codec       Codec
	OneWayDelay time.Duration // from mouth to ear: network, packetization and jitter buffer
	Loss        float64       // share of the packets that are not played, because lost or late: 0 … 1
	BurstRatio  float64       // how much longer losses last than random ones do; below 1 counts as 1: random
}

// What is left of the E-model's rating when everything that a Network does not say has its default value (ITU-T G.107
// (06/2015): sending and receiving loudness 8 and 2 dB, room noise 35 dB(A), talker echo loss 65 dB, …).
const (
	signalToNoise = 94.7688 // Ro, the rating before all impairments
	simultaneous  = 1.4136  // Is, for loudness, sidetone and quantizing
	echoFree      = 94.7688 // Roe, the basis of the talker echo
	echoLoss      = 65.0    // TELR in dB
	listenerEcho  = 1228.5  // 10.5 (WEPL + 7), for the default of 110 dB
)

// R is the transmission rating of the E-model (ITU-T G.107 clause 7): 93.2 for G.711 on a perfect network, at least 0.
// From 80 on most users are satisfied, below 60 nearly all are not (ITU-T G.109).
func R(n Network) float64 {
	return max(0, signalToNoise-simultaneous-delayImpairment(n.OneWayDelay)-lossImpairment(n))
}

// MOS is the mean opinion score that R stands for, 1 (bad) to 4.5, on the scale of narrow-band conversation (MOS-CQEN,
// ITU-T G.107 annex B): 4.41 for G.711 on a perfect network.
func MOS(n Network) float64 {
	r := R(n)
	if r >= 100 {
		return 4.5
	}
	return max(1, 1+0.035*r+r*(r-60)*(100-r)*7e-6) // the polynomial runs below 1 near 0
}

// lossImpairment is Ie-eff, what codec and loss take away (G.107 clause 7.5).
func lossImpairment(n Network) float64 {
	percent := 100 * min(max(0, n.Loss), 1)
	if percent == 0 {
		return n.Codec.Ie
	}
	suffered := percent / (percent/max(1, n.BurstRatio) + n.Codec.Bpl)
	return n.Codec.Ie + (95-n.Codec.Ie)*min(suffered, 1)
}

// delayImpairment is Id, what a delay takes away: talker echo, listener echo, and the delay as such (G.107 clause 7.4).
// The echo comes back after twice the delay.
func delayImpairment(delay time.Duration) float64 {
	ms := max(0, delay.Seconds()*1000)
	return talkerEcho(ms) + listenersEcho(2*ms) + absoluteDelay(ms)
}

// talkerEcho is Idte for an echo that has gone ms one way.
func talkerEcho(ms float64) float64 {
	loss := echoLoss - 40*math.Log10((1+ms/10)/(1+ms/150)) + 6*math.Exp(-0.3*ms*ms)
	half := (echoFree - (80 + 2.5*(loss-14))) / 2
	return (half + math.Sqrt(half*half+100) - 1) * (1 - math.Exp(-ms))
}

// listenersEcho is Idle for an echo that has gone around in ms.
func listenersEcho(ms float64) float64 {
	half := (signalToNoise - listenerEcho*math.Pow(ms+1, -0.25)) / 2
	return half + math.Sqrt(half*half+169)
}

// absoluteDelay is Idd: it is what is left where there is no echo, and begins at 100 ms.
func absoluteDelay(ms float64) float64 {
	if ms <= 100 {
		return 0
	}
	x := math.Log2(ms / 100)
	root := func(x float64) float64 { return math.Pow(1+math.Pow(x, 6), 1.0/6) }
	return 25 * (root(x) - 3*root(x/3) + 2)
}
