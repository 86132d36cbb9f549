package journal

import (
	"context"
	"embed"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"threering/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Config is what a journal needs.
type Config struct {
	DB    *store.DB
	Log   *slog.Logger
	Alarm func(error) // told once when writing starts to fail, and with nil when it works again; may be nil
}

// Journal is the memory of the center. Append may be called from anywhere.
type Journal struct {
	Config
	mu      sync.Mutex // guards the fields up to closed
	pending []Entry
	total   int64 // entries ever appended
	written int64 // of these, how many are in the database
	closed  bool
	moved   *sync.Cond    // written has grown, or the journal has closed
	wake    chan struct{} // something is pending
	done    chan struct{} // the writer has ended

	following sync.Mutex // guards followers; held from before a commit until all of them know of it
	followers []*follower

	open map[string]*fold // calls that have not ended; the writer's own
}

// Open migrates the tables and starts the writer; Close ends it.
func Open(ctx context.Context, cfg Config) (*Journal, error) {
	if err := cfg.DB.Migrate(ctx, "journal", migrations); err != nil {
		return nil, err
	}
	j := &Journal{Config: cfg, wake: make(chan struct{}, 1), done: make(chan struct{}), open: map[string]*fold{}}
	j.moved = sync.NewCond(&j.mu)
	go j.write()
	return j, nil
}

// Append notes entries. It never waits: they are written soon, in order, and tried again while the database refuses.
func (j *Journal) Append(entries ...Entry) {
	j.mu.Lock()
	j.pending = append(j.pending, entries...)
	j.total += int64(len(entries))
	j.mu.Unlock()
	j.nudge()
}

func (j *Journal) nudge() {
	select {
	case j.wake <- struct{}{}:
	default:
	}
}

// Flush waits until everything appended so far is in the database, or ctx ends.
func (j *Journal) Flush(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.moved.Broadcast()
	})
	defer stop()
	j.mu.Lock()
	defer j.mu.Unlock()
	for upTo := j.total; j.written < upTo; j.moved.Wait() {
		if ctx.Err() != nil {
			return fmt.Errorf("flush the journal: %d entries unwritten: %w", upTo-j.written, ctx.Err())
		}
	}
	return nil
}

// Close writes what is pending, for as long as ctx allows, and stops.
func (j *Journal) Close(ctx context.Context) error {
	err := j.Flush(ctx)
	j.mu.Lock()
	j.closed = true
	j.mu.Unlock()
	j.nudge()
	<-j.done
	return err
}

// take gives what is pending; false when the journal is closed.
func (j *Journal) take() ([]Entry, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	batch := j.pending
	j.pending = nil
	return batch, !j.closed
}

func (j *Journal) wrote(n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.written += int64(n)
	j.moved.Broadcast()
}

const (
	retryFirst = 100 * time.Millisecond
	retryMost  = 5 * time.Second
)

// gathering is the least time between two transactions: what comes meanwhile shares the next one.
const gathering = 20 * time.Millisecond

// write is the writer: it alone touches the cache of open calls.
func (j *Journal) write() {
	defer close(j.done)
	var wrote time.Time
	for range j.wake {
		if wait := gathering - time.Since(wrote); wait > 0 && !j.isClosed() {
			time.Sleep(wait)
		}
		wrote = time.Now()
		batch, on := j.take()
		if len(batch) > 0 && !j.persist(batch) {
			return
		}
		if !on {
			return
		}
	}
}

// persist tries until the batch is written; false when the journal was closed meanwhile.
func (j *Journal) persist(batch []Entry) bool {
	failing := false
	for delay := retryFirst; ; delay = min(2*delay, retryMost) {
		err := j.saveAndTell(batch)
		if err == nil {
			if failing {
				j.alarm(nil)
			}
			j.wrote(len(batch))
			return true
		}
		if !failing {
			failing = true
			j.alarm(err)
		}
		if !j.sleep(delay) {
			return false
		}
	}
}

func (j *Journal) saveAndTell(batch []Entry) error {
	j.following.Lock()
	defer j.following.Unlock()
	if err := j.save(context.Background(), batch); err != nil {
		return err
	}
	j.tell(batch)
	return nil
}

// sleep waits; false when the journal is closed. Being woken by more entries is no reason to try sooner.
func (j *Journal) sleep(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			j.nudge() // for what came meanwhile
			return true
		case <-j.wake:
			if j.isClosed() {
				return false
			}
		}
	}
}

func (j *Journal) isClosed() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.closed
}

func (j *Journal) alarm(err error) {
	if err != nil {
		j.Log.Error("the journal cannot be written; entries are kept in memory and tried again", "error", err)
	} else {
		j.Log.Info("the journal is written again")
	}
	if j.Alarm != nil {
		j.Alarm(err)
	}
}
