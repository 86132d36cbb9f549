// Package ice is the lite side of ICE (RFC 8445 section 2.5): it answers a browser's connectivity checks, and so
// proves where the browser is, that it may be sent to, and that it still wants to be.
// An [Agent] is given the STUN datagrams of one leg and gives back what to reply; it owns no socket, no goroutine
// and no clock. It begins no checks of its own, which takes an address that the peer can reach without help.
package ice

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/pion/stun/v4"
)

// ErrBadUfrag says that the value of a peer's a=ice-ufrag line is none.
var ErrBadUfrag = errors.New("bad ICE user name")

// Consent is how long a peer may be sent to after its last check (RFC 7675 section 5.1).
const Consent = 30 * time.Second

// Credentials are what one side's SDP says for the other's checks: a=ice-ufrag and a=ice-pwd.
type Credentials struct {
	Ufrag, Password string
}

// newCredentials makes credentials of 48 and 144 random bits (RFC 8445 section 5.3 asks for 24 and 128).
func newCredentials() Credentials {
	var random [24]byte
	rand.Read(random[:]) //nolint:errcheck // never fails
	text := base64.StdEncoding.EncodeToString(random[:])
	return Credentials{Ufrag: text[:8], Password: text[8:]}
}

// A generation is what holds from one restart to the next.
type generation struct {
	local  Credentials
	remote string // the peer's ufrag; empty before its SDP has come
}

// An Agent answers the checks of one leg's peer. It must be used by one goroutine at a time.
type Agent struct {
	current  generation
	former   generation // before the last restart, good until the peer has nominated anew
	selected netip.AddrPort
	settled  bool // the present generation has nominated
	checked  time.Time

	request, reply stun.Message // here so that reading and answering allocates next to nothing
}

// NewAgent makes an agent with credentials of its own.
func NewAgent() *Agent { return &Agent{current: generation{local: newCredentials()}} }

// Local are the credentials for our SDP.
func (a *Agent) Local() Credentials { return a.current.local }

// Remote is the peer's ufrag, or empty before Expect. An offer that names another is the peer's wish to restart.
func (a *Agent) Remote() string { return a.current.remote }

// Expect notes the ufrag of the peer's SDP; checks that bear another are refused from then on. Those that come before
// the SDP are answered (RFC 8445 section 7.3). The error is ErrBadUfrag.
func (a *Agent) Expect(ufrag string) error {
	if len(ufrag) < 4 || len(ufrag) > 256 {
		return fmt.Errorf("%w: %q: want 4 to 256 characters", ErrBadUfrag, ufrag)
	}
	for _, c := range []byte(ufrag) {
		if !isICEChar(c) {
			return fmt.Errorf("%w: %q: want letters, digits, + and /", ErrBadUfrag, ufrag)
		}
	}
	a.current.remote = ufrag
	return nil
}

func isICEChar(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '/'
}

// Restart makes new credentials (RFC 8445 section 9), for an offer that restarts or for the answer to one; Expect
// names the peer's new ufrag. The old ones stay good, and Selected stays as it is, until the peer has nominated anew.
func (a *Agent) Restart() {
	if a.settled {
		a.former = a.current
	}
	a.current, a.settled = generation{local: newCredentials()}, false
}

// Selected is where the peer is to be sent to; not valid before it has nominated.
func (a *Agent) Selected() netip.AddrPort { return a.selected }

// Checked is when the last check of the peer's came that was proved to be its own; zero before the first.
func (a *Agent) Checked() time.Time { return a.checked }

// Alive says whether the peer may be sent to: it has checked within the Consent before at.
func (a *Agent) Alive(at time.Time) bool {
	return !a.checked.IsZero() && at.Sub(a.checked) < Consent
}
