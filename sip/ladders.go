package sip

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// ErrNoLadder says that no messages of a call were recorded, or that they are kept no longer.
var ErrNoLadder = errors.New("no SIP messages of that call are kept")

const (
	mostRolls    = 20_000   // legs that are recorded at once
	mostRecorded = 64 << 20 // bytes of them all
	lingering    = 2 * time.Second
	unclaimed    = 2 * time.Minute // that a leg may take to belong to a call
	rollWrites   = time.Second     // how often what has ended is written
	mostWritten  = 200             // legs that are written at once; the others the next time
	mostBegun    = 2000            // legs that may begin at once; in the long run no more are recorded than can be written
)

// Ladders records the messages of legs. While a call goes on they are in memory, when it has ended in the table sip_ladders.
// Its nil value records nothing.
type Ladders struct {
	store *ladderStore
	keeps time.Duration

	mu    sync.Mutex // guards the fields below
	rolls map[string]*roll
	size  int
	ended []*roll // in the order of their ends
	lost  int     // legs that were not recorded
	begun float64 // legs that have begun, less those that could have been written meanwhile
	at    time.Time
}

// heard records a message that came in and was let in.
func (l *Ladders) heard(network string, peer netip.AddrPort, message []byte) {
	if l != nil {
		l.record(rung{At: time.Now(), Network: sipmsg.NetworkToLower(network), Peer: peer}, message)
	}
}

// said records a message that was sent.
func (l *Ladders) said(network string, peer netip.AddrPort, message []byte) {
	if l != nil {
		l.record(rung{At: time.Now(), Sent: true, Network: sipmsg.NetworkToLower(network), Peer: peer}, message)
	}
}

// record adds a message to its leg. A leg begins with its INVITE.
func (l *Ladders) record(g rung, message []byte) {
	e, ok := readEnvelope(message)
	if !ok || len(e.callID) == 0 {
		return
	}
	l.mu.Lock()
	r := l.rolls[string(e.callID)]
	if r == nil && e.begins() {
		r = l.open(string(e.callID), g.At)
		if r != nil {
			r.asks, r.who = !g.Sent, string(e.user)
		} else {
			l.lost++
		}
	}
	l.mu.Unlock()
	if r == nil {
		return
	}
	g.Text = blank(message)
	l.mu.Lock()
	defer l.mu.Unlock()
	before := r.size
	r.add(g)
	l.size += r.size - before
}

// open begins a roll, unless there are too many. The lock is held.
func (l *Ladders) open(leg string, now time.Time) *roll {
	l.begun = max(0, l.begun-mostWritten*now.Sub(l.at).Seconds()/rollWrites.Seconds())
	l.at = now
	if len(l.rolls) >= mostRolls || l.size > mostRecorded || l.begun > mostBegun {
		return nil
	}
	l.begun++
	r := &roll{leg: leg, began: now}
	l.rolls[leg] = r
	return r
}

// claim says which call a leg belongs to, and who is at its other end.
func (l *Ladders) claim(leg, call, who string) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.rolls[leg]
	if r == nil {
		if r = l.open(leg, time.Now()); r == nil {
			return
		}
	}
	r.call, r.who = call, who
}

// close says that a leg has ended. A few messages may follow.
func (l *Ladders) close(leg string) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if r := l.rolls[leg]; r != nil && r.ended.IsZero() {
		r.ended = time.Now()
		l.ended = append(l.ended, r)
	}
}

// serve writes what has ended until ctx ends, and all there is then.
func (l *Ladders) serve(ctx context.Context, log *slog.Logger) {
	if l == nil {
		return
	}
	ticker := time.NewTicker(rollWrites)
	defer ticker.Stop()
	var tidied time.Time
	for ctx.Err() == nil {
		grace := lingering
		select {
		case <-ticker.C:
		case <-ctx.Done():
			grace = 0
		}
		now := time.Now()
		for more := true; more; more = more && grace == 0 {
			var err error
			if more, err = l.write(now.Add(-grace)); err != nil {
				log.Error("SIP messages of calls are not kept", "error", err)
			}
		}
		if now.Sub(tidied) > time.Minute {
			tidied = now
			l.tidy(now, log)
			if err := l.store.drop(now.Add(-l.keeps)); err != nil {
				log.Error("old SIP messages of calls stay", "error", err)
			}
		}
	}
}

// write writes legs that ended before a moment, and says whether there may be more of them.
func (l *Ladders) write(before time.Time) (more bool, err error) {
	l.mu.Lock()
	var done []*roll
	for len(l.ended) > 0 && len(done) < mostWritten && !l.ended[0].ended.After(before) {
		r := l.ended[0]
		l.ended = l.ended[1:]
		if r.call == "" || len(r.rungs) == 0 {
			l.forget(r)
			continue
		}
		done = append(done, r)
	}
	for _, r := range done {
		l.forget(r)
	}
	more = len(done) == mostWritten
	l.mu.Unlock()
	return more, l.store.write(done)
}

// forget lets go of a roll. The lock is held.
func (l *Ladders) forget(r *roll) {
	if l.rolls[r.leg] == r {
		delete(l.rolls, r.leg)
		l.size -= r.size
	}
}

// tidy forgets legs that never came to be: refused before there was one, or dialled in vain. It says how many were lost.
func (l *Ladders) tidy(now time.Time, log *slog.Logger) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lost > 0 {
		log.Warn("too many calls at once to keep all their SIP messages", "legs", l.lost)
		l.lost = 0
	}
	for _, r := range l.rolls {
		if r.call == "" && r.ended.IsZero() && now.Sub(r.began) > unclaimed {
			l.forget(r)
		}
	}
}

// Of is the ladder of a call, one that goes on or one that has ended. The error is ErrNoLadder where nothing of it is kept.
func (l *Ladders) Of(ctx context.Context, call string) (Ladder, error) {
	if l == nil {
		return Ladder{}, ErrNoLadder
	}
	rolls, err := l.store.of(ctx, call)
	if err != nil {
		return Ladder{}, err
	}
	l.mu.Lock()
	for _, r := range l.rolls {
		if r.call == call && len(r.rungs) > 0 {
			copied := *r
			copied.rungs = append([]rung{}, r.rungs...)
			rolls = append(rolls, copied)
		}
	}
	l.mu.Unlock()
	if len(rolls) == 0 {
		return Ladder{}, ErrNoLadder
	}
	return ladderOf(rolls), nil
}
