package sip

import (
	"fmt"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// mostPath is how many proxies a registration may have come by.
const mostPath = 8

// readPath reads the value of Path (RFC 3327), <sip:192.0.2.9;lr>, <sip:192.0.2.10;lr>; "" is none.
func readPath(value string) ([]sipmsg.Uri, error) {
	var path []sipmsg.Uri
	for rest := strings.TrimSpace(value); rest != ""; {
		_, inner, open := strings.Cut(rest, "<")
		text, after, closed := strings.Cut(inner, ">")
		var uri sipmsg.Uri
		if !open || !closed || sipmsg.ParseUri(text, &uri) != nil || uri.Host == "" {
			return nil, fmt.Errorf("%w: path %q", ErrAddress, value)
		}
		if path = append(path, uri); len(path) > mostPath {
			return nil, fmt.Errorf("%w: a path of more than %d proxies", ErrAddress, mostPath)
		}
		_, rest, _ = strings.Cut(after, ",")
		rest = strings.TrimSpace(rest)
	}
	return path, nil
}

// writePath is the value that readPath reads.
func writePath(path []sipmsg.Uri) string {
	parts := make([]string, 0, len(path))
	for _, uri := range path {
		parts = append(parts, "<"+uri.String()+">")
	}
	return strings.Join(parts, ", ")
}

// pathOf is the path that a request has come by.
func pathOf(req *sipmsg.Request) ([]sipmsg.Uri, error) {
	var values []string
	for _, h := range req.GetHeaders("Path") {
		values = append(values, h.Value())
	}
	return readPath(strings.Join(values, ", "))
}
