package sip

import (
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// tidy takes the white space away that may stand around the "=" and ";" of parameters (RFC 3261 25.1, SWS): the library
// leaves it in their names, and so would find no tag and no branch.
func tidy(msg sipmsg.Message) {
	var headers []sipmsg.Header
	switch msg := msg.(type) {
	case *sipmsg.Request:
		headers = msg.Headers()
	case *sipmsg.Response:
		headers = msg.Headers()
	}
	for _, h := range headers {
		switch h := h.(type) {
		case *sipmsg.ViaHeader:
			tidyParams(h.Params)
		case *sipmsg.FromHeader:
			tidyParams(h.Params)
		case *sipmsg.ToHeader:
			tidyParams(h.Params)
		case *sipmsg.ContactHeader:
			tidyParams(h.Params)
		}
	}
}

func tidyParams(params sipmsg.HeaderParams) {
	for i, p := range params {
		params[i] = sipmsg.HeaderKV{K: strings.TrimSpace(p.K), V: strings.TrimSpace(p.V)}
	}
}
