package sip

import (
	"net/url"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// replaced finds the leg that a Replaces names (RFC 3891): call-id;to-tag=…;from-tag=…, of which to-tag is ours. There are
// phones that see it from their own side.
func (s *Server) replaced(value string) *Leg {
	id, params, _ := strings.Cut(value, ";")
	tags := map[string]string{}
	for param := range strings.SplitSeq(params, ";") {
		name, tag, _ := strings.Cut(strings.TrimSpace(param), "=")
		tags[strings.ToLower(name)] = tag
	}
	for _, ours := range []string{tags["to-tag"], tags["from-tag"]} {
		if l := s.legs.find(strings.TrimSpace(id), ours); l != nil && ours != "" {
			return l
		}
	}
	return nil
}

// replaces is the value of a Replaces for a leg, as its peer's other peers need it; "" before it is answered.
func (l *Leg) replaces() string {
	d := l.dialog
	if d.remote.tag == "" {
		return ""
	}
	return d.callID + ";to-tag=" + d.remote.tag + ";from-tag=" + d.local.tag
}

// headerOf is the value of a header that a URI carries after its "?"; "" where there is none.
func headerOf(uri sipmsg.Uri, name string) string {
	for _, h := range uri.Headers {
		if !strings.EqualFold(h.K, name) {
			continue
		}
		if plain, err := url.PathUnescape(h.V); err == nil {
			return plain
		}
		return h.V
	}
	return ""
}
