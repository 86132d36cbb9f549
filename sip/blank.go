package sip

import (
	"bytes"
	"strings"
)

// blanked stands where a secret was.
const blanked = "(blanked)"

// secretHeaders bear credentials; secretLines of a body bear keys: those of SDES (RFC 4568), of ICE (RFC 8839), of SDP itself
// (RFC 8866 5.12), and the key that somebody pressed, which may be a card's.
var (
	secretHeaders = []string{"authorization:", "proxy-authorization:"}
	secretLines   = []string{"a=crypto:", "a=ice-pwd:", "a=key-mgmt:", "k=", "signal="}
)

// blank is a message as text that may be kept: without what somebody could use.
func blank(message []byte) string {
	head, body, hasBody := bytes.Cut(message, []byte("\r\n\r\n"))
	isKey := len(body) > 0 && bearsKey(head) // all of it is the key
	if !isKey && !anyStarts(head, secretHeaders) && !anyStarts(body, secretLines) {
		return string(message)
	}
	var b strings.Builder
	b.Grow(len(message))
	blankLines(&b, head, secretHeaders)
	if hasBody {
		b.WriteString("\r\n\r\n")
	}
	if isKey {
		b.WriteString(blanked)
	} else {
		blankLines(&b, body, secretLines)
	}
	return b.String()
}

// bearsKey says whether a message's body is a key that was pressed.
func bearsKey(head []byte) bool {
	for line := range bytes.Lines(head) {
		if word := startOf(line, []string{"content-type:", "c:"}); word > 0 {
			kind, _, _ := bytes.Cut(line[word:], []byte(";"))
			return bytes.EqualFold(bytes.TrimSpace(kind), []byte("application/dtmf"))
		}
	}
	return false
}

// anyStarts says whether a line of the text begins with one of the words.
func anyStarts(text []byte, words []string) bool {
	for line := range bytes.Lines(text) {
		if startOf(line, words) > 0 {
			return true
		}
	}
	return false
}

// blankLines writes lines, and of those that begin with a secret's word no more than that. A header goes on in lines that
// begin with a space.
func blankLines(b *strings.Builder, text []byte, words []string) {
	secret := false
	for line := range bytes.Lines(text) {
		if secret && (line[0] == ' ' || line[0] == '\t') {
			continue
		}
		word := startOf(line, words)
		if secret = word > 0; secret {
			b.Write(line[:word])
			b.WriteString(" " + blanked)
			b.Write(line[len(bytes.TrimRight(line, "\r\n")):])
		} else {
			b.Write(line)
		}
	}
}

// startOf is how long the word is that a line begins with; 0 where it begins with none. Space may stand before its end.
func startOf(line []byte, words []string) int {
	for _, word := range words {
		name, end := word[:len(word)-1], word[len(word)-1]
		if len(line) < len(word) || line[0]|0x20 != name[0] || !bytes.EqualFold(line[:len(name)], []byte(name)) {
			continue
		}
		for i := len(name); i < len(line); i++ {
			if line[i] == end {
				return i + 1
			}
			if line[i] != ' ' && line[i] != '\t' {
				break
			}
		}
	}
	return 0
}
