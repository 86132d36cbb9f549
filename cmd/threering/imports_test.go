package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// mayImport is the plan of the house: which room may know which others. Imports run down, never up, never around.
var mayImport = map[string][]string{
	"cmd":       {"web", "center", "ivr", "acd", "crm", "recording", "sip", "media", "store", "config"},
	"web":       {"center", "ivr", "acd", "crm", "recording", "sip", "media", "store", "config"},
	"center":    {"ivr", "acd", "crm", "recording", "sip", "store", "config"},
	"ivr":       {"acd", "crm", "recording", "media", "store", "config"},
	"acd":       {"recording", "sip", "media", "store", "config"},
	"crm":       {"store", "config"},
	"recording": {"media", "store", "config"},
	"sip":       {"media", "store", "config"},
	"media":     {},
	"store":     {"config"},
	"config":    {},
}

// alone are packages that import nothing of the project, whatever their room may.
var alone = []string{"threering/acd/brain"}

func TestImportsRunDownTheHouse(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "threering/...").Output()
	require.NoError(t, err)
	packages := json.NewDecoder(strings.NewReader(string(out)))
	seen := map[string]bool{}
	for {
		var p struct {
			ImportPath string
			Imports    []string
		}
		err := packages.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		from := room(p.ImportPath)
		require.Contains(t, mayImport, from, "%s is in no room of the house", p.ImportPath)
		seen[from] = true
		for _, i := range p.Imports {
			to := room(i)
			if to == "" || to == from && !slices.Contains(alone, p.ImportPath) {
				continue
			}
			require.Contains(t, mayImport[from], to, "%s imports %s", p.ImportPath, i)
			require.NotContains(t, alone, p.ImportPath, "%s imports %s", p.ImportPath, i)
		}
	}
	for name := range mayImport {
		require.True(t, seen[name], "no package in %s: the test looked in the wrong place", name)
	}
}

// room is the top-level folder of one of the project's packages, empty for others.
func room(path string) string {
	rest, ours := strings.CutPrefix(path, "threering/")
	if !ours {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}
