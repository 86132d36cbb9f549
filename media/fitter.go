package media

import "threering/media/rate"

// A fitter brings one stream's samples to the rate that somebody asks for, 8000 or 16000 a second. The zero value is ready.
type fitter struct {
	up   rate.Up
	down rate.Down
	pcm  []int16
}

// take gives samples of one rate at another, valid until the next call.
func (f *fitter) take(pcm []int16, from, to int) []int16 {
	switch {
	case from == to || len(pcm) == 0:
		return pcm
	case from < to:
		f.pcm = f.up.Take(f.pcm[:0], pcm)
	default:
		f.pcm = f.down.Take(f.pcm[:0], pcm)
	}
	return f.pcm
}
