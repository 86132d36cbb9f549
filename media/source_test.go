package media

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWhoseSourceIsTaken(t *testing.T) {
	declared := netip.MustParseAddrPort("192.0.2.1:4000")
	nat := netip.MustParseAddrPort("198.51.100.1:50000")
	third := netip.MustParseAddrPort("203.0.113.9:6666")
	start := time.Now()
	const ms = time.Millisecond
	type step struct {
		from  netip.AddrPort
		ssrc  uint32
		at    time.Duration
		mine  bool
		moved bool
	}
	cases := map[string][]step{
		"the declared address": {{declared, 1, 0, true, true}, {declared, 1, 20 * ms, true, false}, {third, 2, 21 * ms, false, false}},
		"behind NAT":           {{nat, 1, 0, true, true}, {nat, 1, 20 * ms, true, false}, {third, 2, 21 * ms, false, false}},
		"the declared address may always speak": {
			{third, 2, 0, true, true}, {declared, 1, 5 * ms, true, true}, {third, 2, 20 * ms, false, false}},
		"a burst while the peer speaks": {
			{nat, 1, 0, true, true}, {third, 2, 1 * ms, false, false}, {third, 2, 2 * ms, false, false}, {third, 2, 3 * ms, false, false},
			{third, 2, 4 * ms, false, false}, {third, 2, 5 * ms, false, false}, {third, 2, 6 * ms, false, false}, {nat, 1, 20 * ms, true, false}},
		"the peer moves": {
			{nat, 1, 0, true, true}, {third, 1, 600 * ms, false, false}, {third, 1, 620 * ms, false, false},
			{third, 1, 640 * ms, false, false}, {third, 1, 660 * ms, false, false}, {third, 1, 680 * ms, true, true},
			{third, 1, 700 * ms, true, false}, {nat, 1, 701 * ms, false, false}},
		"not with changing streams": {
			{nat, 1, 0, true, true}, {third, 1, 600 * ms, false, false}, {third, 2, 620 * ms, false, false},
			{third, 3, 640 * ms, false, false}, {third, 4, 660 * ms, false, false}, {third, 5, 680 * ms, false, false}},
		"with another stream": {
			{nat, 1, 0, true, true}, {third, 2, 600 * ms, false, false}, {third, 2, 620 * ms, false, false},
			{third, 2, 640 * ms, false, false}, {third, 2, 660 * ms, false, false}, {third, 2, 680 * ms, false, false}},
		"the peer was only silent": {
			{nat, 1, 0, true, true}, {third, 1, 600 * ms, false, false}, {third, 1, 620 * ms, false, false},
			{third, 1, 640 * ms, false, false}, {third, 1, 660 * ms, false, false}, {nat, 1, 670 * ms, true, false},
			{third, 1, 680 * ms, false, false}},
	}
	for name, steps := range cases {
		t.Run(name, func(t *testing.T) {
			var s source
			require.True(t, s.expect(declared))
			mine, _ := s.admit(third, 9, false, start)
			require.False(t, mine, "nothing plausible")
			for i, step := range steps {
				mine, moved := s.admit(step.from, step.ssrc, true, start.Add(step.at))
				require.Equal(t, step.mine, mine, "step %d", i)
				require.Equal(t, step.moved, moved, "step %d", i)
			}
			locked := s.locked
			require.False(t, s.expect(declared), "the same address again changes nothing")
			require.False(t, s.expect(netip.AddrPort{}))
			require.Equal(t, locked, s.locked)
			require.True(t, s.expect(netip.MustParseAddrPort("192.0.2.1:4002")))
			require.False(t, s.locked.IsValid())
		})
	}
}
