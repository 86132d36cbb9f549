package sip

import (
	"bytes"
	"io"
	"net"
	"testing"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// tape is a connection that has only so much to read, and keeps what is written.
type tape struct {
	net.Conn
	in  io.Reader
	out bytes.Buffer
}

func newTape(in []byte) *tape { return &tape{Conn: deaf(), in: bytes.NewReader(in)} }

// deaf is a connection that takes every deadline.
func deaf() net.Conn { near, _ := net.Pipe(); return near }

func (c *tape) Read(b []byte) (int, error)  { return c.in.Read(b) }
func (c *tape) Write(b []byte) (int, error) { return c.out.Write(b) }

func always() error { return nil }

// FuzzFrames reads whatever a browser may send: messages that fit, and then an end.
func FuzzFrames(f *testing.F) {
	for _, frame := range []ws.Frame{
		ws.NewTextFrame([]byte("REGISTER")), ws.NewPingFrame([]byte("x")), ws.NewCloseFrame(nil),
		ws.NewFrame(ws.OpText, false, []byte("half")), ws.NewFrame(ws.OpContinuation, true, nil), ws.NewFrame(3, true, nil),
	} {
		f.Add(ws.MustCompileFrame(ws.MaskFrame(frame)))
		f.Add(ws.MustCompileFrame(frame))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b := newBrowser(newTape(data), "")
		for {
			message, err := b.message(always)
			if err != nil {
				return
			}
			require.LessOrEqual(t, len(message), maxMessage)
		}
	})
}

// Messages come through whole, however they are cut into frames, whatever stands between.
func TestMessagesAreMadeWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		message := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "message")
		var sent bytes.Buffer
		write := func(f ws.Frame) {
			copied := bytes.Clone(f.Payload)
			require.NoError(t, ws.WriteFrame(&sent, ws.MaskFrame(ws.NewFrame(f.Header.OpCode, f.Header.Fin, copied))))
		}
		op, rest, pings := ws.OpText, message, 0
		for range rapid.IntRange(0, 5).Draw(t, "cuts") {
			n := rapid.IntRange(0, len(rest)).Draw(t, "length")
			write(ws.NewFrame(op, false, rest[:n]))
			op, rest = ws.OpContinuation, rest[n:]
			if rapid.Bool().Draw(t, "ping") {
				write(ws.NewPingFrame([]byte{byte(pings)}))
				pings++
			}
		}
		write(ws.NewFrame(op, true, rest))
		conn := newTape(sent.Bytes())
		got, err := newBrowser(conn, "").message(always)
		require.NoError(t, err)
		require.Equal(t, string(message), string(got))
		for n := range pings {
			pong, err := ws.ReadFrame(&conn.out)
			require.NoError(t, err)
			require.Equal(t, ws.OpPong, pong.Header.OpCode)
			require.Equal(t, []byte{byte(n)}, pong.Payload)
		}
		require.Zero(t, conn.out.Len())
	})
}

// What the library writes goes out as whole messages, in whatever pieces it writes.
func TestTheLibrarysFramesGoOutWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		conn := newTape(nil)
		line := newInlet(newBrowser(conn, ""), nil)
		write := func(data []byte) {
			for len(data) > 0 {
				n := rapid.IntRange(1, len(data)).Draw(t, "piece")
				written, err := line.Write(data[:n])
				require.NoError(t, err)
				require.Equal(t, n, written)
				data = data[n:]
			}
		}
		write([]byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"))
		messages := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 1, 300), 1, 3).Draw(t, "messages")
		for _, m := range messages {
			write(ws.MustCompileFrame(ws.NewTextFrame(m)))
		}
		for _, m := range messages {
			f, err := ws.ReadFrame(&conn.out)
			require.NoError(t, err)
			require.Equal(t, m, f.Payload)
			require.False(t, f.Header.Masked)
			require.True(t, f.Header.OpCode == ws.OpBinary || bytes.Equal(m, bytes.ToValidUTF8(m, nil)))
		}
	})
}
