//go:build linux

package bench

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestCores(t *testing.T) {
	for _, text := range []string{"", "0", "0,0", "a,b", "-1,0", "1;2"} {
		_, _, err := Cores(text)
		require.Error(t, err, text)
	}
	measured, load, err := Cores("2,3")
	require.NoError(t, err)
	require.Equal(t, []int{2, 3}, []int{measured, load})
}

func TestATableIsOfMarkdown(t *testing.T) {
	var out strings.Builder
	table := NewTable(&out)
	Row(table, "way", "calls")
	Row(table, "bare", "7")
	require.NoError(t, table.Flush())
	require.Equal(t, "| way  | calls |\n| bare | 7     |\n", out.String())
}

func TestFiguresAreSaved(t *testing.T) {
	file := filepath.Join(t.TempDir(), "out.json")
	require.NoError(t, Save(map[string]int{"calls": 7}, file))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.JSONEq(t, `{"calls":7}`, string(text))
	require.NoError(t, Save(7, ""))
	require.InDelta(t, 1.5, MS(1500*time.Microsecond), 1e-9)
}

func TestWhatAProcessTakes(t *testing.T) {
	self, err := os.FindProcess(os.Getpid())
	require.NoError(t, err)
	before, err := CPU(self)
	require.NoError(t, err)
	require.Positive(t, before)
	bytes, err := Resident(os.Getpid())
	require.NoError(t, err)
	require.Greater(t, bytes, int64(1<<20))
	_, err = Resident(-1)
	require.Error(t, err)
}

func TestDropsAreThoseOfAPort(t *testing.T) {
	full, err := net.ListenUDP("udp4", &net.UDPAddr{IP: Loopback.AsSlice()})
	require.NoError(t, err)
	defer full.Close()
	require.NoError(t, full.SetReadBuffer(1))
	for range 100 {
		_, err := full.WriteTo(make([]byte, 1000), full.LocalAddr())
		require.NoError(t, err)
	}
	dropped, err := Drops()
	require.NoError(t, err)
	require.Positive(t, dropped[uint16(full.LocalAddr().(*net.UDPAddr).Port)])
}

func TestTheWireShowsAPortsPackets(t *testing.T) {
	server, err := net.ListenUDP("udp4", &net.UDPAddr{IP: Loopback.AsSlice()})
	require.NoError(t, err)
	defer server.Close()
	here := server.LocalAddr().(*net.UDPAddr).AddrPort()
	wire, err := OpenWire(here.Port())
	if errors.Is(err, os.ErrPermission) {
		t.Skip("only root may look at the wire")
	}
	require.NoError(t, err)
	defer wire.Close()
	other, err := net.ListenUDP("udp4", &net.UDPAddr{IP: Loopback.AsSlice()})
	require.NoError(t, err)
	defer other.Close()
	from := other.LocalAddr().(*net.UDPAddr).AddrPort()

	before := time.Now()
	for _, send := range []func() (int, error){
		func() (int, error) { return other.WriteToUDPAddrPort([]byte("junk"), from) }, // not the port's
		func() (int, error) { return other.WriteToUDPAddrPort([]byte("there"), here) },
		func() (int, error) { return server.WriteToUDPAddrPort([]byte("back"), from) },
	} {
		_, err := send()
		require.NoError(t, err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	var heard []Packet
	require.NoError(t, wire.Watch(ctx, func(p Packet) {
		p.Payload = bytes.Clone(p.Payload)
		if heard = append(heard, p); len(heard) == 2 {
			stop()
		}
	}))
	require.Len(t, heard, 2)
	require.Equal(t, []any{from, here, "there"}, []any{heard[0].From, heard[0].To, string(heard[0].Payload)})
	require.Equal(t, []any{here, from, "back"}, []any{heard[1].From, heard[1].To, string(heard[1].Payload)})
	for _, p := range heard {
		require.WithinRange(t, p.At, before, time.Now())
	}
}
