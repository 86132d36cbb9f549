package web

import (
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"threering/acd/floor"
	"threering/sip/trunk"
)

// denialPrefix begins the type of a problem (RFC 9457, section 3.1.1) that pages have words of their own for.
const denialPrefix = "urn:threering:"

// outPrefix goes before the reason where a number outside may not be called.
const outPrefix = "out_"

// denial is a way in which the floor does not do what it is asked to.
type denial struct {
	err    error
	status int
	word   string // the end of the problem's type
	text   string
}

// denials are those that a page can tell apart.
func denials() []denial {
	return []denial{
		{floor.ErrNoCall, http.StatusNotFound, "no_call", "This call is over."},
		{floor.ErrNoTarget, http.StatusNotFound, "no_target", "Nobody answers to that."},
		{floor.ErrNoQueue, http.StatusNotFound, "no_queue", "There is no such queue."},
		{floor.ErrNoAgent, http.StatusNotFound, "no_agent", "There is no such agent."},
		{floor.ErrNotYours, http.StatusForbidden, "not_yours", "This call is another agent's."},
		{floor.ErrNotNow, http.StatusConflict, "not_now", "This is not possible at this point of the call."},
		{floor.ErrNotWaiting, http.StatusConflict, "not_waiting", "This call does not wait in a queue any more."},
		{floor.ErrServed, http.StatusConflict, "served", "They were served since, or are to be called back already."},
		{floor.ErrTargetBusy, http.StatusConflict, "busy", "They are busy."},
		{floor.ErrBusy, http.StatusConflict, "busy", "They are busy."},
		{floor.ErrSelf, http.StatusConflict, "self", "Nobody can be called by themselves."},
		{floor.ErrNoPhone, http.StatusConflict, "no_phone", "The phone cannot be rung."},
		{floor.ErrNoTrunk, http.StatusConflict, "no_trunk", "No number outside can be called."},
		{floor.ErrBadMode, http.StatusUnprocessableEntity, "bad_mode", "There is no such way to take part."},
		{floor.ErrBadState, http.StatusUnprocessableEntity, "bad_state", "An agent can be set to available, break or offline."},
	}
}

// refused is the floor's refusal as the visitor gets it; nil: err is none.
func refused(err error) error {
	var out *trunk.Refusal
	if errors.As(err, &out) {
		return &huma.ErrorModel{
			Type: denialPrefix + outPrefix + string(out.Reason), Title: http.StatusText(http.StatusForbidden), Status: http.StatusForbidden,
			Detail: sentence(out),
		}
	}
	for _, r := range denials() {
		if errors.Is(err, r.err) {
			return &huma.ErrorModel{Type: denialPrefix + r.word, Title: http.StatusText(r.status), Status: r.status, Detail: r.text}
		}
	}
	return nil
}

// denialTypes lists the types, for the API's document.
func denialTypes() string {
	var words []string
	seen := map[string]bool{}
	for _, r := range denials() {
		if !seen[r.word] {
			words = append(words, r.word)
		}
		seen[r.word] = true
	}
	return strings.Join(words, ", ") + ", " + outPrefix + "… with a reason of check-way-out"
}
