package sip

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// carrier is a Trunks that knows one, at this host.
type carrier struct{}

func (carrier) Trunk(netip.Addr) (string, bool) { return "carrier", true }
func (carrier) Read(_, number string) string    { return strings.TrimPrefix(number, "0") }

func TestWhoCallsByATrunk(t *testing.T) {
	for name, c := range map[string]struct {
		from    string
		headers []string
		want    Party
	}{
		"as From says":         {from: "013800138000", want: Party{Number: "13800138000", Name: "A"}},
		"asserted before From": {from: "1", headers: []string{`P-Asserted-Identity: "Zhang, \"San\"" <sip:013800138000@carrier;user=phone>, <tel:+8613800138000>`}, want: Party{Number: "13800138000", Name: `Zhang, "San"`}},
		"Remote-Party-ID":      {from: "1", headers: []string{`Remote-Party-ID: <sip:013800138000@carrier>;party=calling;privacy=off`}, want: Party{Number: "13800138000"}},
		"the RPID is private":  {from: "1", headers: []string{`Remote-Party-ID: <sip:013800138000@carrier>;privacy=full`}, want: Party{Number: "anonymous", Withheld: "13800138000"}},
		"Privacy":              {from: "anonymous", headers: []string{"Privacy: id;critical", "P-Asserted-Identity: <tel:013800138000>"}, want: Party{Number: "anonymous", Withheld: "13800138000"}},
		"no Privacy":           {from: "1", headers: []string{"Privacy: none", "P-Asserted-Identity: <tel:013800138000>"}, want: Party{Number: "13800138000"}},
		"anonymous in From":    {from: "anonymous", headers: []string{"P-Asserted-Identity: <tel:013800138000>"}, want: Party{Number: "anonymous", Withheld: "13800138000"}},
		"nobody knows":         {from: "anonymous", want: Party{Number: "anonymous"}},
		"diverted twice":       {from: "1", headers: []string{"Diversion: <sip:2002@a>;reason=no-answer, <sip:02001@a>;reason=unconditional"}, want: Party{Number: "1", Name: "A", Diverted: []string{"2001", "2002"}}},
		"by its history":       {from: "1", headers: []string{"History-Info: <sip:2001@a>;index=1, <sip:2002@a?Reason=SIP%3Bcause%3D302>;index=1.1, <sip:hotline@a>;index=1.1.1"}, want: Party{Number: "1", Name: "A", Diverted: []string{"2001", "2002"}}},
		"nonsense is left out": {from: "1", headers: []string{`P-Asserted-Identity: "`, "Diversion: ,,<"}, want: Party{Number: "1", Name: "A"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newInbox()
			s := serve(t, Config{Trunks: carrier{}, Incoming: b.incoming})
			w := newWire(t, s)
			w.send(letter{method: "INVITE", from: c.from, headers: c.headers, body: "hello"})
			leg := b.next(t)
			got := leg.From()
			require.Equal(t, "carrier", got.Trunk)
			got.Source, got.Trunk = netip.AddrPort{}, ""
			require.Equal(t, c.want, got)
			require.Equal(t, "carrier", leg.Via())
			leg.Reject(486, "Busy Here")
			w.final(486)
			b.diary.ended(t, leg)
		})
	}
}

func TestOnlyACarrierIsBelievedOfItsCaller(t *testing.T) {
	b := newInbox()
	s := serve(t, Config{Devices: devices().trusting(), Incoming: b.incoming})
	w := newWire(t, s)
	w.send(letter{method: "INVITE", headers: []string{"P-Asserted-Identity: <tel:110>", "Diversion: <sip:2@a>"}, body: "hello"})
	leg := b.next(t)
	require.Equal(t, "alice", leg.From().Number)
	require.Empty(t, leg.From().Diverted)
	leg.Reject(486, "Busy Here")
	b.diary.ended(t, leg)
}

func TestTheNumberBehindOurOwnContact(t *testing.T) {
	b := newInbox()
	s := serve(t, Config{Trunks: carrier{}, Incoming: b.incoming})
	w := newWire(t, s)
	w.send(letter{method: "INVITE", uri: "sip:threering@127.0.0.1", to: "01066557700", body: "hello"})
	leg := b.next(t)
	require.Equal(t, "1066557700", leg.To())
	leg.Reject(486, "Busy Here")
	w.final(486)
	b.diary.ended(t, leg)
}

func TestValuesAreCutWhereTheyEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringMatching(`("([^"\\]|\\.){0,6}" )?<sip:[a-z,;]{1,5}@[a-z]{1,3}>(;[a-z]{1,3}=[a-z]{1,3}){0,2}`)
		all := rapid.SliceOfN(value, 1, 5).Draw(t, "values")
		require.Equal(t, all, values(strings.Join(all, ", ")))
	})
}
