package media

import (
	"sync"
	"sync/atomic"
	"time"
)

const (
	tick    = 20 * time.Millisecond
	catchUp = 5 // how many missed ticks are made up for; more are left out

	leastPacers = 8 // 2.5 ms apart: what 128 listeners cost each is under 1 ms
)

// pacers are one for each CPU, and not fewer than leastPacers. Their grids lie apart, so that not all is sent at once: who
// has something else to do on that CPU, as to ring an agent, need not wait for a thousand listeners to be served.
type pacers struct {
	all  []*pacer
	next atomic.Uint32 // whose turn it is to get a newcomer
}

func startPacers(cpus int) *pacers {
	p, n := &pacers{}, max(cpus, leastPacers)
	start := time.Now()
	for i := range n {
		p.all = append(p.all, startPacer(start.Add(tick*time.Duration(i)/time.Duration(n))))
	}
	return p
}

// one is the pacer of something that is to be played.
func (p *pacers) one() *pacer { return p.all[p.next.Add(1)%uint32(len(p.all))] }

// stop ends all and waits for them.
func (p *pacers) stop() {
	for _, one := range p.all {
		one.stop()
	}
}

// A pacer is the clock of what is played: one goroutine on an absolute grid of 20 ms, which rests while there is nothing to
// send.
type pacer struct {
	wake chan struct{} // holds one token while there may be newcomers
	quit chan struct{} // closed by stop
	done chan struct{} // closed when run has returned
	once sync.Once     // closes quit

	mu        sync.Mutex // guards newcomers
	newcomers []ticker
}

// A ticker has something to send at every tick, as long as it says so.
type ticker interface {
	tick(at time.Time) (more bool)
}

func startPacer(grid time.Time) *pacer {
	p := &pacer{wake: make(chan struct{}, 1), quit: make(chan struct{}), done: make(chan struct{})}
	go p.run(grid)
	return p
}

// stop ends the pacer and waits for it.
func (p *pacer) stop() {
	p.once.Do(func() { close(p.quit) })
	<-p.done
}

// add has t.tick called at every tick from the next one on, until it returns false.
func (p *pacer) add(t ticker) {
	p.mu.Lock()
	p.newcomers = append(p.newcomers, t)
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func (p *pacer) run(grid time.Time) {
	defer close(p.done)
	var playing []ticker
	timer := time.NewTimer(tick)
	defer timer.Stop()
	for {
		if len(playing) == 0 {
			select {
			case <-p.quit:
				return
			case <-p.wake:
			}
			grid = nextTick(grid, time.Now())
		}
		timer.Reset(time.Until(grid))
		select {
		case <-p.quit:
			return
		case <-timer.C:
		}
		playing = p.join(playing)
		for late := time.Since(grid); late >= 0; late = time.Since(grid) {
			if late > catchUp*tick {
				grid = nextTick(grid, time.Now())
				break
			}
			playing = sendAll(playing, grid)
			grid = grid.Add(tick)
		}
	}
}

// nextTick is the first instant of the grid after now.
func nextTick(grid, now time.Time) time.Time {
	return grid.Add((now.Sub(grid)/tick + 1) * tick)
}

// join appends the newcomers to those that play.
func (p *pacer) join(playing []ticker) []ticker {
	p.mu.Lock()
	defer p.mu.Unlock()
	playing = append(playing, p.newcomers...)
	clear(p.newcomers)
	p.newcomers = p.newcomers[:0]
	return playing
}

// sendAll lets everyone send what is due at the instant of the grid, and keeps those that have more.
func sendAll(playing []ticker, at time.Time) []ticker {
	more := playing[:0]
	for _, t := range playing {
		if t.tick(at) {
			more = append(more, t)
		}
	}
	clear(playing[len(more):])
	return more
}
