package media

import (
	"slices"

	"threering/media/rate"
)

// A resampler brings a long sound to 8 kHz piece by piece. With each piece goes a second before and after it, so
// that no seam is heard.
type resampler struct {
	from int // samples a second

	lead    int     // seconds of waiting that went before what is to be converted: 0 or 1
	waiting []int16 // samples at the old rate
	pcm     []int16 // what is converted
}

const resampledAtOnce = 60 // seconds

func (s *resampler) take(pcm []int16) error {
	if s.from == SampleRate {
		s.pcm = append(s.pcm, pcm...)
		return nil
	}
	s.waiting = append(s.waiting, pcm...)
	if len(s.waiting) < (s.lead+resampledAtOnce+1)*s.from {
		return nil
	}
	piece, err := rate.Convert(s.waiting, s.from, SampleRate)
	if err != nil {
		return err
	}
	end := s.lead + resampledAtOnce
	s.pcm = append(s.pcm, piece[s.lead*SampleRate:end*SampleRate]...)
	s.waiting, s.lead = slices.Delete(s.waiting, 0, (end-1)*s.from), 1
	return nil
}

// all gives the whole sound, once everything is taken.
func (s *resampler) all() ([]int16, error) {
	if len(s.waiting) == 0 {
		return s.pcm, nil
	}
	rest, err := rate.Convert(s.waiting, s.from, SampleRate)
	if err != nil {
		return nil, err
	}
	return append(s.pcm, rest[s.lead*SampleRate:]...), nil
}
