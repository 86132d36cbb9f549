package trunk

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"threering/config"
)

// Env is what a part may refer to and does not hold itself.
type Env struct {
	People []string // ids of those who may be let out
	Read   Reader
}

// Check says what is wrong with the part. The lines are those of the document, and prefix is where in it the part stands
// ("" for its top).
func Check(p Part, env Env, lines *config.Lines, prefix string) config.Problems {
	if prefix != "" {
		prefix += "."
	}
	c := partCheck{env: env, lines: lines, owners: map[string]string{}}
	for i, t := range p.Trunks {
		c.trunk(fmt.Sprintf("%strunks.%d", prefix, i), t, p.Trunks[:i])
	}
	return c.problems
}

type partCheck struct {
	env      Env
	lines    *config.Lines
	owners   map[string]string // trunk by number or range
	problems config.Problems
}

// wrong tells what stands at a path and what may. What is found is quoted, unless it is empty.
func (c *partCheck) wrong(path, found, allowed string) {
	if found != "" {
		found = strconv.Quote(found)
	}
	c.problems = append(c.problems, c.lines.Problem(path, found, allowed))
}

// fault tells what is wrong at a path where that must not be quoted, or is not the value alone.
func (c *partCheck) fault(path, fault, allowed string) {
	c.problems = append(c.problems, c.lines.Fault(path, fault, allowed))
}

func (c *partCheck) between(path string, d, low, high time.Duration) {
	if d < low || d > high || d%time.Second != 0 {
		c.wrong(path, d.String(), fmt.Sprintf("%s to %s, in whole seconds", low, high))
	}
}

func (c *partCheck) whole(path string, n, low, high int) {
	if n < low || n > high {
		c.wrong(path, strconv.Itoa(n), fmt.Sprintf("%d to %d", low, high))
	}
}

func (c *partCheck) oneOf(path, found string, allowed ...string) {
	if found != "" && !slices.Contains(allowed, found) {
		c.wrong(path, found, config.OneOf(allowed...))
	}
}

var (
	nameForm   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$`)
	userForm   = regexp.MustCompile(`^[A-Za-z0-9._+-]{1,64}$`)
	hostForm   = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$`)
	prefixForm = regexp.MustCompile(`^(\+[0-9]{0,15}|[0-9]{1,15})$`)
	digitForm  = regexp.MustCompile(`^[0-9*#+]{0,15}$`)
)

func (c *partCheck) trunk(path string, t Trunk, before []Trunk) {
	if !nameForm.MatchString(t.Name) || slices.ContainsFunc(before, func(b Trunk) bool { return b.Name == t.Name }) {
		c.wrong(path+".name", t.Name, "a name of letters, digits, dots and dashes that no other trunk has")
	}
	c.servers(path, t)
	c.whole(path+".order", t.Order, 0, 1000)
	c.whole(path+".weight", t.Weight, 0, 1000)
	c.addresses(path, t)
	if t.Register != nil {
		c.register(path+".register", *t.Register)
	}
	if t.TLS != nil {
		c.tls(path+".tls", *t.TLS)
	}
	if d := t.keepalive(); d != 0 {
		c.between(path+".keepalive", d, 5*time.Second, time.Hour)
	}
	c.oneOf(path+".incoming", t.Incoming, incomingAuto, formatPlain)
	c.numbers(path, t)
	if t.Out != nil {
		c.out(path+".out", t)
	}
}

func (c *partCheck) servers(path string, t Trunk) {
	secured := false
	for i, text := range t.Servers {
		at := fmt.Sprintf("%s.servers.%d", path, i)
		s, err := parseServer(text)
		_, isAddr := s.addr()
		if err != nil || !isAddr && !hostForm.MatchString(s.host) || slices.Contains(t.Servers[:i], text) {
			c.wrong(at, text, "a server such as sip:sbc.example.net, sip:192.0.2.1:5070;transport=tcp or sips:sbc.example.net, each once")
		}
		secured = secured || s.network == "tls"
	}
	switch {
	case len(t.Servers) > 0:
	case t.Register != nil:
		c.wrong(path+".servers", "", "the servers to register with")
	case t.Out != nil:
		c.wrong(path+".servers", "", "the servers that calls go out to")
	case len(t.Addresses) == 0:
		c.wrong(path+".servers", "", "servers, or addresses that calls come from")
	}
	if t.TLS != nil && !secured {
		c.fault(path+".tls", "no server speaks TLS", "nothing where no server has transport=tls")
	}
}

func (c *partCheck) addresses(path string, t Trunk) {
	seen := map[netip.Prefix]bool{}
	for i, text := range t.Addresses {
		n, err := network(text)
		if err != nil || seen[n] {
			c.wrong(fmt.Sprintf("%s.addresses.%d", path, i), text, "a network such as 203.0.113.0/24, or one address, each once")
		}
		seen[n] = true
	}
}

func (c *partCheck) register(path string, r Register) {
	if !userForm.MatchString(r.User) {
		c.wrong(path+".user", r.User, "the account's user name")
	}
	if !isReference(r.Password) {
		// What stands there may be the password: it is not repeated.
		c.fault(path+".password", "no place of a password", "env:NAME or file:/PATH; the password itself does not belong into the document")
	}
	if r.Domain != "" && !hostForm.MatchString(r.Domain) {
		c.wrong(path+".domain", r.Domain, "a domain such as example.net")
	}
	if r.Expires != 0 {
		c.between(path+".expires", r.Expires, time.Minute, 24*time.Hour)
	}
}

func (c *partCheck) tls(path string, t TLS) {
	if t.Name != "" && !hostForm.MatchString(t.Name) {
		c.wrong(path+".name", t.Name, "a host name")
	}
	switch {
	case t.Certificate != "" && t.Key == "":
		c.wrong(path+".key", "", "the key file that belongs to the certificate")
	case t.Certificate == "" && t.Key != "":
		c.wrong(path+".certificate", "", "the certificate file that belongs to the key")
	}
}

// Files says which of the files that the part names cannot be used. They are those of the machine that runs the center, and
// change without the document: so Check leaves them out.
func Files(p Part, lines *config.Lines, prefix string) config.Problems {
	if prefix != "" {
		prefix += "."
	}
	c := partCheck{lines: lines}
	for i, t := range p.Trunks {
		path := fmt.Sprintf("%strunks.%d", prefix, i)
		if t.Register != nil {
			if _, err := secret(t.Register.Password); err != nil {
				c.fault(path+".register.password", err.Error(), "a place where a password is to be found")
			}
		}
		if t.TLS == nil {
			continue
		}
		if _, err := authorities(t.TLS.CA); err != nil {
			c.fault(path+".tls.ca", err.Error(), "a file of certificates (PEM)")
		}
		if t.TLS.Certificate != "" {
			if _, err := tls.LoadX509KeyPair(t.TLS.Certificate, t.TLS.Key); err != nil {
				c.fault(path+".tls.certificate", err.Error(), "a certificate (PEM) and its key")
			}
		}
	}
	return c.problems
}

var errAuthorities = errors.New("there is no certificate in it")

// authorities reads a file of certificates; nil for those of the machine.
func authorities(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s: %w", file, errAuthorities)
	}
	return pool, nil
}

func (c *partCheck) numbers(path string, t Trunk) {
	for i, text := range t.Numbers {
		at := fmt.Sprintf("%s.numbers.%d", path, i)
		low, high := ends(text, c.env.Read)
		switch owner := c.owners[low.Digits+".."+high.Digits]; {
		case low.Digits == "" || len(low.Digits) != len(high.Digits) || low.Digits > high.Digits:
			c.wrong(at, text, "a number such as 010-6655 7700 or 400-800-1234, or a range of them 010-66557700..010-66557799")
		case owner != "":
			c.wrong(at, text, "each number once; trunk "+owner+" has this one")
		}
		c.owners[low.Digits+".."+high.Digits] = t.Name
	}
}

func (c *partCheck) out(path string, t Trunk) {
	o := *t.Out
	c.oneOf(path+".format", o.Format, formatE164, formatPlain, formatNational)
	for _, affix := range []struct{ key, text string }{{".strip", o.Strip}, {".prefix", o.Prefix}} {
		if !digitForm.MatchString(affix.text) {
			c.wrong(path+affix.key, affix.text, "digits, at most 15")
		}
	}
	if o.Caller != "" && !t.owns(c.env.Read(o.Caller), c.env.Read) {
		c.wrong(path+".caller", o.Caller, "one of the trunk's own numbers")
	}
	c.agents(path, o)
	c.whole(path+".calls", o.Calls, 1, 10000)
	c.whole(path+".per_agent", o.PerAgent, 0, 100)
	c.destinations(path, o)
	if o.Spend <= 0 {
		c.wrong(path+".spend", o.Spend.String(), "what may be spent in a day, more than 0")
	}
	if o.Longest != 0 {
		c.between(path+".longest", o.Longest, time.Minute, 24*time.Hour)
	}
}

func (c *partCheck) agents(path string, o Out) {
	if o.Everybody && len(o.Agents) > 0 {
		c.fault(path+".agents", "agents where everybody may", "everybody or agents, not both")
	}
	for i, id := range o.Agents {
		at := fmt.Sprintf("%s.agents.%d", path, i)
		if slices.Contains(o.Agents[:i], id) {
			c.wrong(at, id, "each person once")
		} else if !slices.Contains(c.env.People, id) {
			c.wrong(at, id, config.OneOf(c.env.People...))
		}
	}
}

func (c *partCheck) destinations(path string, o Out) {
	if len(o.Destinations) == 0 {
		c.wrong(path+".destinations", "", "prefixes that may be called with their prices, such as {prefix: +86, price: 0.1}")
	}
	const allowed = "a prefix such as +86, +8613 or 955, each once"
	seen := map[string]bool{}
	for i, d := range o.Destinations {
		at := fmt.Sprintf("%s.destinations.%d.prefix", path, i)
		if !prefixForm.MatchString(d.Prefix) || seen[d.Prefix] {
			c.wrong(at, d.Prefix, allowed)
		}
		seen[d.Prefix] = true
	}
	for i, prefix := range o.Never {
		if !prefixForm.MatchString(prefix) || strings.Trim(prefix, "+") == "" {
			c.wrong(fmt.Sprintf("%s.never.%d", path, i), prefix, allowed)
		}
	}
}
