package dtls

import (
	"errors"
	"fmt"
)

// ErrBadRole says that an a=setup line, or a role, is of no use here.
var ErrBadRole = errors.New("bad DTLS role")

// A Role says who begins the handshake: the value of the a=setup line (RFC 4145 section 4, RFC 5763 section 5).
type Role uint8

// The roles. An offer says ActPass, its answer Active or Passive.
const (
	ActPass Role = iota // either
	Active              // begins: the DTLS client
	Passive             // waits to be begun with: the DTLS server
)

var roles = [...]string{"actpass", "active", "passive"}

// String is the value of the a=setup line.
func (r Role) String() string { return roles[r] }

// ParseRole reads the value of an a=setup line. "holdconn" is refused: there is no leg without a connection.
func ParseRole(setup string) (Role, error) {
	for i, name := range roles {
		if setup == name {
			return Role(i), nil
		}
	}
	return 0, fmt.Errorf("%w: a=setup:%s", ErrBadRole, setup)
}

// Other is the role that goes with r: of who answers it, or of who gets it as an answer. An offer of ActPass is
// answered with Active, so that the handshake can begin at once (RFC 5763 section 5).
func (r Role) Other() Role {
	if r == Active {
		return Passive
	}
	return Active
}
