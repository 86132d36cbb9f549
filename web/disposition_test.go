package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/journal"
)

const dispositionPath = "/api/v1/calls/c1/disposition"

func TestDisposition(t *testing.T) {
	h := open(t)
	c := h.as("1001")
	a := c.do("PUT", dispositionPath, map[string]string{"reason": " order ", "notes": "wants\tblue\nnot red", "follow_up": "2026-12-01"})
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	require.Equal(t, map[string]any{
		"reason": "order", "notes": "wants\tblue\nnot red", "follow_up": "2026-12-01", "version": 1.0, "by": "1001",
	}, a.json(t))
	require.Equal(t, []string{"c1 {order wants\tblue\nnot red 2026-12-01 1 1001 <nil>}"}, h.floor.disposed)
	require.Equal(t, http.StatusNotFound, c.do("PUT", "/api/v1/calls/none/disposition", map[string]string{"reason": "order"}).status)
	require.Equal(t, http.StatusForbidden, c.do("PUT", "/api/v1/calls/c2/disposition", map[string]string{"reason": "order"}).status)
	require.Len(t, h.floor.disposed, 1)
}

func TestDispositionsThatAreRefusedNameTheField(t *testing.T) {
	h := open(t)
	c := h.as("1001")
	for _, bad := range []struct {
		field string
		body  map[string]any
	}{
		{"body", map[string]any{}},
		{"body.reason", map[string]any{"reason": ""}},
		{"body.reason", map[string]any{"reason": " \u3000\t"}},
		{"body.reason", map[string]any{"reason": "one\ntwo"}},
		{"body.reason", map[string]any{"reason": strings.Repeat("长", 101)}},
		{"body.notes", map[string]any{"reason": "order", "notes": "bell\a"}},
		{"body.notes", map[string]any{"reason": "order", "notes": "\u0085"}},
		{"body.follow_up", map[string]any{"reason": "order", "follow_up": "tomorrow"}},
		{"body.follow_up", map[string]any{"reason": "order", "follow_up": "2026-02-30"}},
		{"body.version", map[string]any{"reason": "order", "version": -1}},
		{"body.version", map[string]any{"reason": "order", "version": "1"}},
		{"body.colour", map[string]any{"reason": "order", "colour": "blue"}},
	} {
		a := c.do("PUT", dispositionPath, bad.body)
		require.Equal(t, http.StatusUnprocessableEntity, a.status, bad)
		var fields []any
		for _, e := range a.json(t)["errors"].([]any) {
			fields = append(fields, e.(map[string]any)["location"])
		}
		require.Contains(t, fields, bad.field, bad)
	}
	require.Empty(t, h.floor.disposed)
}

func TestAStaleTabIsToldWhatIsThere(t *testing.T) {
	h := open(t)
	at := past(12, 0)
	h.floor.present = journal.Disposition{Reason: "fault", Version: 2, By: "2001", At: &at}
	c := h.as("1001")
	for _, seen := range []int{0, 1, 3} {
		a := c.do("PUT", dispositionPath, map[string]any{"reason": "order", "version": seen})
		require.Equal(t, http.StatusConflict, a.status)
		problem := a.json(t)
		require.Equal(t, "Meanwhile 2001 has written about this call. Nothing was changed.", problem["detail"])
		require.Equal(t, []any{map[string]any{
			"location": "disposition", "message": "version 2, by 2001",
			"value": map[string]any{"reason": "fault", "version": 2.0, "by": "2001", "at": at.Format(time.RFC3339)},
		}}, problem["errors"])
	}
	require.Empty(t, h.floor.disposed)
	require.EqualValues(t, 3, c.do("PUT", dispositionPath, map[string]any{"reason": "order", "version": 2}).json(t)["version"])

	h.floor.present = journal.Disposition{}
	a := c.do("PUT", dispositionPath, map[string]any{"reason": "order", "version": 1})
	require.Equal(t, http.StatusConflict, a.status)
	require.Equal(t, "Nothing has been written about this call yet. Nothing was changed.", a.json(t)["detail"])
}
