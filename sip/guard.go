package sip

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/icholy/digest"

	sipmsg "github.com/emiago/sipgo/sip"
)

// nonceLife is how long a nonce may be used; then the client is told that it is stale, and takes the next.
const nonceLife = 5 * time.Minute

// A guard checks digest credentials (RFC 7616, RFC 8760). A nonce proves itself by its HMAC, so nothing is kept for one
// until somebody has used it with the right password; from then on its nc must count up. It is good at the host alone that it
// was given to, so who answers it has heard us: no forged source can.
type guard struct {
	realm  string
	asked  []string // the algorithms that a challenge names
	secret []byte
	now    func() time.Time

	mu     sync.Mutex // guards the fields below
	used   map[string]use
	forgot time.Time // when old ones were dropped last
}

// The digest algorithms (RFC 8760) by their names in a challenge.
const (
	sha = "SHA-256"
	md  = "MD5"
)

// A use is what is known of a nonce that was used rightly.
type use struct {
	made time.Time
	nc   int // the highest
}

// A verdict on credentials.
type verdict int

const (
	absent verdict = iota // no credentials for our realm
	wrong
	stale // right, but with a nonce that is too old or an nc that was used
	right
)

func newGuard(realm string, secret []byte) *guard {
	return &guard{realm: realm, asked: []string{sha, md}, secret: secret, now: time.Now, used: make(map[string]use)}
}

// authenticate checks that a request is the device's own. nil: it is.
func (s *Server) authenticate(req *sipmsg.Request, name string) *refusal {
	device, known := s.config.Devices.Device(name)
	if !known {
		device = Device{}
	}
	host, now := hostOf(req), time.Now()
	who := s.sharedOrigin(host, name)
	if ban, banned := s.bans.holds(who, now); banned && ban.Proven { // the right password is as good as a wrong one
		s.counters.banned.Add(1)
		return &refusal{code: 403, reason: "Forbidden"}
	}
	switch s.guard.check(req, name, device) {
	case right:
		s.crowd.clears(who, now)
		s.bans.pardon(origin{network: networkOfHost(host)})
		return nil
	case wrong:
		s.counters.failures.Add(1)
		s.blame(who, FaultPassword, true, now)
		if s.noise.take(time.Now()) {
			s.log.Warn("credentials refused", "device", name, "from", req.Source(), "method", req.Method)
		}
		return &refusal{code: 403, reason: "Forbidden"}
	case stale:
		s.counters.challenges.Add(1)
		return s.guard.challenge(host, true)
	}
	s.counters.challenges.Add(1)
	s.blame(who, FaultScan, false, now)
	return s.guard.challenge(host, false)
}

// hostOf is where a request came from; not valid where that is not known.
func hostOf(req *sipmsg.Request) netip.Addr {
	source, _ := netip.ParseAddrPort(req.Source())
	return source.Addr().Unmap()
}

// challenge asks for credentials, by any of the algorithms that are asked for.
func (g *guard) challenge(host netip.Addr, stale bool) *refusal {
	nonce := g.nonce(host, g.now())
	r := &refusal{code: 401, reason: "Unauthorized"}
	for _, algorithm := range g.asked {
		value := `Digest realm="` + quoted(g.realm) + `", nonce="` + nonce + `", algorithm=` + algorithm + `, qop="auth"`
		if stale {
			value += ", stale=true"
		}
		r.headers = append(r.headers, sipmsg.NewHeader("WWW-Authenticate", value))
	}
	return r
}

// nonce is the time, a random number and what proves that we made it for that host.
func (g *guard) nonce(host netip.Addr, at time.Time) string {
	raw := binary.BigEndian.AppendUint64(nil, uint64(at.UnixMilli()))
	random := make([]byte, 8)
	rand.Read(random)
	raw = append(raw, random...)
	return base64.RawURLEncoding.EncodeToString(append(raw, g.seal(host, raw)...))
}

func (g *guard) seal(host netip.Addr, raw []byte) []byte {
	mac := hmac.New(sha256.New, g.secret)
	mac.Write([]byte("nonce"))
	address := host.As16()
	mac.Write(address[:])
	mac.Write(raw)
	return mac.Sum(nil)[:16]
}

// madeAt is when we made a nonce for that host; false where we did not.
func (g *guard) madeAt(host netip.Addr, nonce string) (time.Time, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(nonce)
	if err != nil || len(raw) != 32 || !hmac.Equal(raw[16:], g.seal(host, raw[:16])) {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(binary.BigEndian.Uint64(raw))), true
}

// check judges the credentials of a request that claims to be the device's, and uses them up.
func (g *guard) check(req *sipmsg.Request, name string, device Device) verdict {
	v := g.judge(req, name, device)
	if v == right && !g.counts(hostOf(req), g.credentials(req)) {
		return stale
	}
	return v
}

// judge judges credentials without using them up. A device that is not known is the zero Device: the work and the verdict
// are those of a wrong password.
func (g *guard) judge(req *sipmsg.Request, name string, device Device) verdict {
	credentials := g.credentials(req)
	if credentials == nil {
		return absent
	}
	made, ours := g.madeAt(hostOf(req), credentials.Nonce)
	if !ours {
		return absent // from before a restart, given to another host, or made up
	}
	expected := g.response(credentials, string(req.Method), device)
	given := strings.ToLower(credentials.Response)
	if expected == "" || credentials.Username != name || subtle.ConstantTimeCompare([]byte(expected), []byte(given)) != 1 {
		return wrong
	}
	if g.now().Sub(made) > nonceLife {
		return stale
	}
	return right
}

// credentials are those for our realm, with qop (else nothing would tell a replay).
func (g *guard) credentials(req *sipmsg.Request) *digest.Credentials {
	for _, h := range req.GetHeaders("Authorization") {
		c, err := digest.ParseCredentials(h.Value())
		if err == nil && c.Realm == g.realm && c.QOP == "auth" && c.Nc > 0 && c.Cnonce != "" {
			return c
		}
	}
	return nil
}

// response is what the device would have computed (RFC 7616 3.4.1); "" where it has no secret for the algorithm.
func (g *guard) response(c *digest.Credentials, method string, device Device) string {
	var algorithm func() hash.Hash
	var ha1 string
	switch strings.ToUpper(c.Algorithm) {
	case "", md:
		algorithm, ha1 = md5.New, device.HA1MD5
	case sha:
		algorithm, ha1 = sha256.New, device.HA1SHA256
	default:
		return ""
	}
	sum := func(parts ...string) string {
		h := algorithm()
		h.Write([]byte(strings.Join(parts, ":")))
		return hex.EncodeToString(h.Sum(nil))
	}
	response := sum(strings.ToLower(ha1), c.Nonce, fmt.Sprintf("%08x", c.Nc), c.Cnonce, c.QOP, sum(method, c.URI))
	if ha1 == "" {
		return ""
	}
	return response
}

// counts says whether the nc of right credentials is higher than any before it, and remembers it.
func (g *guard) counts(host netip.Addr, c *digest.Credentials) bool {
	made, _ := g.madeAt(host, c.Nonce)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.forget(g.now())
	if c.Nc <= g.used[c.Nonce].nc {
		return false
	}
	g.used[c.Nonce] = use{made: made, nc: c.Nc}
	return true
}

// forget drops the nonces that are too old to be used again; not at each use, since there may be many. The lock is held.
func (g *guard) forget(now time.Time) {
	if now.Sub(g.forgot) < nonceLife/10 {
		return
	}
	g.forgot = now
	maps.DeleteFunc(g.used, func(_ string, u use) bool { return now.Sub(u.made) > nonceLife })
}
