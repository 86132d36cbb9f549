package sip

import (
	"crypto/tls"
	"errors"
	"log/slog"
	"net/netip"
	"time"
)

var (
	// ErrUnreachable says that a device has no contact where it could be called.
	ErrUnreachable = errors.New("device is not registered")
	// ErrClosed says that the server is shutting down.
	ErrClosed = errors.New("server is closed")
	// ErrHeader says that a header cannot be sent: a bad name, one that the leg itself sets, or a value of several lines.
	ErrHeader = errors.New("header not allowed")
	// ErrAddress says that an address to listen on or a SIP URI to call cannot be read.
	ErrAddress = errors.New("bad address")
)

// Media is the audio of a leg, as far as signalling needs it: offers and answers (RFC 3264) as bytes of SDP. All are
// called on the leg's actor goroutine. Any error of Answer refuses the offer with 488.
type Media interface {
	Offer() ([]byte, error)
	Answer(offer []byte) ([]byte, error)
	Accept(answer []byte) error
}

// Yielding is a Media that may have another offer for a peer who takes its first as none that it could answer (488).
type Yielding interface {
	// Yield says whether the next Offer asks for less or for other things than the last.
	Yield() bool
}

// Devices knows the telephones.
type Devices interface {
	// Device looks a device up by its name, the user part of its address of record.
	Device(name string) (Device, bool)
	// Trusted says whether calls from that address are taken without credentials (a trunk's).
	Trusted(netip.Addr) bool
}

// Trunks knows the carriers' lines that calls come in by.
type Trunks interface {
	// Trunk names the one whose calls come from an address; false where that is none's.
	Trunk(source netip.Addr) (name string, ok bool)
	// Read is a number that came in by a trunk, as others write it.
	Read(trunk, number string) string
}

// A Device is a telephone, or what stands in for one.
type Device struct {
	Name      string
	HA1MD5    string // hex of MD5(name:realm:secret); empty: cannot register with MD5
	HA1SHA256 string // hex of SHA-256(name:realm:secret); empty: cannot register with SHA-256
	Fixed     string // sip:1001@192.0.2.7:5060 for a device that never registers and is always reachable; else empty
}

// Config says where a server listens, whom it serves and who is told. Zero durations mean the defaults named.
type Config struct {
	Listen []string   // udp://127.0.0.1:5060, tcp://[::1]:5060, tls://0.0.0.0:5061; port 0 picks a free one
	Public netip.Addr // the address told to peers in Via and Contact (behind 1:1 NAT); not valid: the one bound
	Realm  string     // digest realm; "threering"
	User   string     // user part of our Contact; "threering"
	Log    *slog.Logger

	Devices  Devices
	Trunks   Trunks      // nil: none
	TLS      *tls.Config // how tls:// listeners are secured; required where there is one
	Contacts *Contacts   // nil: registrations are kept in memory only
	Bans     *Bans       // nil: bans are kept in memory only
	Ladders  *Ladders    // nil: no messages are recorded
	Incoming func(*Leg)  // a new call, on the leg's own goroutine: Attach, then Ring, Answer or Reject. nil: 480 to all
	Reach    func(device string, reachable bool)

	// Digests are the algorithms that devices are asked for, SHA-256 and MD5, the preferred first; MD5 alone where there are
	// none, since phones that do not know RFC 8760 give up on a challenge that names SHA-256 too. Either is accepted.
	Digests []string

	MinExpires time.Duration // shortest registration; 60 s
	MaxExpires time.Duration // longest registration; 1 h
	MinSession time.Duration // shortest session interval (RFC 4028 Min-SE); 90 s
	Session    time.Duration // session interval that our calls ask for; 30 min
	Unhurried  bool          // calls are taken however late this process gets to what is due: by telephones, whom a refusal would help nobody
	T1         time.Duration // round-trip estimate that all the legs' timers derive from (RFC 3261 17.1.1.1); 500 ms
}

func (c Config) complete() Config {
	if c.Realm == "" {
		c.Realm = "threering"
	}
	if c.User == "" {
		c.User = "threering"
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Devices == nil {
		c.Devices = nobody{}
	}
	if c.Trunks == nil {
		c.Trunks = nobody{}
	}
	if c.Contacts == nil {
		c.Contacts = newContacts(nil)
	}
	if c.Incoming == nil {
		c.Incoming = func(l *Leg) { l.Reject(480, "Temporarily Unavailable") }
	}
	if c.Reach == nil {
		c.Reach = func(string, bool) {}
	}
	if len(c.Digests) == 0 {
		c.Digests = []string{md}
	}
	c.MinExpires = orElse(c.MinExpires, time.Minute)
	c.MaxExpires = orElse(c.MaxExpires, time.Hour)
	c.MinSession = orElse(c.MinSession, 90*time.Second)
	c.Session = orElse(c.Session, 30*time.Minute)
	c.T1 = orElse(c.T1, 500*time.Millisecond)
	return c
}

func orElse(d, standard time.Duration) time.Duration {
	if d <= 0 {
		return standard
	}
	return d
}

// The other timers, as RFC 3261 derives them from T1.
func (c Config) t2() time.Duration     { return 8 * c.T1 }  // longest interval between retransmissions
func (c Config) giveUp() time.Duration { return 64 * c.T1 } // how long the peer has to say anything

// nobody is a directory without devices, and without trunks.
type nobody struct{}

func (nobody) Device(string) (Device, bool)    { return Device{}, false }
func (nobody) Trusted(netip.Addr) bool         { return false }
func (nobody) Trunk(netip.Addr) (string, bool) { return "", false }
func (nobody) Read(_, number string) string    { return number }
