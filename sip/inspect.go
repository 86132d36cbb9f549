package sip

import (
	"slices"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// A refusal is a final response to a request that is not taken.
type refusal struct {
	code    int
	reason  string
	headers []sipmsg.Header
}

// singles are the headers that a request has exactly once, those that may be missing among them.
var singles = [...]string{"Call-ID", "CSeq", "From", "To", "Max-Forwards", "Content-Length", "Content-Type"}

// inspect checks a request's form (RFC 3261 8.2 and 16.3; RFC 4475 has the ways to get it wrong). nil: it is sound.
func inspect(req *sipmsg.Request) *refusal {
	if !complete(req) {
		return &refusal{code: 400, reason: "Missing Header"}
	}
	if name := twice(req.Headers()); name != "" {
		return &refusal{code: 400, reason: "Duplicate " + name}
	}
	switch {
	case req.SipVersion != "SIP/2.0":
		return &refusal{code: 505, reason: "Version Not Supported"}
	case !strings.EqualFold(strings.TrimSpace(string(req.CSeq().MethodName)), string(req.Method)): // the library writes methods large
		return &refusal{code: 400, reason: "CSeq Method Mismatch"}
	case tagOf(req.From().Params) == "":
		return &refusal{code: 400, reason: "Missing From Tag"}
	case !slices.Contains([]string{"", "sip", "sips", "tel"}, strings.ToLower(req.Recipient.Scheme)):
		return &refusal{code: 416, reason: "Unsupported URI Scheme"}
	case len(req.Recipient.Headers) > 0:
		return &refusal{code: 400, reason: "Headers In Request-URI"}
	}
	if hops := req.MaxForwards(); hops != nil && hops.Val() == 0 && req.Method != sipmsg.OPTIONS {
		return &refusal{code: 483, reason: "Too Many Hops"}
	}
	if length := req.ContentLength(); length != nil && int(*length) != len(req.Body()) {
		return &refusal{code: 400, reason: "Bad Content-Length"}
	}
	return unknownOptions(req)
}

// twice is a header that stands there more than once, of those that must not; "" where there is none.
func twice(headers []sipmsg.Header) string {
	var seen [len(singles)]bool
	for _, h := range headers {
		i := slices.IndexFunc(singles[:], func(name string) bool { return strings.EqualFold(name, h.Name()) })
		if i >= 0 && seen[i] {
			return singles[i]
		}
		if i >= 0 {
			seen[i] = true
		}
	}
	return ""
}

// unknownOptions refuses what the request requires and we do not understand (RFC 3261 8.2.2.3).
func unknownOptions(req *sipmsg.Request) *refusal {
	if req.IsAck() || req.IsCancel() {
		return nil
	}
	var unknown []string
	for _, tag := range options(req, "Require", "Proxy-Require") {
		if !understands(tag) {
			unknown = append(unknown, oneLine(tag)) // a lone LF is none to the library
		}
	}
	if unknown == nil {
		return nil
	}
	header := sipmsg.NewHeader("Unsupported", strings.Join(unknown, ", "))
	return &refusal{code: 420, reason: "Bad Extension", headers: []sipmsg.Header{header}}
}

// foreignBody refuses a body in an INVITE or UPDATE that is no SDP (RFC 3261 8.2.3).
func foreignBody(req *sipmsg.Request) *refusal {
	kind, _, _ := strings.Cut(field(req, "Content-Type", "c"), ";")
	if len(req.Body()) == 0 || kind == "" || strings.EqualFold(strings.TrimSpace(kind), "application/sdp") {
		return nil
	}
	return &refusal{code: 415, reason: "Unsupported Media Type", headers: []sipmsg.Header{sipmsg.NewHeader("Accept", "application/sdp")}}
}
