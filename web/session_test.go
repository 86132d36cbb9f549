package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/center"
	"threering/config"
)

func cookieOf(t *testing.T, a answer) *http.Cookie {
	t.Helper()
	cookies := (&http.Response{Header: a.header}).Cookies()
	require.Len(t, cookies, 1)
	return cookies[0]
}

func TestSignIn(t *testing.T) {
	h := open(t)
	c := h.browser()
	require.Equal(t, http.StatusUnauthorized, c.get("/api/v1/session").status)

	a := c.signIn("1001", "right")
	require.Equal(t, http.StatusOK, a.status)
	me := a.json(t)
	require.Equal(t, me, c.get("/api/v1/session").json(t))
	require.Equal(t, "Asia/Shanghai", me["center"].(map[string]any)["time_zone"])
	require.Equal(t, []any{"下单"}, me["center"].(map[string]any)["reasons"])
	require.Equal(t, map[string]any{"sales": "sales", "support": "support"}, me["queue_titles"])
	delete(me, "center")
	delete(me, "queue_titles")
	require.Equal(t, map[string]any{"id": "1001", "name": "Person 1001", "role": "agent", "queues": []any{"support"}}, me)
	require.Equal(t, []string{"1001 true"}, h.floor.signedOn)

	cookie := cookieOf(t, a)
	require.True(t, cookie.HttpOnly)
	require.Equal(t, http.SameSiteStrictMode, cookie.SameSite)
	require.Equal(t, "/", cookie.Path)
	require.False(t, cookie.Secure, "plain HTTP")
	require.NotContains(t, h.log.String(), cookie.Value)
	require.NotContains(t, h.log.String(), "right")
}

func TestAgentsStartAsTheSettingsSay(t *testing.T) {
	h := open(t, func(c *Config) { c.Settings.Agents = config.Agents{AvailableOnSignIn: false} })
	h.as("1001")
	h.as("2001")
	require.Equal(t, []string{"1001 false"}, h.floor.signedOn, "supervisors come to watch")
}

func TestNobodyIsRungWhoseSignInFailed(t *testing.T) {
	h := open(t)
	_, err := h.cfg.DB.ExecContext(t.Context(), `ALTER TABLE web_sessions RENAME TO away`)
	require.NoError(t, err)
	require.GreaterOrEqual(t, h.browser().signIn("1001", "right").status, 500)
	require.Empty(t, h.floor.signedOn)
}

func TestWrongPasswordIsRefusedInOneWay(t *testing.T) {
	c := open(t).browser()
	unknown, wrong := c.signIn("nobody", "right"), c.signIn("1001", "wrong")
	require.Equal(t, http.StatusUnauthorized, wrong.status)
	require.Equal(t, wrong.body, unknown.body)
	require.Equal(t, "application/problem+json", wrong.header.Get("Content-Type"))
	require.Empty(t, wrong.header.Get("Set-Cookie"))
}

func TestTokenIsRenewedAtSignIn(t *testing.T) {
	h := open(t)
	c := h.browser()
	first := cookieOf(t, c.signIn("1001", "right")).Value
	second := cookieOf(t, c.signIn("1001", "right")).Value
	require.NotEqual(t, first, second)
	require.Equal(t, http.StatusUnauthorized, h.browser().do("GET", "/api/v1/session", nil, "Cookie", cookieName+"="+first).status)
	require.Equal(t, brain.Talking, h.floor.agent("1001").State, "the same person goes on working")

	c.signIn("1002", "right")
	require.Equal(t, brain.Offline, h.floor.agent("1001").State, "another one takes their place")
}

func TestSignOut(t *testing.T) {
	h := open(t)
	c := h.browser()
	token := cookieOf(t, c.signIn("1001", "right")).Value
	a := c.do("DELETE", "/api/v1/session", nil)
	require.Equal(t, http.StatusNoContent, a.status)
	require.Negative(t, cookieOf(t, a).MaxAge)
	require.Equal(t, brain.Offline, h.floor.agent("1001").State)
	require.Equal(t, "signed_out", h.floor.agent("1001").Reason)
	require.Equal(t, http.StatusUnauthorized, h.browser().do("GET", "/api/v1/session", nil, "Cookie", cookieName+"="+token).status)
	require.Equal(t, http.StatusNoContent, h.as("2001").do("DELETE", "/api/v1/session", nil).status, "who is no agent of the floor")
}

func TestPeopleWhoHaveGoneAreSignedOut(t *testing.T) {
	h := open(t)
	c := h.as("9001")
	require.Equal(t, http.StatusOK, c.get("/api/v1/center").status)
	h.people.set("9001", center.QA)
	require.Equal(t, http.StatusForbidden, c.get("/api/v1/center").status)
	h.people.dismiss("9001")
	require.Equal(t, http.StatusUnauthorized, c.get("/api/v1/center").status)
}

func TestGuessingIsSlowedDownForTheGuesserOnly(t *testing.T) {
	h := open(t)
	c := h.browser()
	for range freeTries + 1 {
		require.Equal(t, http.StatusUnauthorized, c.signIn("1001", "wrong").status)
	}
	a := c.signIn("1001", "right")
	require.Equal(t, http.StatusTooManyRequests, a.status)
	require.Equal(t, "1", a.header.Get("Retry-After"))
	require.Equal(t, http.StatusOK, c.signIn("1002", "right").status, "another name")
	require.Contains(t, string(c.get("/metrics").body), `threering_sign_ins_total{end="wrong"} 4`)
	require.Eventually(t, func() bool { return c.signIn("1001", "right").status == http.StatusOK }, 5*time.Second, 50*time.Millisecond)
}

func TestSessionsSurviveARestartAndExpire(t *testing.T) {
	h := open(t)
	token := cookieOf(t, h.browser().signIn("1001", "right")).Value
	again := open(t, func(c *Config) { c.DB = h.cfg.DB })
	require.Equal(t, http.StatusOK, again.browser().do("GET", "/api/v1/session", nil, "Cookie", cookieName+"="+token).status)

	var stored string
	require.NoError(t, h.cfg.DB.QueryRow(`SELECT token FROM web_sessions`).Scan(&stored))
	require.NotEqual(t, token, stored, "the database does not hold what opens a session")

	_, err := h.cfg.DB.Exec(`UPDATE web_sessions SET expires_at = 1`)
	require.NoError(t, err)
	require.Equal(t, http.StatusUnauthorized, again.browser().do("GET", "/api/v1/session", nil, "Cookie", cookieName+"="+token).status)
	require.NoError(t, again.table.expire(t.Context()))
	var left int
	require.NoError(t, h.cfg.DB.QueryRow(`SELECT count(*) FROM web_sessions`).Scan(&left))
	require.Zero(t, left)
}

func TestBadBodiesAreExplainedWithoutBeingRepeated(t *testing.T) {
	c := open(t).browser()
	a := c.do("POST", "/api/v1/session", map[string]any{"name": "1001", "password": "hunter2", "more": 1})
	require.Equal(t, http.StatusUnprocessableEntity, a.status)
	require.Contains(t, string(a.body), "body.more")
	require.NotContains(t, string(a.body), "hunter2")

	require.Equal(t, http.StatusUnsupportedMediaType, c.do("POST", "/api/v1/session", `{"name":"1001","password":"right"}`, "Content-Type", "text/plain").status)
	require.Equal(t, http.StatusUnsupportedMediaType, c.do("POST", "/api/v1/session", `{"name":"1001","password":"right"}`, "Content-Type", "").status)
	big := map[string]any{"name": "1001", "password": strings.Repeat("x", bodyMost)}
	require.Equal(t, http.StatusRequestEntityTooLarge, c.do("POST", "/api/v1/session", big).status)
}

func TestOtherSitesCannotAct(t *testing.T) {
	h := open(t)
	c := h.as("1001")
	body := map[string]string{"state": "break"}
	const path = "/api/v1/agents/1001/state"
	for _, foreign := range [][]string{
		{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"},
	} {
		a := c.do("PUT", path, body, foreign...)
		require.Equal(t, http.StatusForbidden, a.status, foreign)
		require.Equal(t, "application/problem+json", a.header.Get("Content-Type"))
	}
	require.Equal(t, brain.Talking, h.floor.agent("1001").State)
	require.Equal(t, http.StatusOK, c.do("PUT", path, body, "Sec-Fetch-Site", "same-origin").status)
	require.Equal(t, http.StatusOK, c.do("PUT", path, body, "Origin", h.URL()).status)
}
