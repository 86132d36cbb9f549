package sip

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"github.com/stretchr/testify/require"
)

// torment is one message of RFC 4475 and what we answer to it: a status, "-" for nothing, "shut" for a connection that is
// closed; where a call is taken, the status of tormented.
type torment struct{ label, udp, tcp string }

const torments = "../testdata/torture"

// readTorments reads the table of the index.
func readTorments(t *testing.T) []torment {
	t.Helper()
	index, err := os.Open(filepath.Join(torments, "README.md"))
	require.NoError(t, err)
	defer index.Close()
	var found []torment
	for lines := bufio.NewScanner(index); lines.Scan(); {
		cells := strings.Split(lines.Text(), "|")
		if len(cells) != 6 || strings.HasPrefix(cells[1], " ---") || strings.TrimSpace(cells[1]) == "message" {
			continue
		}
		found = append(found, torment{strings.TrimSpace(cells[1]), strings.TrimSpace(cells[2]), strings.TrimSpace(cells[3])})
	}
	files, err := filepath.Glob(filepath.Join(torments, "*.dat"))
	require.NoError(t, err)
	require.Len(t, files, 49)
	require.Len(t, found, len(files), "each has its line in the index")
	return found
}

// tormentor sends the messages from a host of its own: most are answered at its port 5060, as they say themselves.
type tormentor struct {
	*wire
	count int
}

func newTormentor(t *testing.T, s *Server) *tormentor {
	t.Helper()
	for n := range 200 {
		conn, err := net.ListenPacket("udp4", fmt.Sprintf("127.0.44.%d:5060", n+1))
		if err != nil {
			continue
		}
		t.Cleanup(func() { conn.Close() })
		return &tormentor{wire: &wire{t: t, conn: conn, to: net.UDPAddrFromAddrPort(s.Addr("udp"))}}
	}
	require.FailNow(t, "no address with its port 5060 free")
	return nil
}

// alive checks that the server still serves; what it had to say to a message before it is then on its way.
func (w *tormentor) alive() (heard []*sipmsg.Response) {
	w.t.Helper()
	for range 2 {
		w.count++
		l := letter{method: "OPTIONS", callID: fmt.Sprintf("alive-%d", w.count), from: "somebody"}
		w.send(l)
		for {
			res := w.read().(*sipmsg.Response)
			if res.CallID().Value() == l.callID {
				require.Equal(w.t, 200, res.StatusCode)
				break
			}
			heard = append(heard, res)
		}
	}
	return heard
}

// status is that of the final response to a message, by its Call-ID; "-": there is none.
func status(responses []*sipmsg.Response, label string) string {
	for _, res := range responses {
		if !res.IsProvisional() && strings.HasPrefix(res.CallID().Value(), label+".") {
			return fmt.Sprint(res.StatusCode)
		}
	}
	return "-"
}

// overUDP sends a message in a datagram.
func (w *tormentor) overUDP(m torment, data []byte) string {
	w.t.Helper()
	w.write(string(data))
	heard := w.alive()
	for m.udp != "-" && status(heard, m.label) == "-" {
		heard = append(heard, w.read().(*sipmsg.Response))
	}
	return status(heard, m.label)
}

// overTCP sends a message on a connection of its own.
func (w *tormentor) overTCP(s *Server, m torment, data []byte) string {
	w.t.Helper()
	conn, err := net.Dial("tcp", s.Addr("tcp").String())
	require.NoError(w.t, err)
	defer conn.Close()
	_, err = conn.Write(data)
	require.NoError(w.t, err)
	w.alive()
	if m.tcp == "-" {
		require.NoError(w.t, conn.SetReadDeadline(time.Now().Add(10*time.Millisecond)))
	} else {
		require.NoError(w.t, conn.SetReadDeadline(time.Now().Add(patienceInTests)))
	}
	line := stream{conn, bufio.NewReader(conn)}
	for {
		buffer := make([]byte, 65536)
		n, _, err := line.ReadFrom(buffer)
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			return "-"
		case err != nil:
			return "shut"
		}
		msg, err := sipmsg.ParseMessage(buffer[:n])
		require.NoError(w.t, err, "%s", buffer[:n])
		if found := status([]*sipmsg.Response{msg.(*sipmsg.Response)}, m.label); found != "-" {
			return found
		}
	}
}

func TestTorture(t *testing.T) {
	for _, network := range []string{"udp", "tcp"} {
		t.Run(network, func(t *testing.T) { torture(t, network) })
	}
}

func torture(t *testing.T, network string) {
	s := serve(t, Config{Devices: devices("user", "watson").trusting(), Incoming: func(l *Leg) { l.Reject(486, "Busy Here") }})
	w := newTormentor(t, s)
	for _, m := range readTorments(t) {
		data, err := os.ReadFile(filepath.Join(torments, m.label+".dat"))
		require.NoError(t, err)
		t.Run(m.label, func(t *testing.T) {
			w.t = t
			if network == "udp" {
				require.Equal(t, m.udp, w.overUDP(m, data))
			} else {
				require.Contains(t, strings.Split(m.tcp, " or "), w.overTCP(s, m, data))
			}
			w.alive()
		})
	}
	w.t = t
	require.Empty(t, s.legs.all(), "legs are left")
}
