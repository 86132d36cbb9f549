package config

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// write puts text into a settings file and makes its folder the current one,
// so that problems name it shortly.
func write(t *testing.T, text string) string {
	t.Helper()
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("settings.yaml", []byte(text), 0o600))
	return "settings.yaml"
}

func parsedFlags(t *testing.T, args ...string) *pflag.FlagSet {
	t.Helper()
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	AddFlags(flags)
	require.NoError(t, flags.Parse(args))
	return flags
}

func TestExampleIsTheDefaults(t *testing.T) {
	var empty Settings
	_, err := DecodeYAML("example.yaml", Example(), &empty)
	require.NoError(t, err)
	require.Equal(t, Default(), empty)

	for _, s := range settingsOf(reflectOf(&empty), "") {
		require.NotEmpty(t, describe()[s.key], "the example says nothing of %s", s.key)
	}
}

func TestNothingGivenIsTheDefaults(t *testing.T) {
	s, err := Load("", nil)
	require.NoError(t, err)
	require.Equal(t, Default(), s)

	s, err = Load(write(t, ""), parsedFlags(t))
	require.NoError(t, err)
	require.Equal(t, Default(), s)
}

func TestFlagGoesBeforeVariableBeforeFile(t *testing.T) {
	file := write(t, "data_dir: from-file\nlog: {level: warn}\nsip: {realm: here}\ndemo: true\n")
	t.Setenv("THREERING_DATA_DIR", "from-variable")
	t.Setenv("THREERING_LOG_LEVEL", "error")
	t.Setenv("THREERING_SIP_LISTEN", "udp://127.0.0.1:0, tcp://[::1]:5070")
	t.Setenv("THREERING_DEMO", "")
	t.Setenv("THREERING_AGENTS_AVAILABLE_ON_SIGN_IN", "false")

	s, err := Load(file, parsedFlags(t, "--data-dir=from-flag", "--rtp-ports", "20000-20099"))
	require.NoError(t, err)
	require.Equal(t, "from-flag", s.DataDir)
	require.Equal(t, "error", s.Log.Level)
	require.Equal(t, "here", s.SIP.Realm)
	require.True(t, s.Demo, "an empty variable says nothing")
	require.Equal(t, []string{"udp://127.0.0.1:0", "tcp://[::1]:5070"}, s.SIP.Listen)
	require.Equal(t, PortRange{20000, 20099}, s.RTP.Ports)
	require.False(t, s.Agents.AvailableOnSignIn)
}

func TestProblemsNameTheirSource(t *testing.T) {
	const ports = "a range such as 16000-19999: an even port from 1024 on first, at least 6 ports, up to 65535"
	const listen = "udp://ADDRESS:PORT, tcp://ADDRESS:PORT or tls://ADDRESS:PORT with an IP address, each once"
	for name, tc := range map[string]struct {
		file string
		env  map[string]string
		args []string
		want string
	}{
		"unknown key":       {file: "sip:\n  listn: []\n", want: "settings.yaml:2: sip.listn: unknown key; allowed: listen, realm, certificate, key, drain, ladders"},
		"wrong type":        {file: "# x\nrtp:\n  ports: 12\n", want: "settings.yaml:3: rtp.ports: found 12; allowed: " + ports},
		"odd port":          {file: "rtp: {ports: 16001-19999}", want: "settings.yaml:1: rtp.ports: found \"16001-19999\"; allowed: " + ports},
		"too few ports":     {file: "rtp: {ports: 16000-16002}", want: "settings.yaml:1: rtp.ports: found \"16000-16002\"; allowed: " + ports},
		"repeated key":      {file: "demo: true\nlog: {}\ndemo: false\n", want: "settings.yaml:3: demo: the key stands here again; allowed: each key once"},
		"text for a bool":   {file: "demo: yes please\n", want: `settings.yaml:1: demo: found "yes please"; allowed: true or false`},
		"list for a text":   {file: "data_dir: [a]\n", want: "settings.yaml:1: data_dir: found a list; allowed: a text"},
		"text for a list":   {file: "sip: {listen: udp://127.0.0.1:5060}", want: `settings.yaml:1: sip.listen: found "udp://127.0.0.1:5060"; allowed: a list`},
		"bad URL":           {file: "sip:\n  listen:\n  - udp://127.0.0.1:5060\n  - sctp://127.0.0.1:5061\n", want: `settings.yaml:4: sip.listen.1: found "sctp://127.0.0.1:5061"; allowed: ` + listen},
		"URL twice":         {file: "sip: {listen: ['udp://127.0.0.1:1', 'udp://127.0.0.1:1']}", want: `settings.yaml:1: sip.listen.1: found "udp://127.0.0.1:1"; allowed: ` + listen},
		"tls, no cert":      {file: "sip: {listen: ['tls://127.0.0.1:5061']}", want: "settings.yaml:1: sip.certificate: found nothing; allowed: the certificate file for tls:// addresses, where there is no http.certificate"},
		"no URL":            {file: "sip: {listen: []}", want: "settings.yaml:1: sip.listen: found an empty list; allowed: " + listen},
		"realm":             {file: "sip: {realm: 'a\"b'}", want: `settings.yaml:1: sip.realm: found "a\"b"; allowed: a name of visible ASCII characters without quotes and colons, such as "threering"`},
		"level":             {file: "log: {level: loud}", want: `settings.yaml:1: log.level: found "loud"; allowed: debug, info, warn, error`},
		"empty folder":      {file: "data_dir: ''", want: "settings.yaml:1: data_dir: found nothing; allowed: a folder"},
		"key without cert":  {file: "http:\n  key: a.pem\n", want: "settings.yaml:1: http.certificate: found nothing; allowed: the certificate file that belongs to http.key"},
		"address":           {file: "public_address: example.org", want: `settings.yaml:1: public_address: found "example.org"; allowed: an IP address such as 203.0.113.5, or empty`},
		"not YAML":          {file: "demo: true\nlog: {level: [}\n", want: "settings.yaml:2: unreadable: did not find expected node content"},
		"two documents":     {file: "demo: true\n---\ndemo: false\n", want: "settings.yaml:2: unreadable: a second document begins"},
		"an alias":          {file: "data_dir: &x a\nsip: {realm: *x}\n", want: "settings.yaml:1: data_dir: found \"a\"; allowed: values without anchors and aliases\nsettings.yaml:2: sip.realm: found *x; allowed: values without anchors and aliases"},
		"variable's type":   {env: map[string]string{"THREERING_RTP_PORTS": "1-x"}, want: `THREERING_RTP_PORTS: found "1-x"; allowed: ` + ports},
		"variable's value":  {file: "log: {level: info}", env: map[string]string{"THREERING_LOG_LEVEL": "loud"}, want: `THREERING_LOG_LEVEL: found "loud"; allowed: debug, info, warn, error`},
		"variable's list":   {env: map[string]string{"THREERING_SIP_LISTEN": "udp://127.0.0.1:1,here"}, want: `THREERING_SIP_LISTEN: found "here"; allowed: ` + listen},
		"variable's bool":   {env: map[string]string{"THREERING_DEMO": "maybe"}, want: `THREERING_DEMO: found "maybe"; allowed: true or false`},
		"flag":              {env: map[string]string{"THREERING_HTTP_LISTEN": "127.0.0.1:1"}, args: []string{"--http-listen=here"}, want: `--http-listen: found "here"; allowed: ADDRESS:PORT such as 127.0.0.1:8080`},
		"all of them":       {file: "demo: 3\nfoo: 1\n", env: map[string]string{"THREERING_LOG_FORMAT": "xml"}, want: "THREERING_LOG_FORMAT: found \"xml\"; allowed: text, json\nsettings.yaml:1: demo: found 3; allowed: true or false\nsettings.yaml:2: foo: unknown key; allowed: data_dir, public_address, demo, demo_password, sip, http, rtp, log, agents"},
		"a folder's scalar": {file: "sip: 5060", want: "settings.yaml:1: sip: found 5060; allowed: listen, realm, certificate, key, drain, ladders"},
	} {
		t.Run(name, func(t *testing.T) {
			file := write(t, tc.file)
			for name, value := range tc.env {
				t.Setenv(name, value)
			}
			s, err := Load(file, parsedFlags(t, tc.args...))
			require.EqualError(t, err, tc.want)
			require.IsType(t, Problems{}, err)
			require.Zero(t, s)
		})
	}
}

func TestMissingFileIsSaid(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "none.yaml"), nil)
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestFlagsNameNoPassword(t *testing.T) {
	require.Nil(t, parsedFlags(t).Lookup("demo-password"))
	require.Equal(t, "Folder of the database and the recordings.", parsedFlags(t).Lookup("data-dir").Usage)
}

func TestPortRangeReadsWhatItWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.IntRange(512, 32765).Draw(t, "half of low") * 2
		r := PortRange{low, rapid.IntRange(low+5, 65535).Draw(t, "high")}
		text, err := r.MarshalText()
		require.NoError(t, err)
		var back PortRange
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, r, back)
	})
}

func TestPasswordIsNeverPrinted(t *testing.T) {
	t.Setenv("THREERING_DEMO_PASSWORD", "open sesame")
	s, err := Load("", nil)
	require.NoError(t, err)
	require.Equal(t, "open sesame", s.DemoPassword)

	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("text", "settings", s)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("json", "settings", s)
	fmt.Fprintf(&log, "%v %+v %s", s, s, s)
	require.Contains(t, log.String(), "threering")
	require.NotContains(t, log.String(), "sesame")
}
