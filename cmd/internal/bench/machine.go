//go:build linux

package bench

import (
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Loopback is where everything that is measured listens.
var Loopback = netip.AddrFrom4([4]byte{127, 0, 0, 1})

// Pin keeps the calling thread, and what it starts, on a core.
func Pin(core int) error {
	var set unix.CPUSet
	set.Set(core)
	if err := unix.SchedSetaffinity(0, &set); err != nil {
		return fmt.Errorf("going to core %d: %w", core, err)
	}
	return nil
}

// RaiseFileLimit lets this process and its children open as many sockets as the system allows.
func RaiseFileLimit() error {
	var limit syscall.Rlimit
	err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit)
	if err == nil {
		limit.Cur = limit.Max
		err = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)
	}
	if err != nil {
		return fmt.Errorf("raising the limit of open files: %w", err)
	}
	return nil
}

// CPU is the user and system time that a process has taken: read from outside, so that one that is behind need not answer.
func CPU(process *os.Process) (time.Duration, error) {
	var t unix.Timespec
	clock := ^int32(process.Pid)<<3 | 2 // the process's CPU clock: clock_getcpuclockid(3)
	if err := unix.ClockGettime(clock, &t); err != nil {
		return 0, fmt.Errorf("reading the CPU time: %w", err)
	}
	return time.Duration(t.Nano()), nil
}

// Resident is how many bytes of memory a process has.
func Resident(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	var size, resident int64
	if err == nil {
		_, err = fmt.Sscan(string(text), &size, &resident)
	}
	if err != nil {
		return 0, fmt.Errorf("reading the memory: %w", err)
	}
	return resident * int64(os.Getpagesize()), nil
}

// Drops is how many packets the kernel has dropped at each UDP port because the socket's buffer was full.
func Drops() (map[uint16]int64, error) {
	table, err := os.ReadFile("/proc/net/udp")
	if err != nil {
		return nil, fmt.Errorf("reading the drops: %w", err)
	}
	all := map[uint16]int64{}
	for row := range strings.Lines(string(table)) {
		fields := strings.Fields(row)
		if len(fields) < 2 {
			continue
		}
		_, port, isSocket := strings.Cut(fields[1], ":")
		number, err := strconv.ParseUint(port, 16, 16)
		if !isSocket || err != nil { // the heading
			continue
		}
		count, err := strconv.ParseInt(fields[len(fields)-1], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("reading the drops: %w", err)
		}
		all[uint16(number)] += count
	}
	return all, nil
}
