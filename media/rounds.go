package media

import (
	"runtime"
	"slices"
	"time"
)

// round is how often an engine looks after its ports.
const round = 500 * time.Millisecond

// breath is how many ports are looked after in one go, which takes some 0.1 ms.
const breath = 32

// makeRounds looks after the ports until quit is closed: what of RTCP is due is sent, and silence is reported.
func (e *Engine) makeRounds() {
	ticker := time.NewTicker(round)
	defer ticker.Stop()
	var ports []*Port
	for {
		select {
		case <-e.quit:
			return
		case at := <-ticker.C:
			ports = e.list(ports[:0])
			for i, p := range ports {
				p.lookAfter(at)
				if i%breath == breath-1 {
					runtime.Gosched() // who has something to send need not wait for all
				}
			}
			clear(ports)
		}
	}
}

// list appends all open ports.
func (e *Engine) list(ports []*Port) []*Port {
	e.mu.Lock()
	defer e.mu.Unlock()
	ports = slices.Grow(ports, len(e.ports))
	for p := range e.ports {
		ports = append(ports, p)
	}
	return ports
}

// lookAfter is one port's turn.
func (p *Port) lookAfter(at time.Time) {
	p.in.consents(at)
	p.control.report(at)
	if silent := p.in.look(at, p.engine.config.Silence); silent > 0 {
		p.listener.Silent(p, silent)
	}
}
