package center

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"threering/sip/trunk"
)

const trunksText = `
trunks:
  - name: telecom
    servers: ["sip:sbc.example.net", "sip:192.0.2.7:5070;transport=tcp"]
    register: {user: "84001", password: "env:TELECOM"}
    numbers: ["010-66557700..010-66557799"]
    out:
      agents: ["1001"]
      calls: 10
      destinations:
        - {prefix: "+86", price: 0.12}
        - {prefix: "955", price: 0}
      spend: 100
people:
  - {id: "1001", name: 王芳, role: agent}
`

func TestTrunksAreAppliedAndExported(t *testing.T) {
	ctx := context.Background()
	c := open(t)
	doc, err := Check("center.yaml", []byte(trunksText))
	require.NoError(t, err)
	changes, err := c.Apply(ctx, doc)
	require.NoError(t, err)
	require.Contains(t, changes.Lines, "added trunk telecom")

	text, err := c.Export(ctx)
	require.NoError(t, err)
	require.Contains(t, string(text), "price: 0.12")
	require.Contains(t, string(text), "env:TELECOM")
	again, err := Check("center.yaml", text)
	require.NoError(t, err)
	changes, err = c.Apply(ctx, again)
	require.NoError(t, err)
	require.Empty(t, changes.Lines, "what was exported changes nothing")

	again.Lines.Trunks[0].Out.Spend = 200 * 10000
	changes, err = c.Apply(ctx, again)
	require.NoError(t, err)
	require.Equal(t, []string{"changed trunk telecom: out"}, changes.Lines)
}

func TestTrunksThatCannotBe(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"a password in clear":   {`"env:TELECOM"`, `"hunter2"`, "trunks.0.register.password: no place of a password; allowed: env:NAME or file:/PATH"},
		"trusted beside":        {"people:", "trusted: [10.0.0.0/8]\npeople:", `trusted: found "10.0.0.0/8"; allowed: nothing where there are trunks`},
		"no server":             {`"sip:sbc.example.net"`, `"sbc.example.net:x"`, "trunks.0.servers.0"},
		"nobody of that id":     {`agents: ["1001"]`, `agents: ["1009"]`, `trunks.0.out.agents.0: found "1009"; allowed: 1001`},
		"no cap":                {"spend: 100", "spend: 0", "trunks.0.out.spend"},
		"no price":              {"price: 0.12", "price: -1", "an amount such as 0.15 or 100"},
		"a prefix of letters":   {`"+86"`, `"abc"`, "trunks.0.out.destinations.0.prefix"},
		"a number that is none": {`"010-66557700..010-66557799"`, `"010-66557700..400"`, "trunks.0.numbers.0"},
		"a foreign caller":      {"calls: 10", "calls: 10\n      caller: 13800138000", "one of the trunk's own numbers"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(trunksText, c.old, c.new, 1)
			require.NotEqual(t, trunksText, text)
			_, err := Check("center.yaml", []byte(text))
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "hunter2", "a password is not repeated")
		})
	}
}

func TestNumbersForTrunks(t *testing.T) {
	read := NumberReader("CN")
	require.Equal(t, trunk.Number{Digits: "+8613800138000", National: "13800138000", Home: true}, read("013800138000"))
	require.Equal(t, trunk.Number{Digits: "+442079460000", National: "00442079460000"}, read("0044 20 7946 0000"))
	require.Equal(t, trunk.Number{Digits: "95588", National: "95588", Home: true}, read("95588"))
	require.Empty(t, read("0088999").Digits, "no number, and it begins like one of abroad")
	require.Empty(t, read("+999123").Digits)
	require.Empty(t, read("anonymous").Digits)
	require.Empty(t, read("sip:x").Digits)
}
