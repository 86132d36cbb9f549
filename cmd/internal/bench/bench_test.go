//go:build linux

package bench

import (
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
