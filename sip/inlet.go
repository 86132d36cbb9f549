package sip

import (
	"bytes"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gobwas/ws"
)

// An inlet is a browser as the library gets to see it: a connection that has just shaken hands and sends each message in
// one frame. The library's own reading of WebSockets answers no ping and breaks on fragments; here it never meets either.
type inlet struct {
	net.Conn
	browser *browser
	source  net.Addr
	reads   io.Reader // a handshake, then what is written to pipe
	in      *io.PipeReader
	pipe    *io.PipeWriter
	ended   atomic.Bool // by us, not by the library

	written bytes.Buffer // what the library has written and is no whole frame yet
	greeted bool         // the answer to the handshake is over

	shut   sync.Once
	closed chan struct{} // the library has let go of it
}

// greeting is the handshake that the library expects first.
const greeting = "GET / HTTP/1.1\r\nHost: browser\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: sip\r\n\r\n"

func newInlet(b *browser) *inlet {
	in, pipe := io.Pipe()
	return &inlet{
		Conn: b.conn, browser: b, source: net.TCPAddrFromAddrPort(b.source), reads: io.MultiReader(strings.NewReader(greeting), in),
		in: in, pipe: pipe, closed: make(chan struct{}),
	}
}

// RemoteAddr is the source in the form that messages and contacts have it in.
func (i *inlet) RemoteAddr() net.Addr { return i.source }

func (i *inlet) Read(p []byte) (int, error) { return i.reads.Read(p) }

// deliver gives the library a message, as a client would send it: masked, though with a mask that changes nothing.
func (i *inlet) deliver(message []byte) error {
	frame, err := ws.CompileFrame(ws.Frame{
		Header:  ws.Header{Fin: true, OpCode: ws.OpText, Masked: true, Length: int64(len(message))},
		Payload: message,
	})
	if err == nil {
		_, err = i.pipe.Write(frame)
	}
	return err
}

// Write takes what the library writes, a frame in several pieces, and sends the message in it. The library writes one
// frame at a time.
func (i *inlet) Write(p []byte) (int, error) {
	i.written.Write(p)
	if !i.greeted {
		if bytes.HasSuffix(i.written.Bytes(), []byte("\r\n\r\n")) {
			i.greeted = true
			i.written.Reset()
		}
		return len(p), nil
	}
	rest := bytes.NewReader(i.written.Bytes())
	var sent error
	if h, err := ws.ReadHeader(rest); err == nil && int64(rest.Len()) >= h.Length { // else more of it follows
		sent = i.browser.say(i.written.Bytes()[i.written.Len()-rest.Len():])
		i.written.Reset()
	}
	return len(p), sent
}

// Close is the library's. Where it closes of its own accord the browser goes too.
func (i *inlet) Close() error {
	i.shut.Do(func() {
		i.in.Close()
		if !i.ended.Load() {
			i.browser.conn.Close()
		}
		close(i.closed)
	})
	return nil
}

// end takes the connection from the library, and returns when it has let go.
func (i *inlet) end() {
	i.ended.Store(true)
	i.pipe.Close()
	<-i.closed
}

// A door is a listener that connections come in by which were made elsewhere.
type door struct {
	inlets chan net.Conn
	shut   chan struct{}
	once   sync.Once
}

func newDoor() *door { return &door{inlets: make(chan net.Conn), shut: make(chan struct{})} }

// Accept gives the next connection.
func (d *door) Accept() (net.Conn, error) {
	for {
		select {
		case i := <-d.inlets:
			if i != nil {
				return i, nil
			}
		case <-d.shut:
			return nil, net.ErrClosed
		}
	}
}

// enter hands a connection to who accepts; false where the door is shut, or cancelled is closed first. None at all (nil) is
// only taken, when the one before has been dealt with.
func (d *door) enter(i net.Conn, cancelled <-chan struct{}) bool {
	select {
	case d.inlets <- i:
		return true
	case <-d.shut:
	case <-cancelled:
	}
	return false
}

// Close shuts the door.
func (d *door) Close() error {
	d.once.Do(func() { close(d.shut) })
	return nil
}

// Addr is none: there is no socket.
func (d *door) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4zero} }
