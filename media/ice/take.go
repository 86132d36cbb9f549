package ice

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/pion/stun/v4"
)

var (
	// ErrMessage says that a datagram is no STUN message that an agent takes.
	ErrMessage = errors.New("bad STUN message")
	// ErrAuth says that a check does not bear our credentials, or not rightly.
	ErrAuth = errors.New("check not authenticated")
	// ErrConflict says that the peer believes to be controlled, like us (RFC 8445 section 7.3.1.1).
	ErrConflict = errors.New("ICE role conflict")
	// ErrUnknown says that a check asks for something that we do not know.
	ErrUnknown = errors.New("unknown STUN attribute")
)

// Take answers a STUN datagram that came from an address at a time. The reply, if any, is to be sent back to that
// address by the socket it came to; it is good until the next Take. Selected says that the peer has nominated this
// address (USE-CANDIDATE) and that it is another than before: media go there from now on. The last nomination counts,
// so that a browser may change its network. An error says why a datagram was refused (ErrMessage, ErrAuth,
// ErrConflict or ErrUnknown); there may be a reply to it all the same.
func (a *Agent) Take(datagram []byte, from netip.AddrPort, at time.Time) (reply []byte, selected bool, err error) {
	m := &a.request
	if err := stun.Decode(datagram, m); err != nil {
		return nil, false, fmt.Errorf("%w: %w", ErrMessage, err)
	}
	if m.Contains(stun.AttrFingerprint) && stun.Fingerprint.Check(m) != nil {
		return nil, false, fmt.Errorf("%w: FINGERPRINT", ErrMessage)
	}
	if m.Type.Method == stun.MethodBinding && m.Type.Class == stun.ClassIndication {
		return nil, false, nil // keeps a NAT open (RFC 8445 section 11)
	}
	if m.Type != stun.BindingRequest {
		return nil, false, fmt.Errorf("%w: %s", ErrMessage, m.Type)
	}
	known, code, err := a.authenticate()
	if err != nil {
		return a.refuse(code, nil), false, err
	}
	key := stun.MessageIntegrity(known.local.Password)
	if unknown := notUnderstood(m); len(unknown) > 0 {
		return a.refuse(stun.CodeUnknownAttribute, key, unknown), false, fmt.Errorf("%w: %s", ErrUnknown, unknown)
	}
	if m.Contains(stun.AttrICEControlled) {
		return a.refuse(stun.CodeRoleConflict, key), false, ErrConflict
	}
	a.checked = at
	if m.Contains(stun.AttrUseCandidate) {
		selected = a.nominate(from, known)
	}
	return a.accept(from, key), selected, nil
}

// authenticate finds the generation that a request belongs to (RFC 8489 section 9.1.3), or the code of the refusal.
func (a *Agent) authenticate() (*generation, stun.ErrorCode, error) {
	m := &a.request
	username, err := m.Get(stun.AttrUsername)
	if err != nil || !m.Contains(stun.AttrMessageIntegrity) {
		return nil, stun.CodeBadRequest, fmt.Errorf("%w: no USERNAME or no MESSAGE-INTEGRITY", ErrAuth)
	}
	local, remote, _ := strings.Cut(string(username), ":")
	for _, g := range []*generation{&a.current, &a.former} {
		if g.local.Ufrag != local || g.local.Password == "" || g.remote != "" && g.remote != remote {
			continue
		}
		if stun.MessageIntegrity(g.local.Password).Check(m) != nil {
			return nil, stun.CodeUnauthorized, fmt.Errorf("%w: MESSAGE-INTEGRITY", ErrAuth)
		}
		return g, 0, nil
	}
	return nil, stun.CodeUnauthorized, fmt.Errorf("%w: USERNAME %q", ErrAuth, username)
}

// nominate notes where the peer is, and says whether that is new.
func (a *Agent) nominate(from netip.AddrPort, by *generation) bool {
	if by == &a.current {
		a.settled, a.former = true, generation{}
	}
	moved := from != a.selected
	a.selected = from
	return moved
}

// notUnderstood are the attributes of a request that it wants understood (RFC 8489 section 14) and that are not.
func notUnderstood(m *stun.Message) (unknown stun.UnknownAttributes) {
	for _, attribute := range m.Attributes {
		switch attribute.Type {
		case stun.AttrUsername, stun.AttrMessageIntegrity, stun.AttrMessageIntegritySHA256, stun.AttrPriority, stun.AttrUseCandidate:
			continue
		}
		if attribute.Type.Required() {
			unknown = append(unknown, attribute.Type)
		}
	}
	return unknown
}

// accept answers a check with the address it came from, as we see it.
func (a *Agent) accept(from netip.AddrPort, key stun.MessageIntegrity) []byte {
	a.begin(stun.BindingSuccess)
	mapped := stun.XORMappedAddress{IP: from.Addr().Unmap().AsSlice(), Port: int(from.Port())}
	return a.seal(key, mapped.AddTo(&a.reply))
}

// refuse answers with an error; one about credentials cannot bear any (no key).
func (a *Agent) refuse(code stun.ErrorCode, key stun.MessageIntegrity, more ...stun.Setter) []byte {
	a.begin(stun.BindingError)
	err := code.AddTo(&a.reply)
	for _, setter := range more {
		err = errors.Join(err, setter.AddTo(&a.reply))
	}
	return a.seal(key, err)
}

// begin starts the reply to the request.
func (a *Agent) begin(kind stun.MessageType) {
	a.reply.Reset()
	a.reply.Type, a.reply.TransactionID = kind, a.request.TransactionID
	a.reply.WriteHeader()
}

// seal ends the reply. It is nil where something could not be written, which nothing that we write is cause for.
func (a *Agent) seal(key stun.MessageIntegrity, err error) []byte {
	if err == nil && key != nil {
		err = key.AddTo(&a.reply)
	}
	if err == nil {
		err = stun.Fingerprint.AddTo(&a.reply)
	}
	if err != nil {
		return nil
	}
	return a.reply.Raw
}
