package sip

import "sync"

// A mailbox is what an actor is asked to do, in order. It has no bound, so that an actor can write to itself.
type mailbox struct {
	wake chan struct{} // holds one token while something waits

	mu     sync.Mutex // guards the fields below
	items  []func()
	closed bool
}

func newMailbox() *mailbox { return &mailbox{wake: make(chan struct{}, 1)} }

// post adds something to be done; false means that the actor has ended and it never will be.
func (m *mailbox) post(do func()) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return false
	}
	m.items = append(m.items, do)
	select {
	case m.wake <- struct{}{}:
	default:
	}
	return true
}

// take empties the mailbox.
func (m *mailbox) take() []func() {
	m.mu.Lock()
	defer m.mu.Unlock()
	items := m.items
	m.items = nil
	return items
}

// close takes what is left and lets nothing more in.
func (m *mailbox) close() []func() {
	m.mu.Lock()
	defer m.mu.Unlock()
	items := m.items
	m.items, m.closed = nil, true
	return items
}
