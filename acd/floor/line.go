package floor

import (
	"slices"
	"time"
)

// lines is who waits, by queue: who has waited longest first. It alone says where a call waits and, while it does, since when,
// so that the two never differ: what is told of a queue costs as much as its own calls.
type lines map[string][]*call

// enter puts a call into a queue's line, at the place of one that has waited since a moment. It leaves the one it is in.
func (l lines) enter(c *call, queue string, since time.Time) {
	l.leave(c)
	line := l[queue]
	at, _ := slices.BinarySearchFunc(line, since, func(x *call, since time.Time) int {
		if x.waitingSince.After(since) {
			return 1
		}
		return -1 // behind those who have waited as long
	})
	c.waiting, c.waitingSince = queue, since
	l[queue] = slices.Insert(line, at, c)
}

// leave takes a call out of the line it waits in, if it does.
func (l lines) leave(c *call) {
	if c.waiting == "" {
		return
	}
	line := slices.DeleteFunc(l[c.waiting], func(x *call) bool { return x == c })
	if l[c.waiting] = line; len(line) == 0 {
		delete(l, c.waiting)
	}
	c.waiting = ""
}
