package ivr

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"threering/config"
)

// demoEnv is what the demo flow refers to.
func demoEnv(t testing.TB) Env {
	t.Helper()
	prompts, err := LoadPrompts()
	require.NoError(t, err)
	return Env{Queues: []string{"sales", "support", "complaint", "operator"}, Prompts: prompts.Names()}
}

// demo is the flow of the demo center.
func demo(t testing.TB) Part {
	t.Helper()
	text, err := os.ReadFile("testdata/demo_flow.yaml")
	require.NoError(t, err)
	p, _ := decode(t, string(text))
	return p
}

func decode(t testing.TB, text string) (Part, *config.Lines) {
	t.Helper()
	var p Part
	lines, err := config.DecodeYAML("flows.yaml", []byte(text), &p)
	require.NoError(t, err)
	return p, lines
}
