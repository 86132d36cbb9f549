package floor

import "sync"

// inbox is what the loop has to do, in order. It has no bound, so that a leg or a port that reports never waits for the
// loop, and the loop never for itself.
type inbox struct {
	mu     sync.Mutex // guards list
	list   []func()
	ready  chan struct{} // there is something to do
	closed chan struct{}
	once   sync.Once
}

func newInbox() *inbox {
	return &inbox{ready: make(chan struct{}, 1), closed: make(chan struct{})}
}

// put adds fn; false when nobody will do it any more.
func (b *inbox) put(fn func()) bool {
	select {
	case <-b.closed:
		return false
	default:
	}
	b.mu.Lock()
	b.list = append(b.list, fn)
	b.mu.Unlock()
	select {
	case b.ready <- struct{}{}:
	default:
	}
	return true
}

// drain does what is there, and what is added meanwhile.
func (b *inbox) drain() {
	for {
		b.mu.Lock()
		list := b.list
		b.list = nil
		b.mu.Unlock()
		if len(list) == 0 {
			return
		}
		for _, fn := range list {
			fn()
		}
	}
}

func (b *inbox) close() { b.once.Do(func() { close(b.closed) }) }
