package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// report tells of a value that has the right type but cannot be used.
type report func(key, found, allowed string)

// check looks at the settings' values one by one; the rest is known to fit.
func check(s Settings, wrong report) {
	if s.DataDir == "" {
		wrong("data_dir", "", "a folder")
	}
	if s.PublicAddress != "" && !isAddress(s.PublicAddress) {
		wrong("public_address", quoted(s.PublicAddress), "an IP address such as 203.0.113.5, or empty")
	}
	checkSIP(s.SIP, wrong)
	if s.SIP.Certificate == "" && s.HTTP.Certificate == "" && slices.ContainsFunc(s.SIP.Listen, isSecured) {
		wrong("sip.certificate", "", "the certificate file for tls:// addresses, where there is no http.certificate")
	}
	checkHTTP(s.HTTP, wrong)
	if s.RTP.Silence != 0 && s.RTP.Silence < 5*time.Second {
		wrong("rtp.silence", s.RTP.Silence.String(), "5s or more, or 0s for never")
	}
	checkWord("log.level", s.Log.Level, wrong, "debug", "info", "warn", "error")
	checkWord("log.format", s.Log.Format, wrong, "text", "json")
}

func isSecured(listen string) bool { return strings.HasPrefix(listen, "tls://") }

func checkSIP(s SIP, wrong report) {
	const allowed = "udp://ADDRESS:PORT, tcp://ADDRESS:PORT or tls://ADDRESS:PORT with an IP address, each once"
	if len(s.Listen) == 0 {
		wrong("sip.listen", "an empty list", allowed)
	}
	for i, listen := range s.Listen {
		if !isListenURL(listen) || slices.Contains(s.Listen[:i], listen) {
			wrong(fmt.Sprintf("sip.listen.%d", i), quoted(listen), allowed)
		}
	}
	switch {
	case s.Certificate != "" && s.Key == "":
		wrong("sip.key", "", "the key file that belongs to sip.certificate")
	case s.Certificate == "" && s.Key != "":
		wrong("sip.certificate", "", "the certificate file that belongs to sip.key")
	}
	if s.Drain < 0 {
		wrong("sip.drain", s.Drain.String(), "a time such as 1m, or 0s")
	}
	if s.Ladders != 0 && s.Ladders < time.Minute {
		wrong("sip.ladders", s.Ladders.String(), "1m or more, or 0s to record none")
	}
	if s.Realm == "" || strings.ContainsFunc(s.Realm, notInRealm) {
		wrong("sip.realm", quoted(s.Realm), `a name of visible ASCII characters without quotes and colons, such as "threering"`)
	}
}

// notInRealm: the realm stands in quotes in a header, and between colons in
// what a device's secret is hashed with (RFC 7616 section 3.4.2).
func notInRealm(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`"\:`, r) }

func isListenURL(text string) bool {
	u, err := url.Parse(text)
	if err != nil || !slices.Contains([]string{"udp", "tcp", "tls"}, u.Scheme) {
		return false
	}
	return u.User == nil && u.Path == "" && u.RawQuery == "" && u.Fragment == "" &&
		isAddress(u.Hostname()) && isPort(u.Port())
}

func checkHTTP(h HTTP, wrong report) {
	host, port, err := net.SplitHostPort(h.Listen)
	if err != nil || !isPort(port) || strings.ContainsAny(host, "/ ") {
		wrong("http.listen", quoted(h.Listen), "ADDRESS:PORT such as 127.0.0.1:8080")
	}
	switch {
	case h.Certificate != "" && h.Key == "":
		wrong("http.key", "", "the key file that belongs to http.certificate")
	case h.Certificate == "" && h.Key != "":
		wrong("http.certificate", "", "the certificate file that belongs to http.key")
	case h.Certificate != "" && h.SelfSigned:
		wrong("http.self_signed", "true", "false where there is an http.certificate")
	}
}

func checkWord(key, value string, wrong report, words ...string) {
	if !slices.Contains(words, value) {
		wrong(key, quoted(value), OneOf(words...))
	}
}

func isAddress(text string) bool {
	_, err := netip.ParseAddr(text)
	return err == nil
}

func isPort(text string) bool {
	_, err := strconv.ParseUint(text, 10, 16)
	return err == nil
}

func quoted(text string) string {
	if text == "" {
		return ""
	}
	return strconv.Quote(text)
}
