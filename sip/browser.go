package sip

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

// webSocket is the transport of browsers (RFC 7118), in the clear or within TLS: which of both, whoever accepted it knows.
const webSocket = "ws"

const (
	frameTime     = 10 * time.Second // that a frame may take to come in, once it has begun
	framesASecond = 100              // of one browser
)

// A browser is a telephone's WebSocket connection.
type browser struct {
	conn   net.Conn
	in     *bufio.Reader
	source netip.AddrPort
	local  netip.AddrPort
	device string // that whoever is there was found to have; "": nobody vouches for it
	since  time.Time
	pace   quota
	state  ws.State // of reading

	writing sync.Mutex // one frame at a time
}

func newBrowser(conn net.Conn, device string) *browser {
	return &browser{
		conn: conn, in: bufio.NewReader(conn), source: addrPort(conn.RemoteAddr()), local: addrPort(conn.LocalAddr()),
		device: device, since: time.Now(), pace: quota{most: framesASecond}, state: ws.StateServerSide,
	}
}

// tryAgainLater is in the registry of RFC 6455 11.7 alone.
const tryAgainLater ws.StatusCode = 1013

// A breach is why we close a connection (RFC 6455 7.4.1).
type breach struct {
	code   ws.StatusCode
	reason string
}

func (b breach) Error() string { return fmt.Sprintf("%d %s", b.code, b.reason) }

// errSilent says that nothing came in time.
var errSilent = errors.New("nothing was sent")

// await waits for the first byte of the next frame: errSilent where none comes in time. What has begun to come is not lost.
func (b *browser) await(wait time.Duration) error {
	if err := b.conn.SetReadDeadline(time.Now().Add(wait)); err != nil {
		return err
	}
	_, err := b.in.Peek(1)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return errSilent
	}
	return err
}

// frame reads one frame, unmasked.
func (b *browser) frame() (ws.Header, []byte, error) {
	if !b.pace.take(time.Now()) {
		return ws.Header{}, nil, breach{ws.StatusPolicyViolation, "too many frames"}
	}
	if err := b.conn.SetReadDeadline(time.Now().Add(frameTime)); err != nil {
		return ws.Header{}, nil, err
	}
	h, err := ws.ReadHeader(b.in)
	if err != nil {
		return h, nil, err
	}
	if err := ws.CheckHeader(h, b.state); err != nil {
		return h, nil, breach{ws.StatusProtocolError, err.Error()}
	}
	if h.Length > maxMessage {
		return h, nil, breach{ws.StatusMessageTooBig, "message too big"}
	}
	payload := make([]byte, h.Length)
	if _, err := io.ReadFull(b.in, payload); err != nil {
		return h, nil, err
	}
	ws.Cipher(payload, h.Mask, 0)
	return h, payload, nil
}

// message reads frames until a message is whole, answering what comes between them; before each it lets wait wait. io.EOF:
// the peer has closed.
func (b *browser) message(wait func() error) ([]byte, error) {
	var whole []byte
	for {
		if err := wait(); err != nil {
			return nil, err
		}
		h, payload, err := b.frame()
		if err != nil {
			return nil, err
		}
		switch h.OpCode {
		case ws.OpPing:
			err = b.send(ws.OpPong, payload)
		case ws.OpPong:
		case ws.OpClose:
			return nil, io.EOF
		default:
			if len(whole)+len(payload) > maxMessage {
				return nil, breach{ws.StatusMessageTooBig, "message too big"}
			}
			whole = append(whole, payload...)
			if h.Fin {
				b.state = b.state.Clear(ws.StateFragmented)
				return whole, nil
			}
			b.state = b.state.Set(ws.StateFragmented)
		}
		if err != nil {
			return nil, err
		}
	}
}

// say sends a SIP message. A text that is none would have the browser close.
func (b *browser) say(message []byte) error {
	if utf8.Valid(message) {
		return b.send(ws.OpText, message)
	}
	return b.send(ws.OpBinary, message)
}

// send writes a frame. Who does not take it in time is cut: half of it may be out, and what follows would be misread.
func (b *browser) send(op ws.OpCode, payload []byte) error {
	frame, err := ws.CompileFrame(ws.NewFrame(op, true, payload))
	if err != nil {
		return err
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	if err = b.conn.SetWriteDeadline(time.Now().Add(patience)); err == nil {
		_, err = b.conn.Write(frame)
	}
	if err != nil {
		b.conn.Close()
	}
	return err
}

// cut closes the connection and, where the peer still listens, says why.
func (b *browser) cut(why error) {
	reason := breach{ws.StatusNormalClosure, ""}
	if errors.As(why, &reason) || errors.Is(why, io.EOF) {
		// It may be gone already; then nobody needs the reason.
		_ = b.send(ws.OpClose, ws.NewCloseFrameBody(reason.code, reason.reason))
	}
	b.conn.Close()
}
