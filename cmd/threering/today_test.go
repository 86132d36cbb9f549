package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/journal"
)

// happened writes what a call in the queue sales came to: answered within three seconds.
func happened(t *testing.T, h *house, call string) {
	t.Helper()
	at := time.Now()
	h.journal.Append(
		journal.Entry{Call: call, At: at, Kind: journal.CallArrived},
		journal.Entry{Call: call, At: at, Kind: journal.QueueEntered, Details: journal.Details{Queue: "sales", TargetMs: 15_000}},
		journal.Entry{Call: call, At: at.Add(3 * time.Second), Kind: journal.CallerHears},
		journal.Entry{Call: call, At: at.Add(9 * time.Second), Kind: journal.CallEnded},
	)
	require.NoError(t, h.journal.Flush(t.Context()))
}

// today is some of a queue's counts.
type today struct{ Offered, Answered int }

// salesToday asks the API how the queue sales has done today.
func salesToday(t *testing.T, h *house, c *http.Client) today {
	t.Helper()
	res, err := c.Get(h.web.URL() + "/api/v1/queues")
	require.NoError(t, err)
	defer res.Body.Close()
	var list struct {
		Queues []struct {
			Name  string
			Today today
		}
	}
	require.NoError(t, json.NewDecoder(res.Body).Decode(&list))
	for _, q := range list.Queues {
		if q.Name == "sales" {
			return q.Today
		}
	}
	t.Fatalf("no queue sales in %+v", list)
	return today{}
}

func TestTodaysCountsAreToldAndOutliveTheServer(t *testing.T) {
	s := demoSettings(t)
	s.DemoPassword = "one-for-all"
	t.Run("first", func(t *testing.T) {
		h := open(t, s)
		sup := signIn(t, h, "sup", s.DemoPassword)
		res, err := sup.Get(h.web.URL() + "/api/v1/events")
		require.NoError(t, err)
		defer res.Body.Close()
		events := bufio.NewScanner(res.Body)
		for n := 1; n <= 2; n++ {
			happened(t, h, fmt.Sprint("c", n))
			for event := ""; event != "event: queue.counted"; event = events.Text() {
				require.True(t, events.Scan(), "the stream ended")
			}
			require.True(t, events.Scan())
			require.Contains(t, events.Text(), fmt.Sprintf(`{"name":"sales","today":{"offered":%d,`, n))
			require.Equal(t, today{n, n}, salesToday(t, h, sup), "who fetches after the event sees what it tells")
		}
	})
	t.Run("second", func(t *testing.T) {
		h := open(t, s)
		require.Equal(t, today{2, 2}, salesToday(t, h, signIn(t, h, "sup", s.DemoPassword)))
	})
}
