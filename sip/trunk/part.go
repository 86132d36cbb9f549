package trunk

import (
	"cmp"
	"net/netip"
	"slices"
	"time"
)

// Part is the room's part of the center's document.
type Part struct {
	Trunks []Trunk `yaml:"trunks,omitempty"`
}

// Trunk is one carrier's line.
type Trunk struct {
	Name      string         `yaml:"name"`
	Servers   []string       `yaml:"servers,omitempty,flow"`   // SIP URIs of the carrier's servers, sip:sbc.example.net;transport=tcp, in the order they are tried; a name without a port is looked up by SRV
	Order     int            `yaml:"order,omitempty"`          // lower ones let calls out first
	Weight    int            `yaml:"weight,omitempty"`         // share of the calls among those of one order; 0: 1
	Register  *Register      `yaml:"register,omitempty"`       // nil: known to the carrier by our address
	Addresses []string       `yaml:"addresses,omitempty,flow"` // networks that the carrier's calls come from, beside its servers
	TLS       *TLS           `yaml:"tls,omitempty"`            // for servers with transport=tls; nil: verified by the machine's authorities
	Keepalive *time.Duration `yaml:"keepalive,omitempty"`      // between two OPTIONS to a server; 0: none
	Incoming  string         `yaml:"incoming,omitempty"`       // how numbers are written that come in: auto, plain
	Numbers   []string       `yaml:"numbers,omitempty,flow"`   // those that are ours, one or a range 010-66557700..010-66557799
	Out       *Out           `yaml:"out,omitempty"`            // nil: nothing goes out
}

// Register is an account at the carrier's registrar.
type Register struct {
	User     string        `yaml:"user"`
	Password string        `yaml:"password"`          // where it is to be found: env:NAME or file:PATH
	Domain   string        `yaml:"domain,omitempty"`  // of our address of record; "": the server's
	Expires  time.Duration `yaml:"expires,omitempty"` // how long to ask for; 0: 1 h
}

// TLS is how a connection to the carrier's servers is secured. The server is always verified.
type TLS struct {
	CA          string `yaml:"ca,omitempty"`          // file of the authorities (PEM) that vouch for the servers; "": the machine's
	Name        string `yaml:"name,omitempty"`        // name that the servers' certificate has to bear; "": the host of the URI
	Certificate string `yaml:"certificate,omitempty"` // file of our own (PEM), where the carrier wants one
	Key         string `yaml:"key,omitempty"`         // file of its key
}

// Out is what may go out.
type Out struct {
	Format        string        `yaml:"format,omitempty"` // how the carrier wants numbers: e164 (+86138…), plain (86138…), national (138…, 010…)
	Strip         string        `yaml:"strip,omitempty"`  // digits taken off the front of what is called, then …
	Prefix        string        `yaml:"prefix,omitempty"` // … digits put before it
	Caller        string        `yaml:"caller,omitempty"` // number shown where none is asked for; "": the first of Numbers
	Everybody     bool          `yaml:"everybody,omitempty"`
	Agents        []string      `yaml:"agents,omitempty,flow"` // ids of those who may, where not everybody
	Callbacks     bool          `yaml:"callbacks,omitempty"`   // the center itself may, to call customers back; never abroad, nor what costs extra
	Calls         int           `yaml:"calls"`                 // at once, at most
	PerAgent      int           `yaml:"per_agent,omitempty"`   // of one agent at once; 0: 2
	Destinations  []Destination `yaml:"destinations"`          // what may be called, and what it costs
	Never         []string      `yaml:"never,omitempty,flow"`  // prefixes that may not, though a destination says so
	International bool          `yaml:"international,omitempty"`
	Premium       bool          `yaml:"premium,omitempty"`
	Spend         Money         `yaml:"spend"`             // in a day of the center's, at most
	Longest       time.Duration `yaml:"longest,omitempty"` // a call may last; 0: 2 h
}

// Destination is what it costs to call numbers that begin alike; the longest prefix counts.
type Destination struct {
	Prefix string `yaml:"prefix"` // +86, +861, or of a short number 955
	Price  Money  `yaml:"price"`  // for each begun minute
}

// How numbers are written.
const (
	formatE164     = "e164"
	formatPlain    = "plain"
	formatNational = "national"
	incomingAuto   = "auto"
)

const (
	defaultExpires   = time.Hour
	defaultKeepalive = 20 * time.Second
	defaultPerAgent  = 2
	defaultLongest   = 2 * time.Hour
)

// Normal is the part in the one form in which it is kept: what is the default anyway is left out, and networks are written
// as such.
func (p Part) Normal() Part {
	p.Trunks = slices.Clone(p.Trunks)
	for i := range p.Trunks {
		p.Trunks[i] = p.Trunks[i].normal()
	}
	return p
}

func (t Trunk) normal() Trunk {
	if t.Weight == 1 {
		t.Weight = 0
	}
	if t.Keepalive != nil && *t.Keepalive == defaultKeepalive {
		t.Keepalive = nil
	}
	if t.Incoming == incomingAuto {
		t.Incoming = ""
	}
	t.Addresses = slices.Clone(t.Addresses)
	for i, text := range t.Addresses {
		if network, err := network(text); err == nil {
			t.Addresses[i] = network.String()
		}
	}
	if t.Register != nil {
		register := *t.Register
		register.Expires = unless(register.Expires, defaultExpires)
		t.Register = &register
	}
	if t.Out != nil {
		out := *t.Out
		out.Format = unless(out.Format, formatE164)
		out.PerAgent = unless(out.PerAgent, defaultPerAgent)
		out.Longest = unless(out.Longest, defaultLongest)
		t.Out = &out
	}
	return t
}

// unless is value, or nothing where that is the default.
func unless[T comparable](value, byDefault T) T {
	var nothing T
	if value == byDefault {
		return nothing
	}
	return value
}

func (t Trunk) weight() int { return cmp.Or(t.Weight, 1) }

func (t Trunk) keepalive() time.Duration {
	if t.Keepalive == nil {
		return defaultKeepalive
	}
	return *t.Keepalive
}

func (o Out) perAgent() int          { return cmp.Or(o.PerAgent, defaultPerAgent) }
func (o Out) longest() time.Duration { return cmp.Or(o.Longest, defaultLongest) }

// network reads 203.0.113.0/24, or one address as the network of itself.
func network(text string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(text); err == nil && addr.Zone() == "" {
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	prefix, err := netip.ParsePrefix(text)
	if err == nil && (prefix != prefix.Masked() || prefix.Bits() == 0) {
		return prefix, errNetwork
	}
	return prefix, err
}
