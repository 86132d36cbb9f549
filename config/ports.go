package config

import (
	"fmt"
	"strconv"
	"strings"
)

// PortRange is a range of UDP ports, both ends included.
type PortRange struct{ Low, High int }

// String is the range as it is written: "16000-19999".
func (r PortRange) String() string { return fmt.Sprintf("%d-%d", r.Low, r.High) }

// Allowed says which ranges are taken.
func (PortRange) Allowed() string {
	return "a range such as 16000-19999: an even port from 1024 on first, at least 6 ports, up to 65535"
}

// UnmarshalText reads "16000-19999".
func (r *PortRange) UnmarshalText(text []byte) error {
	low, high, _ := strings.Cut(string(text), "-")
	var read PortRange
	var err error
	if read.Low, err = strconv.Atoi(strings.TrimSpace(low)); err != nil {
		return fmt.Errorf("port range %q: %w", text, err)
	}
	if read.High, err = strconv.Atoi(strings.TrimSpace(high)); err != nil {
		return fmt.Errorf("port range %q: %w", text, err)
	}
	if !read.valid() {
		return fmt.Errorf("port range %q: allowed: %s", text, r.Allowed())
	}
	*r = read
	return nil
}

// MarshalText writes what UnmarshalText reads.
func (r PortRange) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// valid: RTP takes an even port and RTCP the odd one above it (RFC 3550
// section 11), a call has two legs, and browsers share a port.
func (r PortRange) valid() bool {
	return r.Low >= 1024 && r.Low%2 == 0 && r.High <= 65535 && r.High-r.Low+1 >= 6
}
