package ivr

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhichFlowAnswersANumber(t *testing.T) {
	flows := map[string]Flow{"main": {}, "sales": {}, "vip": {}}
	i := New(Part{Country: "CN", Flows: flows, Numbers: []Number{
		{Number: "400", Flow: "main"},
		{Number: "01066557700", Through: "01066557799", Flow: "sales"},
		{Number: "+861066557707", Flow: "vip"},
	}}, new(Prompts))
	for dialled, want := range map[string]string{
		"400": "main", "01066557700": "sales", "+861066557799": "sales", "+861066557707": "vip", "01066557707": "vip",
		"01066557800": "", "66557701": "", "": "", "anonymous": "",
	} {
		state, known := i.Start(dialled, "")
		require.Equal(t, want != "", known, dialled)
		require.Equal(t, want, state.Flow, dialled)
	}
}

func TestRangesThatAreNone(t *testing.T) {
	for _, n := range []Number{
		{Number: "01066557799", Through: "01066557700", Flow: "main"}, {Number: "01066557700", Through: "0106655779", Flow: "main"},
		{Number: "01066557700", Through: "x", Flow: "main"},
	} {
		problems := Check(Part{Country: "CN", Numbers: []Number{n}, Flows: map[string]Flow{"main": {}}}, Env{}, nil, "")
		require.True(t, strings.Contains(problems.Error(), "numbers.0.through"), problems)
	}
}
