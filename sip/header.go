package sip

import (
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	sipmsg "github.com/emiago/sipgo/sip"
)

// allowed are the methods we understand, for Allow (RFC 3261 20.5).
const allowed = "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO, REFER, NOTIFY, REGISTER"

// supported are the extensions we understand in calls, for Supported.
const supported = "timer, 100rel, replaces"

// understands says whether we know an extension: one of those, or one of registrars.
func understands(tag string) bool {
	for known := range strings.SplitSeq(supported+", path, outbound", ", ") {
		if strings.EqualFold(tag, known) {
			return true
		}
	}
	return false
}

// hasOption says whether a message names an option tag in any of those headers.
func hasOption(msg sipmsg.Message, tag string, headers ...string) bool {
	return slices.ContainsFunc(options(msg, headers...), func(t string) bool { return strings.EqualFold(t, tag) })
}

// field is the value of the first header of that name or of its compact form; "" where there is none.
func field(msg sipmsg.Message, names ...string) string {
	for _, name := range names {
		for h := range named(msg, name) {
			return h.Value()
		}
	}
	return ""
}

// named gives the headers of that name, large or small. The library's own way writes every name small first, at each question.
func named(msg sipmsg.Message, name string) iter.Seq[sipmsg.Header] {
	return func(yield func(sipmsg.Header) bool) {
		for _, h := range msg.(interface{ Headers() []sipmsg.Header }).Headers() {
			if strings.EqualFold(h.Name(), name) && !yield(h) {
				return
			}
		}
	}
}

// options are the option tags of a header such as Require or Supported.
func options(msg sipmsg.Message, names ...string) []string {
	var tags []string
	for _, name := range names {
		for h := range named(msg, name) {
			for tag := range strings.SplitSeq(h.Value(), ",") {
				if tag = strings.TrimSpace(tag); tag != "" {
					tags = append(tags, tag)
				}
			}
		}
	}
	return tags
}

// seconds reads delta-seconds, which may be followed by parameters; false where there are none.
func seconds(value string) (int, bool) {
	value, _, _ = strings.Cut(value, ";")
	n, err := strconv.ParseUint(strings.TrimSpace(value), 10, 31)
	return int(n), err == nil
}

// quoted makes a text safe between the quotes of a display name or a parameter: no character of it can end the quotes or
// the line. Letters of all languages stay.
func quoted(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsControl(r) || r == unicode.ReplacementChar:
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// unquoted takes the escapes of a display name away.
func unquoted(text string) string {
	var b strings.Builder
	escaped := false
	for _, r := range text {
		if r == '\\' && !escaped {
			escaped = true
			continue
		}
		escaped = false
		if !unicode.IsControl(r) {
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}

// userPart makes a text safe as the user part of a SIP URI (RFC 3261 25.1: unreserved and user-unreserved, the rest
// percent-encoded).
func userPart(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		if c < 0x80 && (unicode.IsLetter(rune(c)) || unicode.IsDigit(rune(c)) || strings.IndexByte("-_.!~*'()&=+$,", c) >= 0) {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// userOf is the user part of a URI without escapes and without parameters such as ;phone-context=.
func userOf(uri sipmsg.Uri) string {
	user := uri.User
	if raw := uri.Raw(); raw != "" { // tel:
		user = raw
	}
	user, _, _ = strings.Cut(user, ";")
	if plain, err := url.PathUnescape(user); err == nil {
		user = plain
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, user)
}

// header is the Reason header of a reason, or nil.
func (r Reason) header() sipmsg.Header {
	if r.Code == 0 {
		return nil
	}
	value := "SIP;cause=" + strconv.Itoa(r.Code)
	if r.Text != "" {
		value += `;text="` + quoted(r.Text) + `"`
	}
	return sipmsg.NewHeader("Reason", value)
}

// reasonOf is the text of a message's Reason header, or its cause, or "".
func reasonOf(msg sipmsg.Message) string {
	value := field(msg, "Reason")
	if _, text, ok := strings.Cut(value, `text="`); ok {
		if end := strings.LastIndexByte(text, '"'); end >= 0 {
			return unquoted(text[:end])
		}
	}
	_, cause, _ := strings.Cut(value, ";")
	return unquoted(cause)
}

// ownHeaders are those that a leg sets itself; nobody else may.
var ownHeaders = map[string]bool{
	"via": true, "v": true, "from": true, "f": true, "to": true, "t": true, "call-id": true, "i": true, "cseq": true,
	"contact": true, "m": true, "max-forwards": true, "content-length": true, "l": true, "content-type": true, "c": true,
	"route": true, "record-route": true, "allow": true, "supported": true, "k": true, "require": true, "proxy-require": true,
	"p-asserted-identity": true, "session-expires": true, "x": true, "content-encoding": true, "e": true,
}

// checkHeader says whether a header may be sent: a token as its name, one line as its value.
func checkHeader(name, value string) error {
	if name == "" || strings.ContainsFunc(name, func(r rune) bool {
		return r > 0x7e || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-.!%*_+`'~", r)
	}) {
		return fmt.Errorf("%w: name %q", ErrHeader, name)
	}
	if ownHeaders[strings.ToLower(name)] {
		return fmt.Errorf("%w: %s is set by the leg", ErrHeader, name)
	}
	if strings.ContainsFunc(value, unicode.IsControl) {
		return fmt.Errorf("%w: value of %s", ErrHeader, name)
	}
	return nil
}

// oneLine makes a text safe as a reason phrase.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}
