package web

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

const audioPath = "/api/v1/recordings/r1/audio"

// played counts the plays that were noted.
func (h *house) played() (n int) {
	require.NoError(h.t, h.cfg.DB.QueryRow(`SELECT count(*) FROM web_plays`).Scan(&n))
	return n
}

func TestAudio(t *testing.T) {
	h := open(t)
	c := h.as("3001")
	whole := c.get(audioPath)
	require.Equal(t, http.StatusOK, whole.status)
	require.Equal(t, h.archive["r1"].audio, whole.body)
	require.Equal(t, "audio/wav", whole.header.Get("Content-Type"))
	require.Equal(t, `inline; filename="r1.wav"`, whole.header.Get("Content-Disposition"))
	require.Equal(t, "bytes", whole.header.Get("Accept-Ranges"))

	piece := c.do("GET", audioPath, nil, "Range", "bytes=4-13")
	require.Equal(t, http.StatusPartialContent, piece.status)
	require.Equal(t, "0123456789", string(piece.body))
	require.Equal(t, "bytes 4-13/1004", piece.header.Get("Content-Range"))
	require.Equal(t, http.StatusRequestedRangeNotSatisfiable, c.do("GET", audioPath, nil, "Range", "bytes=5000-").status)

	require.Equal(t, http.StatusNotFound, c.get("/api/v1/recordings/none/audio").status)
	require.Equal(t, http.StatusGone, c.get("/api/v1/recordings/r0/audio").status)
}

func TestPlaysAreNoted(t *testing.T) {
	h := open(t)
	c := h.as("3001")
	c.get(audioPath)
	require.Equal(t, 1, h.played())
	var person, recording, call, address string
	var at int64
	require.NoError(t, h.cfg.DB.QueryRow(`SELECT person, recording, call_id, address, at FROM web_plays`).Scan(&person, &recording, &call, &address, &at))
	require.Equal(t, []string{"3001", "r1", "c1", "127.0.0.1"}, []string{person, recording, call, address})
	require.NotZero(t, at)
	require.Contains(t, h.log.String(), "a recording is played")

	c.do("GET", audioPath, nil, "Range", "bytes=100-")
	c.do("GET", audioPath, nil, "Range", "bytes=200-")
	require.Equal(t, 1, h.played(), "pieces of the same play")
	h.as("3001").do("GET", audioPath, nil, "Range", "bytes=100-")
	require.Equal(t, 2, h.played(), "another session")
	c.do("GET", "/api/v1/recordings/r2/audio", nil, "Range", "bytes=0-")
	require.Equal(t, 3, h.played(), "another recording")
	c.get(audioPath)
	require.Equal(t, 4, h.played(), "from the start")
	_, err := h.cfg.DB.Exec(`UPDATE web_plays SET last_at = last_at - $1`, continued.Milliseconds()+1000)
	require.NoError(t, err)
	c.do("GET", audioPath, nil, "Range", "bytes=100-")
	require.Equal(t, 5, h.played(), "minutes later")

	h.as("1002").get(audioPath)
	c.get("/api/v1/recordings/none/audio")
	require.Equal(t, 5, h.played(), "nothing was heard")
}

func TestWhatCannotBeNotedIsNotPlayed(t *testing.T) {
	h := open(t)
	c := h.as("3001")
	_, err := h.cfg.DB.Exec(`DROP TABLE web_plays`)
	require.NoError(t, err)
	a := c.get(audioPath)
	require.Equal(t, http.StatusInternalServerError, a.status)
	require.NotContains(t, string(a.body), "web_plays", "the reason is for the log")
	require.Contains(t, h.log.String(), "web_plays")
}

func TestAgentsHearTheirOwnTalks(t *testing.T) {
	h := open(t)
	list := func(person, call string) any {
		return h.as(person).get("/api/v1/recordings?call=" + call).json(t)["recordings"]
	}
	require.Len(t, list("1001", "c1"), 2)
	require.Empty(t, list("1001", "c2"))
	require.Len(t, list("2001", "c2"), 1)
	require.Equal(t, http.StatusUnprocessableEntity, h.as("2001").get("/api/v1/recordings").status)
}
