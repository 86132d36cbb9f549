package sip

import (
	"errors"
	"net"
	"net/netip"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// crowded is a listener that has no file for the next connections.
type crowded struct {
	net.Listener
	failures []error
	conn     net.Conn
}

func (c *crowded) Accept() (net.Conn, error) {
	if len(c.failures) == 0 {
		return c.conn, nil
	}
	err := c.failures[0]
	c.failures = c.failures[1:]
	return nil, &net.OpError{Op: "accept", Err: err}
}

func TestTheDoorStaysOpenWhenFilesRunOut(t *testing.T) {
	conn, peer := net.Pipe()
	defer conn.Close()
	defer peer.Close()
	door := &crowded{failures: []error{syscall.EMFILE, syscall.ECONNABORTED}, conn: conn}
	got, err := counter{door, newDoorstep(everybody, nobodyIs, func() {}, time.Second)}.Accept()
	require.NoError(t, err)
	require.Equal(t, patientConn{conn}, got.(*caller).Conn)

	broken := errors.New("broken")
	_, err = counter{&crowded{failures: []error{broken}}, nil}.Accept()
	require.ErrorIs(t, err, broken)
}

func everybody(netip.Addr) bool { return true }
