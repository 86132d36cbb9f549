package softphone

import (
	"context"
	"sync"
	"time"

	"threering/media"
)

// window is how much audio is judged at a time: a tenth of a second.
const window = media.SampleRate / 10

// toneShare is the share of the power at one frequency from which on it is that tone.
const toneShare = 0.6

// amongShare is the same where there may be other tones beside it.
const amongShare = 0.15

// faint is the mean amplitude below which a window is silence.
const faint = 50

// An ear listens to what a port receives.
type ear struct {
	mu    sync.Mutex    // guards the fields below
	pcm   []int16       // not a full window yet
	last  []int16       // the last full window; never written again
	count int           // windows so far
	next  chan struct{} // closed with the next window

	decoder media.Decoder
}

func newEar() *ear { return &ear{next: make(chan struct{})} }

// Packet implements media.Tap.
func (e *ear) Packet(_ time.Time, codec media.Codec, _ uint16, _ uint32, payload []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.pcm = e.decoder.Decode(e.pcm, codec, payload)
	for len(e.pcm) >= window {
		e.last, e.pcm = e.pcm[:window:window], append([]int16(nil), e.pcm[window:]...)
		e.count++
		close(e.next)
		e.next = make(chan struct{})
	}
}

// hears waits for a window with the tone that began after now.
func (e *ear) hears(ctx context.Context, hz float64) bool {
	return e.wait(ctx, func(pcm []int16) bool { return media.Detect(pcm, hz) >= toneShare && loudness(pcm) >= faint })
}

// quiet waits for a silent window, or for a quarter of a second without a packet.
func (e *ear) quiet(ctx context.Context) bool {
	for ctx.Err() == nil {
		short, cancel := context.WithTimeout(ctx, time.Second/4)
		anything := e.wait(short, func([]int16) bool { return true })
		cancel()
		if ctx.Err() == nil && !anything {
			return true
		}
		e.mu.Lock()
		last := e.last
		e.mu.Unlock()
		if anything && loudness(last) < faint {
			return true
		}
	}
	return false
}

// wait waits for a whole window, begun after now, that fits.
func (e *ear) wait(ctx context.Context, fits func([]int16) bool) bool {
	e.mu.Lock()
	begun := e.count + 1 // the one under way has audio from before
	e.mu.Unlock()
	for {
		e.mu.Lock()
		last, count, next := e.last, e.count, e.next
		e.mu.Unlock()
		if count > begun && fits(last) {
			return true
		}
		select {
		case <-next:
		case <-ctx.Done():
			return false
		}
	}
}

func loudness(pcm []int16) int {
	sum := 0
	for _, sample := range pcm {
		sum += max(int(sample), -int(sample))
	}
	return sum / max(len(pcm), 1)
}
