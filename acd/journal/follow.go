package journal

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"threering/store"
)

// follower is told of entries as they are written.
type follower struct {
	kinds []Kind
	told  func([]Entry)
}

// chunk is how many entries of the past a follower is told of at a time.
const chunk = 500

// Follow tells of the entries of some kinds, AgentState not among them: first those in the database from since on, in the
// order of each call, then each batch after its commit; none twice and none left out. Flush waits for this too. While told
// runs nothing is written, so it must not wait for the journal. No more is told once stop has returned.
func (j *Journal) Follow(ctx context.Context, since time.Time, kinds []Kind, told func([]Entry)) (stop func(), err error) {
	j.following.Lock()
	defer j.following.Unlock()
	if err := j.tellPast(ctx, since, kinds, told); err != nil {
		return nil, fmt.Errorf("read the journal from %s on: %w", since.Format(time.RFC3339), err)
	}
	f := &follower{kinds, told}
	j.followers = append(j.followers, f)
	return func() {
		j.following.Lock()
		defer j.following.Unlock()
		j.followers = slices.DeleteFunc(j.followers, func(x *follower) bool { return x == f })
	}, nil
}

func (j *Journal) tellPast(ctx context.Context, since time.Time, kinds []Kind, told func([]Entry)) error {
	batch := make([]Entry, 0, chunk)
	err := j.Entries(ctx, since, time.Time{}, kinds, func(e Entry) {
		if batch = append(batch, e); len(batch) == chunk {
			told(batch)
			batch = make([]Entry, 0, chunk)
		}
	})
	if len(batch) > 0 {
		told(batch)
	}
	return err
}

// scanEntry reads call_id, seq, at, kind and details.
func scanEntry(row interface{ Scan(...any) error }, e *Entry) error {
	var at int64
	var details string
	if err := row.Scan(&e.Call, &e.Seq, &at, &e.Kind, &details); err != nil {
		return err
	}
	e.At = store.Time(at)
	if err := json.Unmarshal([]byte(details), &e.Details); err != nil {
		return fmt.Errorf("entry %d of call %s: %w", e.Seq, e.Call, err)
	}
	return nil
}

// tell passes a batch on that was committed. The lock of the followers is held.
func (j *Journal) tell(batch []Entry) {
	for _, f := range j.followers {
		var list []Entry
		for _, e := range batch {
			if slices.Contains(f.kinds, e.Kind) {
				list = append(list, e)
			}
		}
		if len(list) > 0 {
			f.told(list)
		}
	}
}
