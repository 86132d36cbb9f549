package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"
	"testing/slogtest"

	"github.com/stretchr/testify/require"

	"threering/config"
)

func TestTheLogHasTheAttributesOfItsLogger(t *testing.T) {
	var out bytes.Buffer
	log := newLogger(&out, config.Log{Level: "info", Format: "text"}).With("leg", "a")
	first, second := log.With("call", 1), log.With("call", 2)
	first.Debug("not this")
	first.Info("one", "code", 200)
	second.WithGroup("more").With("x", 1).Info("two", "y", 2)
	log.Info("three")
	require.Regexp(t, `msg=one leg=a call=1 code=200\n.*msg=two leg=a call=2 more.x=1 more.y=2\n.*msg=three leg=a\n$`, out.String())
}

func TestTheLogIsOneOfSlog(t *testing.T) {
	var out bytes.Buffer
	slogtest.Run(t, func(*testing.T) slog.Handler {
		out.Reset()
		return newLogger(&out, config.Log{Level: "info", Format: "json"}).Handler()
	}, func(t *testing.T) map[string]any { return readJSON(t, out.Bytes()) })
}

func readJSON(t *testing.T, line []byte) map[string]any {
	var all map[string]any
	require.NoError(t, json.Unmarshal(line, &all))
	return all
}
