package sip

import (
	"bufio"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
)

// A stream is a connection over TCP, of which a read is one message.
type stream struct {
	net.Conn
	reads *bufio.Reader
}

// newStream is a peer that writes its messages by hand over TCP.
func newStream(t *testing.T, conn net.Conn) *wire {
	t.Helper()
	t.Cleanup(func() { conn.Close() })
	return &wire{t: t, conn: stream{conn, bufio.NewReader(conn)}}
}

func (s stream) ReadFrom(b []byte) (int, net.Addr, error) {
	var head strings.Builder
	length := 0
	for {
		line, err := s.reads.ReadString('\n')
		head.WriteString(line)
		if err != nil {
			return copy(b, head.String()), nil, err
		}
		if name, value, _ := strings.Cut(line, ":"); strings.EqualFold(name, "Content-Length") {
			length, _ = strconv.Atoi(strings.TrimSpace(value))
		}
		if line == "\r\n" && head.Len() > 2 {
			break
		}
	}
	n := copy(b, head.String())
	more, err := io.ReadFull(s.reads, b[n:n+length])
	return n + more, nil, err
}

func (s stream) WriteTo(b []byte, _ net.Addr) (int, error) { return s.Write(b) }
