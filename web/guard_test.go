package web

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestGuardWaitsLongerAndLonger(t *testing.T) {
	g, now := newGuard(), past(9, 0)
	o := originOf("1001", netip.MustParseAddr("192.0.2.7"))
	for range freeTries {
		require.Zero(t, g.enter(o, now))
	}
	for _, wait := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
		require.Zero(t, g.enter(o, now))
		require.Equal(t, wait*time.Second, g.enter(o, now))
		require.Equal(t, time.Second, g.enter(o, now.Add((wait-1)*time.Second)), "asking does not lengthen it")
		now = now.Add(wait * time.Second)
	}
	require.Zero(t, g.enter(originOf("1001", netip.MustParseAddr("192.0.2.8")), now), "from elsewhere")
	g.pass(o)
	require.Zero(t, g.enter(o, now))
}

func TestGuardForgets(t *testing.T) {
	g, now := newGuard(), past(9, 0)
	o := originOf("1001", netip.MustParseAddr("192.0.2.7"))
	for range freeTries + 1 {
		g.enter(o, now)
	}
	now = now.Add(forgetting + time.Second)
	for range freeTries + 1 {
		require.Zero(t, g.enter(o, now))
	}
	g.forget(now)
	require.Len(t, g.tries, 1)
	g.forget(now.Add(forgetting + time.Second))
	require.Empty(t, g.tries)
}

func TestGuardIsBounded(t *testing.T) {
	g, now := newGuard(), past(9, 0)
	for i := range triesKept + 100 {
		g.enter(originOf(fmt.Sprint(i), netip.Addr{}), now)
	}
	require.Len(t, g.tries, triesKept)
}

func TestOneMachineIsOneOrigin(t *testing.T) {
	at := func(addr string) origin { return originOf("1001", netip.MustParseAddr(addr)) }
	require.Equal(t, at("2001:db8::1"), at("2001:db8::2"), "an IPv6 network")
	require.NotEqual(t, at("2001:db8::1"), at("2001:db8:0:1::1"))
	require.NotEqual(t, at("192.0.2.7"), at("192.0.2.8"))
	require.Equal(t, netip.MustParseAddr("192.0.2.7"), addressOf("[::ffff:192.0.2.7]:4711"))
}
