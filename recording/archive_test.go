package recording

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/store"
)

func TestRowsAndFiles(t *testing.T) {
	h := newHouse(t)
	meta := Meta{Call: "c1", Talk: 2, Agent: "1001", Queue: "sales", Caller: "13800138000"}
	c := h.start(t, meta)
	require.Eventually(t, func() bool {
		now, err := h.Get(t.Context(), c.ID())
		return err == nil && now.State == StateRecording
	}, 5*time.Second, time.Millisecond, "the row is there while the talk goes on")
	rec, err := c.Stop()
	require.NoError(t, err)
	again, err := c.Stop()
	require.NoError(t, err)
	require.Equal(t, rec, again)

	got, err := h.Get(t.Context(), c.ID())
	require.NoError(t, err)
	require.Equal(t, rec, got)
	require.Equal(t, meta, Meta{got.Call, got.Talk, got.Agent, got.Queue, got.Caller, time.Time{}})
	require.Equal(t, got.EndedAt, got.StartedAt.Add(got.Duration).Truncate(ms))
	list, err := h.List(t.Context(), "c1")
	require.NoError(t, err)
	require.Equal(t, []Recording{rec}, list)

	name := filepath.Join(h.dir, rec.StartedAt.Format(days), rec.ID+".wav")
	info, err := os.Stat(name)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode())
	require.Equal(t, rec.Size, info.Size())
	for name = filepath.Dir(name); name != filepath.Dir(h.dir); name = filepath.Dir(name) {
		info, err = os.Stat(name)
		require.NoError(t, err)
		require.Equal(t, fs.FileMode(0o700), info.Mode().Perm())
	}
}

func TestJSON(t *testing.T) {
	text, err := json.Marshal(Recording{ID: "x", StartedAt: time.UnixMilli(0).UTC(), Duration: time.Second, State: StateRecording, file: "secret"})
	require.NoError(t, err)
	require.JSONEq(t, `{"id":"x","call":"","talk":0,"agent":"","queue":"","caller":"","started_at":"1970-01-01T00:00:00Z",
		"duration_ns":1000000000,"size":0,"state":"recording","dropped":0,"late":0}`, string(text))
}

func TestErrors(t *testing.T) {
	h := newHouse(t)
	_, err := h.Start(Meta{})
	require.ErrorContains(t, err, "no call")
	_, err = h.Get(t.Context(), "nobody")
	require.ErrorIs(t, err, ErrNotFound)
	_, _, err = h.Audio(t.Context(), "nobody")
	require.ErrorIs(t, err, ErrNotFound)
	list, err := h.List(t.Context(), "nobody")
	require.NoError(t, err)
	require.Empty(t, list)

	rec, err := h.start(t, Meta{Call: "c"}).Stop()
	require.NoError(t, err)
	require.NoError(t, os.Remove(filepath.Join(h.dir, rec.file)))
	_, _, err = h.Audio(t.Context(), rec.ID)
	require.ErrorIs(t, err, ErrNoAudio)
}

func TestCloseStopsWhatIsUnderWay(t *testing.T) {
	h := newHouse(t)
	c := h.start(t, Meta{Call: "c"})
	require.NoError(t, h.Close())
	rec, err := h.Get(t.Context(), c.ID())
	require.NoError(t, err)
	require.Equal(t, StateComplete, rec.State)
	_, err = h.Start(Meta{Call: "c"})
	require.ErrorIs(t, err, ErrClosed)
}

func TestSeek(t *testing.T) {
	h := newHouse(t)
	c := h.start(t, Meta{Call: "c", At: time.Now().Add(-time.Second)})
	_, err := c.Stop()
	require.NoError(t, err)
	wav, rec := h.wav(t, c.ID())
	audio, _, err := h.Audio(t.Context(), c.ID())
	require.NoError(t, err)
	defer audio.Close()
	for _, from := range []int64{0, 10, 44, 1000, rec.Size} {
		at, err := audio.Seek(from, io.SeekStart)
		require.NoError(t, err)
		require.Equal(t, from, at)
		rest, err := io.ReadAll(audio)
		require.NoError(t, err)
		require.True(t, bytes.Equal(wav[from:], rest))
	}
}

// The database refuses the row of a talk that has ended; the next one brings
// it in.
func TestRowsAreMadeUpFor(t *testing.T) {
	h := newHouse(t)
	first, second := h.start(t, Meta{Call: "c", Talk: 1}), h.start(t, Meta{Call: "c", Talk: 2})
	exec := func(statement string) {
		_, err := h.db.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	require.Eventually(t, func() bool {
		list, err := h.List(t.Context(), "c")
		return err == nil && len(list) == 2
	}, 5*time.Second, time.Millisecond)
	exec(`ALTER TABLE recordings RENAME TO away`)
	_, err := first.Stop()
	require.ErrorContains(t, err, "write row")
	require.Len(t, h.alarms.all(), 1)
	exec(`ALTER TABLE away RENAME TO recordings`)
	_, err = second.Stop()
	require.NoError(t, err)
	list, err := h.List(t.Context(), "c")
	require.NoError(t, err)
	require.Equal(t, StateComplete, list[0].State)
	require.Equal(t, StateComplete, list[1].State)
}

func TestRepair(t *testing.T) {
	h := newHouse(t)
	put := func(name string, content []byte) Recording {
		started := time.Date(2026, 11, 22, 4, 0, 0, 0, time.UTC)
		rec := Recording{ID: name, Call: name, StartedAt: started, State: StateRecording, file: "2026/11/22/" + name + ".wav"}
		require.NoError(t, h.table.save(t.Context(), rec))
		if content != nil {
			path := filepath.Join(h.dir, rec.file)
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
			require.NoError(t, os.WriteFile(path, content, 0o600))
		}
		return rec
	}
	put("whole", append(wavHeader(0), make([]byte, 8000*4)...))
	put("cut", append(wavHeader(100), make([]byte, 4000*4+3)...))
	put("empty", []byte{})
	put("missing", nil)
	stray := filepath.Join(h.dir, "2026/11/22/stray.wav")
	require.NoError(t, os.WriteFile(stray, []byte("what"), 0o600))
	require.NoError(t, h.Close())

	var log bytes.Buffer
	a, err := Open(t.Context(), Config{Dir: h.dir, DB: h.db, Log: slog.New(slog.NewTextHandler(&log, nil))})
	require.NoError(t, err)
	defer a.Close()
	for name, want := range map[string]struct {
		state    string
		duration time.Duration
	}{"whole": {StateRepaired, time.Second}, "cut": {StateRepaired, 500 * ms}, "empty": {StateRepaired, 0}, "missing": {StateFailed, 0}} {
		rec, err := a.Get(t.Context(), name)
		require.NoError(t, err)
		require.Equal(t, want.state, rec.State, name)
		require.Equal(t, want.duration, rec.Duration, name)
		require.Equal(t, rec.StartedAt.Add(want.duration), rec.EndedAt, name)
		if want.state == StateRepaired {
			content, err := os.ReadFile(filepath.Join(h.dir, rec.file))
			require.NoError(t, err)
			left, _ := decode(t, content)
			require.Equal(t, want.duration, length(int64(len(left))), name)
			require.Len(t, content, int(rec.Size))
		}
	}
	content, err := os.ReadFile(stray)
	require.NoError(t, err)
	require.Equal(t, "what", string(content))
	require.Contains(t, log.String(), "stray.wav")
	require.NotContains(t, log.String(), "first=2026/11/22/whole.wav")
}

// A file that cannot be put right holds up neither the others nor the start.
func TestRepairThatFails(t *testing.T) {
	h := newHouse(t)
	rec, err := h.start(t, Meta{Call: "c"}).Stop()
	require.NoError(t, err)
	rec.State = StateRecording
	require.NoError(t, h.table.save(t.Context(), rec))
	name := filepath.Join(h.dir, rec.file)
	require.NoError(t, os.Remove(name))
	require.NoError(t, os.Mkdir(name, 0o700))
	require.NoError(t, h.Close())
	again := openHouse(t, h.dir, h.db)
	require.Len(t, again.alarms.all(), 1)
	rec, err = again.Get(t.Context(), rec.ID)
	require.NoError(t, err)
	require.Equal(t, StateRecording, rec.State)
}

const victimDir = "THREERING_TEST_RECORD_UNTIL_KILLED"

// recordUntilKilled is the process that TestKill kills: it records two tones
// and says how many milliseconds of them it has handed over.
func recordUntilKilled(dir string) {
	ctx := context.Background()
	db, err := store.Open(ctx, filepath.Join(dir, "db"))
	if err != nil {
		panic(err)
	}
	a, err := Open(ctx, Config{Dir: filepath.Join(dir, "recordings"), DB: db})
	if err != nil {
		panic(err)
	}
	c, err := a.Start(Meta{Call: "killed"})
	if err != nil {
		panic(err)
	}
	start := time.Now()
	left := (&phone{tone: steady(440)}).talk(c.Left(), 0, time.Minute)
	right := (&phone{tone: steady(1000)}).talk(c.Right(), 0, time.Minute)
	for i := range left {
		time.Sleep(time.Until(start.Add(left[i].at)))
		for _, p := range []packet{left[i], right[i]} {
			p.to.Packet(time.Now(), p.codec, p.seq, p.stamp, p.payload)
		}
		fmt.Println(time.Since(c.origin).Milliseconds())
	}
}

func TestKill(t *testing.T) {
	dir := t.TempDir()
	victim := exec.CommandContext(t.Context(), os.Args[0])
	victim.Env = append(os.Environ(), victimDir+"="+dir)
	out, err := victim.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, victim.Start())
	var said time.Duration
	lines := bufio.NewScanner(out)
	for said < 1300*ms && lines.Scan() {
		n, err := strconv.Atoi(strings.TrimSpace(lines.Text()))
		require.NoError(t, err)
		said = time.Duration(n) * ms
	}
	require.NoError(t, victim.Process.Kill())
	require.Error(t, victim.Wait())
	require.GreaterOrEqual(t, said, 1300*ms)

	db, err := store.Open(t.Context(), filepath.Join(dir, "db"))
	require.NoError(t, err)
	defer db.Close()
	h := openHouse(t, filepath.Join(dir, "recordings"), db)
	list, err := h.List(t.Context(), "killed")
	require.NoError(t, err)
	require.Len(t, list, 1)
	rec := list[0]
	require.Equal(t, StateRepaired, rec.State)
	require.GreaterOrEqual(t, rec.Duration, said-beat-200*ms) // 200 ms for a machine that is busy
	wav, _ := h.wav(t, rec.ID)
	left, right := decode(t, wav)
	from := max(onset(left, 0), onset(right, 0))
	require.Less(t, from, 500*ms)
	hears(t, left, 440, from, rec.Duration-40*ms)
	hears(t, right, 1000, from, rec.Duration-40*ms)
}
