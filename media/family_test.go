package media

import (
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func engineAt(t testing.TB, c Config) *Engine {
	t.Helper()
	c.Low, c.High = 20000, 29999
	e, err := NewEngine(c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	return e
}

// engineOfBoth has addresses of both families.
func engineOfBoth(t testing.TB) *Engine {
	return engineAt(t, Config{Bind: netip.IPv6Unspecified(), Advertise: netip.MustParseAddr("127.0.0.1"), Other: netip.IPv6Loopback()})
}

func TestASweepComesThroughBetweenIPv4AndIPv6(t *testing.T) {
	both := engineOfBoth(t)
	a, b := newCaller(t, PCMA), &caller{t: t, notes: newNotes(), ear: new(strip)}
	var err error
	b.port, err = engineAt(t, Config{Bind: netip.IPv6Loopback()}).NewPort(b.notes)
	require.NoError(t, err)
	b.port.Tap(b.ear)

	pa, pb := a.dial(both), b.dial(both)
	join(t, pa, pb)
	sound := sweep(time.Second)
	a.port.Play(false, sound)
	requireHeard(t, b, sound)
	b.port.Play(false, sound)
	requireHeard(t, a, sound)

	require.Eventually(t, func() bool { // reports find their way too
		b.port.reportsNow()
		pb.reportsNow()
		return b.port.Quality().Received.RoundTrip != nil
	}, patience, 10*time.Millisecond)
}

func TestNothingIsLostBetweenIPv4AndIPv6(t *testing.T) {
	e := engineOfBoth(t)
	four, six := newPhone(t, PCMA), newPhoneAt(t, net.IPv6loopback, PCMA)
	join(t, four.call(e, nil), six.call(e, nil))
	six.to = netip.AddrPortFrom(netip.IPv6Loopback(), six.to.Port())
	four.requireSays(sweep(time.Second), six.hearBytes)
	six.requireSays(sweep(time.Second), four.hearBytes)
}

func TestAPeerThatCannotBeReachedByItsFamily(t *testing.T) {
	p := newTestPort(t, nil)
	offer := describePhone(netip.MustParseAddrPort("[2001:db8::1]:4000"), PCMA)
	_, err := p.Answer(offer)
	require.ErrorIs(t, err, ErrFamily)
	require.ErrorIs(t, p.Accept(offer), ErrFamily)
	held := describePhone(netip.MustParseAddrPort("0.0.0.0:4000"), PCMA)
	_, err = p.Answer(held)
	require.NoError(t, err)
}

func TestFamiliesThatDoNotFit(t *testing.T) {
	four, six := netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1")
	for name, c := range map[string]Config{
		"twice the same family": {Bind: netip.IPv6Unspecified(), Advertise: six, Other: netip.MustParseAddr("::2")},
		"bound to one":          {Bind: four, Other: six},
	} {
		_, err := NewEngine(c)
		require.Error(t, err, name)
	}
}
