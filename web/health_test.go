package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadiness(t *testing.T) {
	var opened atomic.Bool
	h := open(t, func(c *Config) {
		c.Ready = func() error {
			if opened.Load() {
				return nil
			}
			return errors.New("the phones are not listening yet")
		}
	})
	c := h.browser()
	require.Equal(t, http.StatusOK, c.get("/healthz").status)
	a := c.get("/readyz")
	require.Equal(t, http.StatusServiceUnavailable, a.status)
	require.JSONEq(t, `{"ready":false,"reasons":["the phones are not listening yet"]}`, string(a.body))
	opened.Store(true)
	a = c.get("/readyz")
	require.Equal(t, http.StatusOK, a.status)
	require.JSONEq(t, `{"ready":true}`, string(a.body))
	_, err := h.cfg.DB.Exec(`DROP TABLE web_sessions`)
	require.NoError(t, err)
	require.JSONEq(t, `{"ready":false,"reasons":["the database does not answer"]}`, string(c.get("/readyz").body))
	require.Equal(t, http.StatusOK, c.get("/healthz").status)
	require.Equal(t, http.StatusServiceUnavailable, c.do("GET", "/api/v1/session", nil, "Cookie", cookieName+"=x").status)
}

func TestMetricsAreForThisMachineAndAdmins(t *testing.T) {
	h := open(t)
	require.Contains(t, string(h.browser().get("/metrics").body), "threering_event_streams 0")
	passedOn := []string{"X-Forwarded-For", "192.0.2.7"}
	require.Equal(t, http.StatusForbidden, h.browser().do("GET", "/metrics", nil, passedOn...).status)
	require.Equal(t, http.StatusForbidden, h.as("2001").do("GET", "/metrics", nil, passedOn...).status)
	require.Equal(t, http.StatusOK, h.as("9001").do("GET", "/metrics", nil, passedOn...).status)
	w := httptest.NewRecorder()
	h.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil)) // from 192.0.2.1
	require.Equal(t, http.StatusForbidden, w.Code)
}

func TestPageAndHeaders(t *testing.T) {
	c := open(t).browser()
	a := c.get("/")
	require.Equal(t, http.StatusOK, a.status)
	require.Contains(t, string(a.body), "控制台")
	require.Contains(t, string(a.body), openapiPath)
	require.NotContains(t, string(a.body), "<script")
	for _, path := range []string{"/", "/api/v1/session", "/nothing"} {
		header := c.get(path).header
		require.Contains(t, header.Get("Content-Security-Policy"), "default-src 'none'")
		require.Contains(t, header.Get("Content-Security-Policy"), "frame-ancestors 'none'")
		require.Equal(t, "nosniff", header.Get("X-Content-Type-Options"))
		require.Equal(t, "no-referrer", header.Get("Referrer-Policy"))
		require.Contains(t, header.Get("Permissions-Policy"), "microphone=()")
		require.Equal(t, "no-store", header.Get("Cache-Control"))
	}
}

func TestWhatIsNotThere(t *testing.T) {
	c := open(t).browser()
	for _, path := range []string{"/nothing", "/api/v1/nothing"} {
		a := c.get(path)
		require.Equal(t, http.StatusNotFound, a.status)
		require.Equal(t, "There is nothing at "+path+".", a.json(t)["detail"])
	}
	a := c.do("PUT", "/api/v1/agents", map[string]string{})
	require.Equal(t, http.StatusMethodNotAllowed, a.status)
	require.Equal(t, "GET, HEAD", a.header.Get("Allow"))
	require.Equal(t, "application/problem+json", a.header.Get("Content-Type"))
}

func TestPanicsAreLoggedAndAnswered(t *testing.T) {
	h := build(t)
	defer h.Close()
	w := httptest.NewRecorder()
	h.rescue(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("boom") })).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	require.Equal(t, http.StatusInternalServerError, w.Code)
	require.NotContains(t, w.Body.String(), "boom")
	require.Contains(t, h.log.String(), "boom")
}
