package trunk

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// names is a Resolver for tests.
type names struct {
	services map[string][]*net.SRV
	hosts    map[string][]netip.Addr
}

var errNoName = errors.New("no such name")

func (n names) LookupSRV(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
	if records, ok := n.services["_"+service+"._"+proto+"."+name]; ok {
		return "", records, nil
	}
	return "", nil, errNoName
}

func (n names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	if addrs, ok := n.hosts[host]; ok {
		return addrs, nil
	}
	return nil, errNoName
}

func found(t *testing.T, n names, servers ...string) ([]string, error) {
	t.Helper()
	var list []server
	for _, text := range servers {
		s, err := parseServer(text)
		require.NoError(t, err)
		list = append(list, s)
	}
	targets, err := resolve(t.Context(), n, list, func(int) int { return 0 })
	var all []string
	for _, target := range targets {
		all = append(all, target.network+" "+target.addr.String())
	}
	return all, err
}

func TestServersAreFoundBySRV(t *testing.T) {
	one, two := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	n := names{
		services: map[string][]*net.SRV{
			"_sip._udp.carrier.example": {
				{Target: "b.carrier.example.", Port: 5070, Priority: 20}, {Target: "a.carrier.example.", Port: 5062, Priority: 10},
				{Target: "gone.carrier.example.", Port: 5060, Priority: 5},
			},
			"_sips._tcp.carrier.example": {{Target: "a.carrier.example.", Port: 5071}},
			"_sip._udp.closed.example":   {{Target: "."}},
		},
		hosts: map[string][]netip.Addr{"a.carrier.example": {one}, "b.carrier.example": {two, one}, "carrier.example": {two}, "closed.example": {one}},
	}
	all, err := found(t, n, "sip:carrier.example")
	require.NoError(t, err)
	require.Equal(t, []string{"udp 192.0.2.1:5062", "udp 192.0.2.2:5070", "udp 192.0.2.1:5070"}, all, "by order; what has no address is left out")

	all, _ = found(t, n, "sips:carrier.example")
	require.Equal(t, []string{"tls 192.0.2.1:5071"}, all)
	all, _ = found(t, n, "sip:carrier.example:5099")
	require.Equal(t, []string{"udp 192.0.2.2:5099"}, all, "a port is said: no SRV (RFC 3263 4.2)")
	all, _ = found(t, n, "sip:carrier.example;transport=tcp")
	require.Equal(t, []string{"tcp 192.0.2.2:5060"}, all, "no SRV for it: the host itself")
	all, err = found(t, n, "sip:nowhere.example", "sip:[2001:db8::1];transport=tls")
	require.ErrorIs(t, err, errNoName)
	require.Equal(t, []string{"tls [2001:db8::1]:5061"}, all, "the others are found all the same")
}

func TestServersThatAreNone(t *testing.T) {
	for _, text := range []string{"", "carrier.example", "sip:", "sip:user@carrier.example", "sip:a;transport=sctp", "sip:a b", "https://a"} {
		_, err := parseServer(text)
		require.Error(t, err, text)
	}
}

type weighted struct{ order, weight, id int }

// TestOrderGoesBeforeWeight: the order of RFC 2782 over random records, and nobody is lost.
func TestOrderGoesBeforeWeight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []weighted
		for i := range rapid.IntRange(0, 8).Draw(t, "n") {
			all = append(all, weighted{rapid.IntRange(0, 2).Draw(t, "order"), rapid.IntRange(0, 3).Draw(t, "weight"), i})
		}
		sorted := inOrder(all, func(w weighted) int { return w.order }, func(w weighted) int { return w.weight }, func(n int) int {
			return rapid.IntRange(0, n-1).Draw(t, "draw")
		})
		require.ElementsMatch(t, all, sorted)
		for i := 1; i < len(sorted); i++ {
			require.LessOrEqual(t, sorted[i-1].order, sorted[i].order)
		}
	})
}

// TestWeightIsTheShare counts who comes first over all draws there are.
func TestWeightIsTheShare(t *testing.T) {
	all := []weighted{{0, 1, 1}, {0, 3, 2}}
	first := map[int]int{}
	for draw := range 4 { // of 1 to 4; 0 is for those without weight
		sorted := inOrder(all, func(w weighted) int { return w.order }, func(w weighted) int { return w.weight }, func(n int) int { return min(draw+1, n-1) })
		first[sorted[0].id]++
	}
	require.Equal(t, map[int]int{1: 1, 2: 3}, first)
}
