package quality

// A Report is what is kept with a call about one direction of one leg.
type Report struct {
	Packets    uint64     `json:"packets" doc:"Packets that came, each counted once."`
	Lost       uint64     `json:"lost" doc:"Packets that were sent and never came."`
	LossShare  float64    `json:"loss_share" doc:"Share of the packets sent that never came, 0 to 1."`
	Duplicates uint64     `json:"duplicates" doc:"Packets that came again."`
	OutOfOrder uint64     `json:"out_of_order" doc:"Packets that came after one that was sent later."`
	Jitter     Spread     `json:"jitter_ms" doc:"Interarrival jitter (RFC 3550) in milliseconds."`
	RoundTrip  *Spread    `json:"round_trip_ms,omitempty" doc:"Time to the peer and back by RTCP, in milliseconds; absent where the peer sends no reports."`
	Losses     Clustering `json:"losses" doc:"How the losses cluster."`
	R          float64    `json:"r" doc:"Transmission rating of the E-model (ITU-T G.107): 93.2 is a perfect line, below 60 nearly all are dissatisfied."`
	MOS        float64    `json:"mos" doc:"Mean opinion score that R stands for: 1 is bad, 4.41 a perfect line."`
}

// A Spread is the mean and the greatest of several measured values.
type Spread struct {
	Mean float64 `json:"mean" doc:"The mean."`
	Max  float64 `json:"max" doc:"The greatest."`
}

// A Series is values measured one after the other, of which only the [Spread] is of interest. The zero value is ready.
type Series struct {
	count    uint64
	sum, max float64
}

// Take adds a value, not negative.
func (s *Series) Take(value float64) {
	s.count++
	s.sum += value
	s.max = max(s.max, value)
}

// Spread tells the mean and the greatest so far; known is false where there is no value yet.
func (s *Series) Spread() (spread Spread, known bool) {
	if s.count == 0 {
		return Spread{}, false
	}
	return Spread{Mean: s.sum / float64(s.count), Max: s.max}, true
}
