// Package udp owns UDP sockets by the thousand: they are read by a few loops, one for each CPU, instead of a
// goroutine each, and written to without blocking. What a datagram means is its users' affair, and so is which
// ports are opened.
package udp

import (
	"errors"
	"net/netip"
	"time"
)

// MaxDatagram is the size of the largest datagram that is taken in whole, in bytes; of a longer one come
// MaxDatagram+1 bytes, so that a user can tell.
const MaxDatagram = 1500

// ErrClosed says that the socket or its loops have been closed.
var ErrClosed = errors.New("closed")

// A Handler takes in one datagram. It is called by one goroutine at a time for each socket, must not block nor keep
// the datagram, and may close the socket. An IPv4 sender has an IPv4 address, on sockets of either family.
type Handler func(datagram []byte, from netip.AddrPort, at time.Time)
