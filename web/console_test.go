package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// ask gets a path of a console with one script.
func ask(t *testing.T, path, encoding string) *httptest.ResponseRecorder {
	t.Helper()
	c, err := newConsole(fstest.MapFS{
		"index.html":          {Data: []byte(`<script nonce="threering-nonce"></script><style nonce="threering-nonce">`)},
		"assets/main-1.js":    {Data: []byte("plain")},
		"assets/main-1.js.gz": {Data: []byte("packed")},
		"icon.svg":            {Data: []byte("<svg/>")},
	})
	require.NoError(t, err)
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	return w
}

func TestTheConsolesPageIsThereForEveryPathThatNamesNoFile(t *testing.T) {
	nonces := map[string]bool{}
	for _, path := range []string{"/", "/calls", "/calls/abc"} {
		w := ask(t, path, "")
		require.Equal(t, http.StatusOK, w.Code)
		require.Equal(t, "no-cache", w.Header().Get("Cache-Control"))
		found := regexp.MustCompile(`'nonce-(\w{20,})'`).FindStringSubmatch(w.Header().Get("Content-Security-Policy"))
		require.NotNil(t, found)
		require.Equal(t, `<script nonce="`+found[1]+`"></script><style nonce="`+found[1]+`">`, w.Body.String())
		nonces[found[1]] = true
	}
	require.Len(t, nonces, 3, "a nonce is used once")
}

func TestTheConsolesPolicyIsStrict(t *testing.T) {
	policy := ask(t, "/", "").Header().Get("Content-Security-Policy")
	require.Contains(t, policy, "default-src 'none'; script-src 'self';")
	require.NotContains(t, policy, "unsafe")
	require.Contains(t, policy, "connect-src 'self';", "the server's own WebSocket included")
	require.Contains(t, ask(t, "/", "").Header().Get("Permissions-Policy"), "microphone=(self)", "its phone speaks")
}

func TestTheConsolesFiles(t *testing.T) {
	w := ask(t, "/assets/main-1.js", "br, gzip")
	require.Equal(t, "packed", w.Body.String())
	require.Equal(t, "gzip", w.Header().Get("Content-Encoding"))
	require.Equal(t, "public, max-age=31536000, immutable", w.Header().Get("Cache-Control"))
	require.Contains(t, w.Header().Get("Content-Type"), "javascript")

	w = ask(t, "/assets/main-1.js", "")
	require.Equal(t, "plain", w.Body.String())
	require.Empty(t, w.Header().Get("Content-Encoding"))

	require.Equal(t, "no-cache", ask(t, "/icon.svg", "gzip").Header().Get("Cache-Control"))
	require.Equal(t, http.StatusNotFound, ask(t, "/assets/main-0.js", "").Code, "a page of an older build must not take this for a script")
	require.Equal(t, http.StatusNotFound, ask(t, "/../console.go", "").Code)
}

func TestWhereNoConsoleWasBuilt(t *testing.T) {
	c, err := newConsole(fstest.MapFS{".keep": {}})
	require.NoError(t, err)
	require.Nil(t, c)
	w := httptest.NewRecorder()
	servePage(w, httptest.NewRequest("GET", "/", nil))
	require.Contains(t, w.Body.String(), "make console")
}

// The console's client is typed from a copy of the API's document. make api-types brings it up to date.
func TestTheConsoleKnowsTheAPI(t *testing.T) {
	const copied = "console/openapi.json"
	text, err := json.MarshalIndent(build(t).api.OpenAPI(), "", "  ")
	require.NoError(t, err)
	if os.Getenv("THREERING_API_TYPES") != "" {
		require.NoError(t, os.WriteFile(copied, append(text, '\n'), 0o644))
	}
	known, err := os.ReadFile(copied)
	require.NoError(t, err)
	require.JSONEq(t, string(known), string(text), "the API has changed: make api-types")
}
