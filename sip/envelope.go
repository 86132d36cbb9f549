package sip

import "bytes"

// An envelope is what stands on the outside of a message: as much as the gate needs to know before anything is parsed. Its
// fields point into the message.
type envelope struct {
	method   []byte // of a request; nil: it is a response
	callID   []byte
	from, to []byte // the tags; nil where there is none
	user     []byte // user part of To, as it stands there
}

// readEnvelope looks at a message's start line and at four of its headers; false where it is none of SIP.
func readEnvelope(data []byte) (envelope, bool) {
	var e envelope
	line, rest, _ := bytes.Cut(data, []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	if !bytes.HasPrefix(line, []byte("SIP/2.0 ")) {
		method, ok := bytes.CutSuffix(line, []byte(" SIP/2.0"))
		if !ok {
			return e, false
		}
		e.method, _, _ = bytes.Cut(method, []byte(" "))
	}
	for len(rest) > 0 {
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		if line = bytes.TrimSuffix(line, []byte("\r")); len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		e.note(bytes.TrimSpace(name), bytes.TrimSpace(value))
	}
	return e, true
}

// note keeps a header that is of interest, by its name or its compact form (RFC 3261 7.3.3).
func (e *envelope) note(name, value []byte) {
	is := func(long, short string) bool {
		return len(name) == len(long) && bytes.EqualFold(name, []byte(long)) || len(name) == 1 && name[0]|0x20 == short[0]
	}
	switch {
	case is("call-id", "i"):
		e.callID = value
	case is("from", "f"):
		e.from = tagIn(value)
	case is("to", "t"):
		e.to, e.user = tagIn(value), userIn(value)
	}
}

// tagIn is the tag of a From or To header; nil where it has none.
func tagIn(value []byte) []byte {
	if end := bytes.LastIndexByte(value, '>'); end >= 0 {
		value = value[end:]
	}
	for len(value) > 0 {
		var param []byte
		param, value, _ = bytes.Cut(value, []byte(";"))
		if name, tag, ok := bytes.Cut(param, []byte("=")); ok && bytes.EqualFold(bytes.TrimSpace(name), []byte("tag")) {
			return bytes.TrimSpace(tag)
		}
	}
	return nil
}

// userIn is the user part of the URI in a header.
func userIn(value []byte) []byte {
	if begin := bytes.LastIndexByte(value, '<'); begin >= 0 {
		value = value[begin+1:]
	}
	_, value, _ = bytes.Cut(value, []byte(":"))
	user, _, ok := bytes.Cut(value, []byte("@"))
	if !ok {
		return nil
	}
	return user
}

// is says whether it is a request of that method.
func (e envelope) is(method string) bool { return string(e.method) == method }

// begins says whether it is a request for a new call.
func (e envelope) begins() bool { return e.is("INVITE") && len(e.to) == 0 }

// ourTag is the tag that is ours if the message belongs to a dialog of ours: what we are asked in is in To, what we asked
// for in From.
func (e envelope) ourTag() []byte {
	if e.method == nil {
		return e.from
	}
	return e.to
}
