package web

import (
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	subprotocol   = "sip" // RFC 7118, section 4.1
	handshakeTime = 5 * time.Second
)

// checkHandshake refuses a request that begins no WebSocket (RFC 6455, section 4.2.1) for SIP, and says whether it went on.
func checkHandshake(w http.ResponseWriter, r *http.Request) bool {
	key, err := base64.StdEncoding.DecodeString(r.Header.Get("Sec-WebSocket-Key"))
	switch {
	case r.Method != http.MethodGet:
		writeOnly(w, http.MethodGet)
	case !names(r.Header, "Connection", "upgrade") || !names(r.Header, "Upgrade", "websocket"):
		w.Header().Set("Connection", "Upgrade")
		w.Header().Set("Upgrade", "websocket")
		writeProblem(w, http.StatusUpgradeRequired, "Here one speaks WebSocket, over HTTP/1.1.")
	case r.Header.Get("Sec-WebSocket-Version") != "13":
		w.Header().Set("Sec-WebSocket-Version", "13")
		writeProblem(w, http.StatusUpgradeRequired, "The version of WebSocket must be 13.")
	case err != nil || len(key) != 16:
		writeProblem(w, http.StatusBadRequest, "Sec-WebSocket-Key must be 16 bytes in Base64.")
	case !names(r.Header, "Sec-WebSocket-Protocol", subprotocol):
		writeProblem(w, http.StatusBadRequest, "Sec-WebSocket-Protocol must name "+subprotocol+".")
	default:
		return true
	}
	return false
}

// names says whether a header that is a list has the word, in small or capital letters.
func names(h http.Header, header, word string) bool {
	for _, value := range h.Values(header) {
		for item := range strings.SplitSeq(value, ",") {
			if strings.EqualFold(strings.TrimSpace(item), word) {
				return true
			}
		}
	}
	return false
}

// ownOrigin says whether a page of this server made the request; claimed, whether any page did.
func ownOrigin(r *http.Request) (own, claimed bool) {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false, false
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host), true
}

// shakeHands answers the handshake, and takes the connection from the HTTP server. After an error it is closed, or answered.
func shakeHands(w http.ResponseWriter, r *http.Request) (net.Conn, error) {
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		writeProblem(w, http.StatusUpgradeRequired, "Here one speaks WebSocket, over HTTP/1.1.")
		return nil, fmt.Errorf("take a connection over: %w", err)
	}
	if buffered.Reader.Buffered() > 0 {
		conn.Close()
		return nil, errHasty
	}
	if err = conn.SetDeadline(time.Now().Add(handshakeTime)); err == nil {
		_, err = conn.Write(acceptance(r.Header.Get("Sec-WebSocket-Key")))
	}
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("answer a handshake: %w", err)
	}
	return conn, nil
}

// errHasty says that a client sent more before its handshake was answered.
var errHasty = errors.New("data before the end of the handshake")

// acceptance is the answer to a handshake with that key (RFC 6455, section 4.2.2).
func acceptance(key string) []byte {
	proof := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return fmt.Appendf(nil, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Accept: %s\r\nSec-WebSocket-Protocol: %s\r\n\r\n", base64.StdEncoding.EncodeToString(proof[:]), subprotocol)
}
