package brain

import (
	"flag"
	"os"
	"testing"
)

// TestMain makes the histories of the properties long: 200,000 events in all. `make soak` asks for ten million.
func TestMain(m *testing.M) {
	for name, value := range map[string]string{"rapid.checks": "1000", "rapid.steps": "200"} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
