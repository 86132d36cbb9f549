package softphone

import (
	"context"
	"fmt"
	"sync"
	"time"

	"threering/media"
	"threering/sip"
)

// A Call is one call of a phone's. Its audio port is closed when the call has ended.
type Call struct {
	phone *Phone
	leg   *sip.Leg
	port  *media.Port
	ear   *ear

	digits   chan rune // keys the other side pressed
	ringing  chan struct{}
	answered chan struct{}
	ended    chan struct{} // closed once end is set
	rung     sync.Once
	end      sip.Ended
}

// mostDigits is how many keys are kept for WaitDigit.
const mostDigits = 256

func (p *Phone) newCall() (*Call, error) {
	c := &Call{
		phone: p, ear: newEar(),
		digits:  make(chan rune, mostDigits),
		ringing: make(chan struct{}), answered: make(chan struct{}), ended: make(chan struct{}),
	}
	port, err := p.engine.NewPort(listener{c})
	if err != nil {
		return nil, fmt.Errorf("softphone: %w", err)
	}
	c.port = port
	port.Tap(c.ear)
	return c, nil
}

// note takes the leg's events.
func (c *Call) note(e sip.Event) {
	switch e := e.(type) {
	case sip.Ringing:
		c.rung.Do(func() { close(c.ringing) })
	case sip.Answered:
		close(c.answered)
	case sip.Digit:
		c.press(e.Key)
	case sip.Ended:
		c.end = e
		c.port.Close()
		close(c.ended)
	}
}

// press keeps a key; those beyond what can be kept are lost.
func (c *Call) press(key rune) {
	select {
	case c.digits <- key:
	default:
	}
}

// listener hears of a port's keys.
type listener struct{ call *Call }

func (l listener) Digit(_ *media.Port, key rune)     { l.call.press(key) }
func (l listener) Held(*media.Port, bool)            {}
func (l listener) Silent(*media.Port, time.Duration) {}

// Leg is the call's signalling.
func (c *Call) Leg() *sip.Leg { return c.leg }

// Port is the call's audio.
func (c *Call) Port() *media.Port { return c.port }

// Ring alerts: 180 to the caller.
func (c *Call) Ring() { c.leg.Ring() }

// Answer takes an incoming call.
func (c *Call) Answer() { c.leg.Answer() }

// Reject refuses an incoming call.
func (c *Call) Reject(code int, reason string) { c.leg.Reject(code, reason) }

// Hangup ends the call, in whatever state.
func (c *Call) Hangup() { c.leg.Hangup(sip.Reason{}) }

// WaitRinging waits until the other side rings.
func (c *Call) WaitRinging(ctx context.Context) error { return c.wait(ctx, c.ringing, "ringing") }

// WaitAnswered waits until the call is up. Where it ends before, the error says how.
func (c *Call) WaitAnswered(ctx context.Context) error { return c.wait(ctx, c.answered, "an answer") }

func (c *Call) wait(ctx context.Context, what <-chan struct{}, name string) error {
	select { // what has happened has, even if the call is over since
	case <-what:
		return nil
	default:
	}
	select {
	case <-what:
		return nil
	case <-c.ended:
		return fmt.Errorf("wait for %s: %w", name, EndedError(c.end))
	case <-ctx.Done():
		return fmt.Errorf("wait for %s: %w", name, ctx.Err())
	}
}

// EndedError says that a call ended before what was waited for.
type EndedError sip.Ended

func (e EndedError) Error() string { return fmt.Sprintf("call ended with %d %s", e.Code, e.Text) }

// WaitEnded waits for the end of the call and tells how it ended.
func (c *Call) WaitEnded(ctx context.Context) (sip.Ended, error) {
	select {
	case <-c.ended:
		return c.end, nil
	case <-ctx.Done():
		return sip.Ended{}, fmt.Errorf("wait for the end: %w", ctx.Err())
	}
}

// WaitDigit waits for the next key of the other side's, whichever way it comes.
func (c *Call) WaitDigit(ctx context.Context) (rune, error) {
	select {
	case key := <-c.digits:
		return key, nil
	default:
	}
	select {
	case key := <-c.digits:
		return key, nil
	case <-c.ended:
		return 0, fmt.Errorf("wait for a key: %w", EndedError(c.end))
	case <-ctx.Done():
		return 0, fmt.Errorf("wait for a key: %w", ctx.Err())
	}
}

// SendDigit presses a key (RFC 4733).
func (c *Call) SendDigit(key rune) { c.port.SendDigit(key) }

// SendInfo presses a key by SIP INFO, and waits for the reply.
func (c *Call) SendInfo(ctx context.Context, key rune) error {
	body := fmt.Appendf(nil, "Signal=%c\r\nDuration=160\r\n", key)
	return await(ctx, func(done func(error)) { c.leg.SendInfo("application/dtmf-relay", body, done) })
}

// Hold puts the other side on hold by a re-INVITE, and waits for the reply.
func (c *Call) Hold(ctx context.Context) error { return c.reoffer(ctx, true) }

// Resume takes the other side back from hold by a re-INVITE, and waits for the reply.
func (c *Call) Resume(ctx context.Context) error { return c.reoffer(ctx, false) }

func (c *Call) reoffer(ctx context.Context, hold bool) error {
	c.port.Hold(hold)
	err := await(ctx, c.leg.Reoffer)
	if err != nil {
		c.port.Hold(!hold)
	}
	return err
}

// await turns a callback into a wait.
func await(ctx context.Context, start func(done func(error))) error {
	done := make(chan error, 1)
	start(func(err error) { done <- err })
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// PlayTone plays a tone until something else is played or the playback is stopped.
func (c *Call) PlayTone(hz float64) *media.Playback {
	return c.port.Play(true, media.Tone(hz, time.Second))
}

// Play plays sounds, once.
func (c *Call) Play(sounds ...*media.Sound) *media.Playback { return c.port.Play(false, sounds...) }

// Hears says whether a tone is heard within that time: a tenth of a second, received from now on, that has most of its
// power there.
func (c *Call) Hears(hz float64, within time.Duration) bool {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	return c.ear.hears(ctx, hz)
}

// HearsAmong says whether a tone is heard within that time that may be one among several.
func (c *Call) HearsAmong(hz float64, within time.Duration) bool {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	return c.ear.wait(ctx, func(pcm []int16) bool { return media.Detect(pcm, hz) >= amongShare && loudness(pcm) >= faint })
}

// HearsSilence says whether a tenth of a second without a tone, or with no packets at all, comes within that time.
func (c *Call) HearsSilence(within time.Duration) bool {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	return c.ear.quiet(ctx)
}
