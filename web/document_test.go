package web

import (
	"database/sql"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"threering/center"
	"threering/crm"
)

func TestDocumentOut(t *testing.T) {
	a := open(t).as("9001").get("/api/v1/center")
	require.Equal(t, http.StatusOK, a.status)
	require.Equal(t, yamlType, a.header.Get("Content-Type"))
	require.Equal(t, "center:\n  name: 三声\n", string(a.body))
}

func TestDocumentIn(t *testing.T) {
	h := open(t)
	c := h.as("9001")
	a := c.do("PUT", "/api/v1/center", "center:\n  name: 三声\n")
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	require.Equal(t, []any{"changed center"}, a.json(t)["lines"])
	require.Equal(t, []any{}, a.json(t)["new_people"])
	require.Equal(t, "三声", h.document.applied[0].Center.Name)

	a = c.do("PUT", "/api/v1/center", "center:\n  name: 三声\n  colour: blue\n  language: fr\n")
	require.Equal(t, http.StatusUnprocessableEntity, a.status)
	require.Contains(t, string(a.body), "center.yaml:3: center.colour: unknown key")
	require.Equal(t, http.StatusUnsupportedMediaType, c.do("PUT", "/api/v1/center", map[string]string{}).status)
	require.Len(t, h.document.applied, 1)
}

// The real center behind it: what is exported can be applied, and problems come
// back with their lines.
func TestTheCenterItself(t *testing.T) {
	const text = "center:\n  name: 三声\npeople:\n  - {id: \"9001\", name: 李明, role: admin}\n"
	h := open(t, func(c *Config) {
		real, err := center.Open(t.Context(), center.Config{DB: c.DB})
		require.NoError(t, err)
		doc, err := center.Check("first.yaml", []byte(text))
		require.NoError(t, err)
		_, err = real.Apply(t.Context(), doc)
		require.NoError(t, err)
		require.NoError(t, real.SetPassword(t.Context(), "9001", "right"))
		c.People, c.Document = real, real
	})
	require.Equal(t, http.StatusUnauthorized, h.browser().signIn("9001", "wrong").status)
	c := h.as("9001")
	exported := string(c.get("/api/v1/center").body)
	require.Contains(t, exported, "李明")
	a := c.do("PUT", "/api/v1/center", exported)
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	require.Equal(t, []any{}, a.json(t)["lines"], "nothing changed")
	a = c.do("PUT", "/api/v1/center", text+"  - {id: \"1001\", name: 王芳, role: chef}\n")
	require.Equal(t, http.StatusUnprocessableEntity, a.status)
	require.Contains(t, string(a.body), "center.yaml:5: people.1.role")
	a = c.do("PUT", "/api/v1/center", text+"  - {id: \"1001\", name: 王芳, role: agent}\n")
	require.Equal(t, []any{"1001"}, a.json(t)["new_people"])
}

func TestCustomers(t *testing.T) {
	h := open(t)
	part := crm.Part{Country: "CN", Customers: []crm.Customer{
		{ID: "k1", Name: "王芳", Numbers: []string{"138 0013 8000"}, Orders: []crm.Order{{ID: "o1", Title: "Lamp", State: "paid", OrderedAt: past(8, 0)}}},
	}}
	require.NoError(t, h.cfg.DB.Tx(t.Context(), func(tx *sql.Tx) error { return crm.Apply(t.Context(), tx, part) }))
	c := h.as("1001")
	got := c.get("/api/v1/customers?number=%2B86%20138-0013-8000").json(t)
	require.Equal(t, "+8613800138000", got["number"].(map[string]any)["digits"])
	customer := got["customers"].([]any)[0].(map[string]any)
	require.Equal(t, "王芳", customer["name"])
	require.Equal(t, "Lamp", customer["orders"].([]any)[0].(map[string]any)["title"])
	require.Equal(t, []any{}, c.get("/api/v1/customers?number=95588").json(t)["customers"])
	require.Equal(t, "138 0013 8000", c.get("/api/v1/pop?number=%2B8613800138000").json(t)["display"])
}
