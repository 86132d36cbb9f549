package softphone

import (
	"context"
	"fmt"
	"time"
)

// Register registers with the server and keeps the registration renewed until Unregister or Close. The error is a
// sip.StatusError where the server refuses.
func (p *Phone) Register(ctx context.Context) error {
	p.registering.Lock()
	defer p.registering.Unlock()
	lasts, err := p.registration.Renew(ctx)
	if err != nil {
		return fmt.Errorf("softphone: %w", err)
	}
	p.endRenewal()
	renewing, end := context.WithCancel(p.ctx)
	p.renewal = end
	p.work.Go(func() { p.renew(renewing, lasts) })
	return nil
}

// Unregister takes the registration back.
func (p *Phone) Unregister(ctx context.Context) error {
	p.registering.Lock()
	defer p.registering.Unlock()
	p.endRenewal()
	if err := p.registration.Remove(ctx); err != nil {
		return fmt.Errorf("softphone: %w", err)
	}
	return nil
}

// endRenewal tells the renewing goroutine to end. p.registering is held.
func (p *Phone) endRenewal() {
	if p.renewal != nil {
		p.renewal()
		p.renewal = nil
	}
}

// renew registers again well before the time is over, and tries on where that fails.
func (p *Phone) renew(ctx context.Context, lasts time.Duration) {
	for {
		timer := time.NewTimer(lasts * 3 / 4)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		p.registering.Lock()
		if ctx.Err() == nil {
			if again, err := p.registration.Renew(ctx); err != nil {
				p.config.Log.Warn("registration not renewed", "error", err)
			} else {
				lasts = again
			}
		}
		p.registering.Unlock()
	}
}
