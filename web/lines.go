package web

import (
	"context"
	"sync"
)

// lines are the open connections of telephones in browsers.
type lines struct {
	work sync.WaitGroup

	mu     sync.Mutex // guards the fields below, and that none begins after the end
	open   map[*line]struct{}
	closed bool
}

// A line is one of them.
type line struct {
	session string             // the name that its session is known by here; "": without one
	person  string             // whose session it is
	cut     context.CancelFunc // ends it
}

func newLines() *lines { return &lines{open: map[*line]struct{}{}} }

// join adds a line, which ends with the context that is given; leave must follow. False: the server is stopping.
func (l *lines) join(ctx context.Context, session string) (context.Context, *line, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, nil, false
	}
	n := &line{session: session}
	ctx, n.cut = context.WithCancel(ctx)
	l.open[n] = struct{}{}
	l.work.Add(1)
	return ctx, n, true
}

func (l *lines) leave(n *line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n.cut()
	delete(l.open, n)
	l.work.Done()
}

// belongs notes whose session the line came with.
func (l *lines) belongs(n *line, person string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n.person = person
}

// people are those who have lines by their sessions.
func (l *lines) people() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var list []string
	for n := range l.open {
		if n.person != "" {
			list = append(list, n.person)
		}
	}
	return list
}

// end ends the lines of a session.
func (l *lines) end(session string) {
	l.cut(func(n *line) bool { return session != "" && n.session == session })
}

// endOf ends the lines that a person has by their sessions.
func (l *lines) endOf(person string) {
	l.cut(func(n *line) bool { return n.person == person })
}

func (l *lines) cut(which func(*line) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for n := range l.open {
		if which(n) {
			n.cut()
		}
	}
}

// close ends all lines, lets none more begin, and returns when they have ended.
func (l *lines) close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.cut(func(*line) bool { return true })
	l.work.Wait()
}
