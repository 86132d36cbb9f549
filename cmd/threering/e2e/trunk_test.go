package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	carrierA, carrierB = "127.0.0.2", "127.0.0.3"
	carrierSecret      = "what-the-carrier-knows"
	outside            = "13912345678"
)

// carrier has SIPp be one at an address; invite says what it does with calls: answers, refuses.
func (s *server) carrier(host string, port int, invite string) *sipp {
	s.t.Helper()
	return s.sipp(scenario{name: "carrier", host: host, port: port, forever: true, keys: map[string]string{
		"invite": invite, "secret": carrierSecret, "audio": toneALaw(s.t, callerHz),
	}})
}

// trunks is the document of two of them, the first of which registers.
func trunks(portA, portB int) string {
	const out = `    out:
      agents: ["1001"]
      calls: 2
      destinations: [{prefix: "+86", price: 0.12}]
      spend: 10
`
	return fmt.Sprintf(`trunks:
  - name: alpha
    servers: ["sip:%s:%d"]
    register: {user: "84001", password: "env:THREERING_TEST_CARRIER"}
    keepalive: 5s
    numbers: ["010-66557701..010-66557704"]
%s  - name: beta
    servers: ["sip:%s:%d"]
    order: 2
    keepalive: 5s
    numbers: ["010-88880000"]
%s`, carrierA, portA, out, carrierB, portB, out)
}

type trunkView struct {
	Name, State, Why string
	Registered       *time.Time
	OutToday         int `json:"out_today"`
	Spent            float64
}

func (c *client) trunk(name string) trunkView {
	c.t.Helper()
	var list struct{ Trunks []trunkView }
	c.do("GET", "/api/v1/trunks", nil, &list)
	for _, v := range list.Trunks {
		if v.Name == name {
			return v
		}
	}
	c.t.Fatalf("no trunk %s in %+v", name, list)
	return trunkView{}
}

// untilTrunk waits for a trunk to be in a state.
func (c *client) untilTrunk(name, state string, within time.Duration) {
	c.t.Helper()
	require.Eventually(c.t, func() bool { return c.trunk(name).State == state }, within, 100*time.Millisecond, "%+v", c.trunk(name))
}

// A carrier that we register with by digest sends calls, of which it says who calls; another takes the call out that the
// first refuses.
func TestCallsByTrunks(t *testing.T) {
	s := start(t, "THREERING_TEST_CARRIER="+carrierSecret)
	portA, portB := freePort(t), freePort(t)
	s.carrier(carrierA, portA, "refuses")
	s.carrier(carrierB, portB, "answers")
	phone := freePort(t)
	s.straight(map[string]int{"1001": phone}, trunks(portA, portB))
	sup := s.as("sup")
	sup.untilTrunk("alpha", "up", 15*time.Second)
	sup.untilTrunk("beta", "up", 15*time.Second)
	require.NotNil(t, sup.trunk("alpha").Registered)
	require.NotContains(t, s.log.String(), carrierSecret)
	s.as("1001")

	agent := s.sipp(scenario{name: "agent", port: phone, keys: map[string]string{"ring": "300", "audio": toneALaw(t, agentHz)}})
	in := scenario{name: "caller_trunk", host: carrierA, target: numberOf(0), caller: "84001", keys: map[string]string{
		"asserted": "+86" + zhang, "diverted": "+862155556666", "privacy": "none", "talk": "5000", "audio": toneALaw(t, callerHz),
	}}
	s.sipp(in).ok()
	agent.ok()
	d := sup.newest(filed, "answered", 10*time.Second)
	heardBoth(t, s, d)
	arrived := d.of("call.arrived")[0]
	require.Equal(t, "alpha", arrived.Trunk)
	require.Equal(t, []string{"+862155556666"}, arrived.Diverted)

	sup.until("1001", "available", 10*time.Second)
	s.sipp(scenario{name: "caller_plain", port: phone, target: outside, caller: "1001", keys: map[string]string{
		"talk": "5000", "audio": toneALaw(t, agentHz),
	}}).ok()
	d = sup.newest("+86"+outside, "answered", 10*time.Second)
	heardBoth(t, s, d)
	require.Equal(t, 1, s.messages(d, "503 Service Unavailable"), "the first trunk refused it")
	require.Equal(t, 0.12, sup.trunk("beta").Spent)
	require.Zero(t, sup.trunk("alpha").Spent)
}

// Who calls with Privacy is anonymous to the agent, though the carrier names them.
func TestAPrivateCallByATrunk(t *testing.T) {
	s := start(t, "THREERING_TEST_CARRIER="+carrierSecret)
	portA := freePort(t)
	s.carrier(carrierA, portA, "answers")
	phone := freePort(t)
	s.straight(map[string]int{"1001": phone}, trunks(portA, freePort(t)))
	s.as("1001")
	agent := s.sipp(scenario{name: "agent", port: phone, keys: map[string]string{"ring": "300", "audio": toneALaw(t, agentHz)}})
	s.sipp(scenario{name: "caller_trunk", host: carrierA, target: numberOf(0), caller: "anonymous", keys: map[string]string{
		"asserted": "+86" + zhang, "diverted": "+862155556666", "privacy": "id", "talk": "3000", "audio": toneALaw(t, callerHz),
	}}).ok()
	agent.ok()
	d := s.as("sup").newest("anonymous", "answered", 10*time.Second)
	require.Equal(t, filed, d.of("call.arrived")[0].Withheld)
	require.Contains(t, agent.messages(), "<sip:anonymous@")
	require.NotContains(t, agent.messages(), zhang)
}

// A carrier that answers OPTIONS no more is down, and up as soon as it does again.
func TestATrunkGoesDownAndComesBack(t *testing.T) {
	s := start(t, "THREERING_TEST_CARRIER="+carrierSecret)
	portB := freePort(t)
	carrier := s.carrier(carrierB, portB, "answers")
	s.straight(nil, trunks(freePort(t), portB))
	sup := s.as("sup")
	sup.untilTrunk("beta", "up", 15*time.Second)
	carrier.kill()
	sup.untilTrunk("beta", "down", 30*time.Second)
	require.Contains(t, sup.trunk("beta").Why, "OPTIONS")
	s.carrier(carrierB, portB, "answers")
	sup.untilTrunk("beta", "up", 15*time.Second)
}
