package recording

import (
	"errors"
	"time"
)

var (
	// ErrNotFound says that no recording has the id.
	ErrNotFound = errors.New("no such recording")
	// ErrNoAudio says that a recording has no file (any more).
	ErrNoAudio = errors.New("the recording has no audio")
	// ErrClosed says that the archive takes no more talks.
	ErrClosed = errors.New("the recording archive is closed")
)

// The states of a recording.
const (
	// StateRecording: the talk is under way.
	StateRecording = "recording"
	// StateComplete: all that was heard is there (but see Dropped and Late).
	StateComplete = "complete"
	// StateRepaired: the process ended in the midst of the talk; what had been
	// written until then is there and plays.
	StateRepaired = "repaired"
	// StateFailed: the file could not be made or written, or has gone; Error
	// says why. What could be written is kept and plays.
	StateFailed = "failed"
)

// Meta says which talk a recording is of.
type Meta struct {
	Call   string    // id of the call; required
	Talk   int       // number of the talk within the call
	Agent  string    // id of the agent
	Queue  string    // name of the queue
	Caller string    // the caller's number
	At     time.Time // when the talk began, second 0 of the recording; zero or in the future: now
}

// Recording is what is known of one recorded talk.
type Recording struct {
	ID        string        `json:"id"`
	Call      string        `json:"call"`
	Talk      int           `json:"talk"`
	Agent     string        `json:"agent"`
	Queue     string        `json:"queue"`
	Caller    string        `json:"caller"`
	StartedAt time.Time     `json:"started_at"`        // UTC, to the millisecond
	EndedAt   time.Time     `json:"ended_at,omitzero"` // StartedAt + Duration; zero while the talk is under way
	Duration  time.Duration `json:"duration_ns"`       // length of the audio
	Size      int64         `json:"size"`              // length of the file in bytes
	State     string        `json:"state"`             // recording, complete, repaired or failed
	Dropped   int64         `json:"dropped"`           // packets lost because the disk was too slow
	Late      int64         `json:"late"`              // packets that came too late to be put in their place
	Error     string        `json:"error,omitempty"`   // why it failed
	Present   []Presence    `json:"present,omitempty"` // who was there beside caller and agent
	file      string        // path within the archive's folder, with slashes
}

// measure notes that the file is size bytes long.
func (r *Recording) measure(size int64) {
	r.Size = size
	r.Duration = length(frames(size))
}

// end notes that the recording ended with a file of size bytes.
func (r *Recording) end(state string, size int64) {
	r.State = state
	r.measure(size)
	r.EndedAt = r.StartedAt.Add(r.Duration).Truncate(time.Millisecond)
}
