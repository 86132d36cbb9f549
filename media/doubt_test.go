package media

import (
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// heardAll counts what comes to a phone until nothing more does.
func (f *phone) heardAll() (count int) {
	f.t.Helper()
	for {
		if _, ok := f.listen(100 * time.Millisecond); !ok {
			return count
		}
		count++
	}
}

func TestAThirdPartyThatAnSDPNamesGetsFewPackets(t *testing.T) {
	e := newEngine(t)
	caller, victim := newPhone(t, PCMA), newPhoneAt(t, net.IPv4(127, 0, 0, 9), PCMA)
	from, to := caller.call(e, nil), victim.call(e, nil)
	to.out.mu.Lock()
	to.out.doubt.most = 20
	to.out.mu.Unlock()
	join(t, from, to)
	caller.say(Tone(1004, 4*time.Second)) // 200 packets
	require.Equal(t, 20+4, victim.heardAll(), "20, then one of 50")

	_, err := to.Answer(describePhone(netip.AddrPortFrom(victim.addr().Addr(), 9), PCMA)) // named anew, and again
	require.NoError(t, err)
	_, err = to.Answer(victim.sdp())
	require.NoError(t, err)
	caller.say(Tone(1004, time.Second))
	require.Equal(t, 1, victim.heardAll())

	honest := newPhone(t, PCMA) // who speaks is sent to
	_, err = to.Answer(honest.sdp())
	require.NoError(t, err)
	honest.to = to.Addr()
	honest.say(Tone(500, 20*time.Millisecond))
	caller.hear()
	caller.say(Tone(1004, time.Second))
	require.Equal(t, 50, honest.heardAll())

	_, err = to.Answer(victim.sdp()) // though not to everybody, then
	require.NoError(t, err)
	caller.say(Tone(1004, time.Second))
	require.Equal(t, 1, victim.heardAll())
	victim.to = to.Addr()
	victim.say(Tone(500, 20*time.Millisecond))
	caller.hear()
	caller.say(Tone(1004, time.Second))
	require.Equal(t, 50, victim.heardAll())
}

func TestHowManyPacketsGoToWhoSaysNothing(t *testing.T) {
	require.Equal(t, 1500, newDoubt(time.Minute).most)
	unlimited := newDoubt(0)
	for range 10000 {
		require.True(t, unlimited.allows(netip.MustParseAddr("192.0.2.1")))
	}
}
