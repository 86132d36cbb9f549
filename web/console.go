package web

import (
	"bytes"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// dist is the built console. Where nothing was built there is only a placeholder in it.
//
//go:embed all:console/dist
var dist embed.FS

const (
	assetsPath = "/assets/"        // what is there has a hash of its content in its name
	nonceMark  = "threering-nonce" // stands in the page where each answer's nonce goes
	forLong    = "public, max-age=31536000, immutable"
)

// console is the pages for people. Every path that names no file gives the one page, whose script shows what the path says.
type console struct {
	files fs.FS
	page  [][]byte // what stands between the nonces
}

// newConsole opens the built pages, those in this binary for nil. It gives nil where none were built.
func newConsole(files fs.FS) (c *console, err error) {
	if files == nil {
		if files, err = fs.Sub(dist, "console/dist"); err != nil {
			return nil, fmt.Errorf("open the console: %w", err)
		}
	}
	page, err := fs.ReadFile(files, "index.html")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open the console: %w", err)
	}
	return &console{files, bytes.Split(page, []byte(nonceMark))}, nil
}

func (c *console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		writeOnly(w, "GET, HEAD")
		return
	}
	if path.Ext(r.URL.Path) != "" {
		c.serveFile(w, r)
		return
	}
	nonce := rand.Text()
	w.Header().Set("Content-Security-Policy", pagePolicy(nonce))
	w.Header().Set("Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(self)")
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(bytes.Join(c.page, []byte(nonce))) // who left needs no page
}

// pagePolicy lets the page load its own scripts and talk to its own server, also over WebSocket (CSP 3, section 6.7.2.8: 'self' is
// the origin's ws and wss, too), and nothing else. Styles that scripts make need the answer's nonce.
func pagePolicy(nonce string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce + "'; img-src 'self' data:; font-src 'self'; " +
		"connect-src 'self'; media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

func (c *console) serveFile(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	data, packed, err := c.read(name, strings.Contains(r.Header.Get("Accept-Encoding"), "gzip"))
	if err != nil {
		writeNothingAt(w, r)
		return
	}
	h := w.Header()
	h.Add("Vary", "Accept-Encoding")
	if packed {
		h.Set("Content-Encoding", "gzip")
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		h.Set("Content-Type", kind)
	}
	h.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(r.URL.Path, assetsPath) {
		h.Set("Cache-Control", forLong)
	}
	_, _ = w.Write(data)
}

// read gives a file, as the build has packed it where that is welcome and there.
func (c *console) read(name string, packed bool) ([]byte, bool, error) {
	if packed {
		if data, err := fs.ReadFile(c.files, name+".gz"); err == nil {
			return data, true, nil
		}
	}
	data, err := fs.ReadFile(c.files, name)
	return data, false, err
}
