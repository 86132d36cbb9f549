package journal

import (
	"context"
	"time"
)

// Recover ends the calls that a crash cut off, at the last moment that anything is known of them: their last entry, or what
// sign knows of them (the end of a recording, say; the zero time for nothing). It gives the calls it ended. Callbacks that
// were still to be made have not ended: see Owed.
func (j *Journal) Recover(ctx context.Context, sign func(call string) time.Time) ([]Call, error) {
	cut, err := j.unended(ctx)
	if err != nil {
		return nil, err
	}
	var calls []Call
	for _, c := range cut {
		if c.owed() {
			continue
		}
		calls = append(calls, c.Call)
		at := c.LastAt
		if s := sign(c.ID); s.After(at) {
			at = s
		}
		if !c.Talking.IsZero() {
			j.Append(Entry{Call: c.ID, At: at, Kind: TalkEnded, Details: Details{Agent: c.Agent, By: "system", Why: "interrupted"}})
		}
		j.Append(Entry{Call: c.ID, At: at, Kind: CallEnded, Details: Details{By: "system", Why: "interrupted", Outcome: Interrupted}})
	}
	return calls, j.Flush(ctx)
}
