package config

import (
	"fmt"
	"time"
)

// Settings is everything an installation can set. A key of the file is the
// path of the tags ("rtp.ports"), its environment variable that path in
// capitals (THREERING_RTP_PORTS), its flag the path with dashes (--rtp-ports).
// What each means and may be is said in the file that [Example] gives.
type Settings struct {
	DataDir       string `yaml:"data_dir"`
	PublicAddress string `yaml:"public_address"`
	Demo          bool   `yaml:"demo"`
	DemoPassword  string `yaml:"demo_password" json:"-"` // never printed, and no flag: every user of the machine sees flags
	SIP           SIP    `yaml:"sip"`
	HTTP          HTTP   `yaml:"http"`
	RTP           RTP    `yaml:"rtp"`
	Log           Log    `yaml:"log"`
	Agents        Agents `yaml:"agents"`
}

// SIP is where phones and trunks reach the server.
type SIP struct {
	Listen []string `yaml:"listen"` // URLs, udp://127.0.0.1:5060; port 0 takes a free one
	Realm  string   `yaml:"realm"`

	Certificate string `yaml:"certificate"` // of tls:// addresses; empty: that of HTTP
	Key         string `yaml:"key"`

	Drain   time.Duration `yaml:"drain"`
	Ladders time.Duration `yaml:"ladders"`
}

// HTTP is where the console and the API are served.
type HTTP struct {
	Listen      string `yaml:"listen"` // host:port; port 0 takes a free one
	Certificate string `yaml:"certificate"`
	Key         string `yaml:"key"`
	SelfSigned  bool   `yaml:"self_signed"`
}

// RTP is the audio.
type RTP struct {
	Ports   PortRange     `yaml:"ports"`
	Silence time.Duration `yaml:"silence"`
}

// Log is what is told of the running.
type Log struct {
	Level  string `yaml:"level"`
	Format string `yaml:"format"`
}

// Agents is how agents' states behave.
type Agents struct {
	AvailableOnSignIn bool `yaml:"available_on_sign_in"`
}

// Default is the settings where nothing was set.
func Default() Settings {
	return Settings{
		DataDir: "./var",
		SIP: SIP{
			Listen: []string{"udp://127.0.0.1:5060", "tcp://127.0.0.1:5060"},
			Realm:  "threering",

			Drain:   time.Minute,
			Ladders: 3 * 24 * time.Hour,
		},
		HTTP:   HTTP{Listen: "127.0.0.1:8080"},
		RTP:    RTP{Ports: PortRange{Low: 16000, High: 19999}, Silence: time.Minute},
		Log:    Log{Level: "info", Format: "text"},
		Agents: Agents{AvailableOnSignIn: true},
	}
}

// String is the settings for a log, without the password.
func (s Settings) String() string {
	type plain Settings
	if s.DemoPassword != "" {
		s.DemoPassword = "(hidden)"
	}
	return fmt.Sprintf("%+v", plain(s))
}
