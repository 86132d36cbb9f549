package media

import (
	"errors"
	"fmt"
	"slices"

	"threering/media/dtls"
	"threering/media/ice"
	"threering/media/srtp"
)

// ErrNoSecurity says that a peer's SDP asks for encryption in no way that we know, or for none where we asked for it.
var ErrNoSecurity = errors.New("no common encryption")

var errChanged = fmt.Errorf("%w: another transport than was agreed upon", ErrNoSecurity)

// A keying is what a port and its peer have said to each other of encryption. The session's lock guards it.
type keying struct {
	wanted Carriage // of our next offer
	lax    bool     // an answer without keys is taken as well
	yields bool     // it becomes so where the peer refuses the offer
	agreed bool     // it stays so
	mine   srtp.Crypto
	used   string // the value of our a=crypto that is in force
	theirs string // the value of the peer's a=crypto
	role   dtls.Role
	peer   []string // the peer's fingerprints
	apart  []string // those that the handshake for reports on a port of their own was begun with
	mid    string
	alone  bool // the media line is in no BUNDLE group
}

// Carry says how the next Offer wants audio to be carried. An Answer follows the offer. Once agreed upon it stays.
func (p *Port) Carry(c Carriage) {
	p.session.mu.Lock()
	defer p.session.mu.Unlock()
	if k := &p.session.keying; !k.agreed {
		k.wanted, k.lax, k.yields = c, c == Opportunistic, c == Preferred
		if k.lax || k.yields {
			k.wanted = SDES
		}
	}
}

// Yield makes the next offer one that a peer without encryption can take too, where it may be (Preferred). False: there is no
// other offer than the last.
func (p *Port) Yield() bool {
	p.session.mu.Lock()
	defer p.session.mu.Unlock()
	k := &p.session.keying
	yields := k.yields && !k.agreed
	k.lax, k.yields = k.lax || yields, false
	return yields
}

// protos is the transport that our offers name: that of plain RTP where that would be taken too.
func (k *keying) protos() []string {
	if k.lax {
		return Plain.protos()
	}
	return k.wanted.protos()
}

// A saying is what a description has to say of encryption: lines for all of it, and for its audio, without "a=".
type saying struct{ session, audio []string }

// offer makes what an offer says.
func (k *keying) offer(p *Port) (s saying) {
	if k.wanted != Plain && !k.lax && !k.yields && !k.agreed { // not even before the answer is anything taken in the clear
		p.seal(nil)
	}
	switch k.wanted {
	case SDES:
		if k.mine.Tag == 0 {
			k.mine = srtp.NewCrypto(1, srtp.Tag80)
		}
	case Browser:
		if k.mid == "" {
			k.mid = "0"
		}
		p.in.beginICE()
	}
	return k.say(p, dtls.ActPass)
}

// answer reads what an offer says and makes what its answer says. The error is ErrNoSecurity, and nothing has changed.
func (k *keying) answer(p *Port, offer security) (s saying, err error) {
	if k.agreed && offer.carriage != k.wanted {
		return s, errChanged
	}
	next := *k
	next.wanted, next.mid, next.alone = offer.carriage, offer.mid, !offer.bundled
	role := next.role
	switch offer.carriage {
	case SDES:
		theirs, err := srtp.ChooseCrypto(offer.crypto)
		if err != nil {
			return s, fmt.Errorf("%w: %w", ErrNoSecurity, err)
		}
		if theirs.Line() != k.theirs {
			next.mine = srtp.NewCrypto(theirs.Tag, theirs.Profile)
		}
	case DTLS, Browser:
		if role, err = answering(offer, k.role); err != nil {
			return s, err
		}
	}
	if err := next.agree(p, offer, role); err != nil {
		return s, err
	}
	*k = next
	return k.say(p, role), nil
}

// accept reads what the answer to our offer says. The error is ErrNoSecurity, and nothing has changed.
func (k *keying) accept(p *Port, answer security) error {
	next := *k
	if k.lax && !k.agreed && answer.carriage == Plain {
		next.wanted = Plain
	}
	if answer.carriage != next.wanted {
		return errChanged
	}
	role := dtls.ActPass
	if answer.carriage >= DTLS {
		theirs, err := dtls.ParseRole(answer.setup)
		if err != nil || theirs == dtls.ActPass {
			return fmt.Errorf("%w: a=setup:%s in an answer", ErrNoSecurity, answer.setup)
		}
		role = theirs.Other()
	}
	if err := next.agree(p, answer, role); err != nil {
		return err
	}
	*k = next
	return nil
}

// answering is our role in the handshake that an offer asks for. One that has been held is not held again.
func answering(offer security, settled dtls.Role) (dtls.Role, error) {
	theirs, err := dtls.ParseRole(offer.setup)
	switch {
	case err != nil:
		return theirs, fmt.Errorf("%w: %w", ErrNoSecurity, err)
	case theirs == dtls.ActPass && settled != dtls.ActPass:
		return settled, nil
	case theirs == dtls.ActPass:
		return dtls.Passive, nil // since the peer of an ICE-lite side knows first when there is a way
	}
	return theirs.Other(), nil
}

// agree puts into force what the peer says.
func (k *keying) agree(p *Port, peer security, role dtls.Role) error {
	k.agreed = true
	switch peer.carriage {
	case SDES:
		return k.agreeSDES(p, peer)
	case DTLS, Browser:
		return k.agreeDTLS(p, peer, role)
	}
	return nil
}

// agreeSDES begins anew with a key that has changed, and only with that: packets must never be counted from the start with an
// old key. So where the peer alone has another, what we send goes on.
func (k *keying) agreeSDES(p *Port, peer security) error {
	theirs, err := srtp.ChooseCrypto(peer.crypto)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoSecurity, err)
	}
	if theirs.Line() == k.theirs {
		return nil
	}
	keys, err := srtp.Agree(k.mine, theirs)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoSecurity, err)
	}
	session, err := srtp.NewSession(keys)
	if err != nil {
		return err
	}
	p.in.seal(session)
	if mine := k.mine.Line(); mine != k.used {
		p.out.seal(session)
		k.used = mine
	}
	k.theirs = theirs.Line()
	return nil
}

func (k *keying) agreeDTLS(p *Port, peer security, role dtls.Role) error {
	prints, err := dtls.ParseFingerprints(peer.fingerprints...)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoSecurity, err)
	}
	if peer.carriage == Browser {
		if err := p.in.expectICE(peer.ufrag); err != nil {
			return fmt.Errorf("%w: %w", ErrNoSecurity, err)
		}
	}
	if !slices.Equal(peer.fingerprints, k.peer) {
		k.peer, k.role = slices.Clone(peer.fingerprints), role
		p.shield.expect(role, prints, peer.carriage == Browser && !p.in.hasWay())
	}
	return nil
}

// agreeApart has the reports of a peer who takes them on a port of their own encrypted by keys of their own (RFC 5764 section 3).
func (k *keying) agreeApart(p *Port) {
	if prints, err := dtls.ParseFingerprints(k.peer...); err == nil && !slices.Equal(k.apart, k.peer) {
		k.apart = k.peer
		p.control.shield.expect(k.role, prints, false)
	}
}

// say is what our description says, in a role for the handshake.
func (k *keying) say(p *Port, role dtls.Role) (s saying) {
	switch k.wanted {
	case SDES:
		s.audio = append(s.audio, "crypto:"+k.mine.Line())
	case DTLS, Browser:
		s.audio = append(s.audio, "setup:"+role.String(), "fingerprint:"+p.engine.certificate.Fingerprint())
	}
	if k.wanted != Browser {
		return s
	}
	s.session = ice.SessionAttributes()
	if k.mid != "" {
		s.audio = append(s.audio, "mid:"+k.mid)
		if !k.alone {
			s.session = append(s.session, "group:BUNDLE "+k.mid)
		}
	}
	p.enterDoorway()
	s.audio = append(s.audio, p.sayICE()...)
	ssrc := fmt.Sprintf("ssrc:%d ", p.out.clock.ssrc)
	s.audio = append(s.audio, "msid:threering audio", ssrc+"cname:"+p.engine.cname)
	return s
}

// beginICE makes the port answer checks.
func (r *receiver) beginICE() *ice.Agent {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.agent == nil {
		r.agent = ice.NewAgent()
	}
	return r.agent
}

// expectICE notes the peer's user name; another than before is its wish to begin anew.
func (r *receiver) expectICE(ufrag string) error {
	if err := ice.NewAgent().Expect(ufrag); err != nil { // before anything has changed
		return err
	}
	agent := r.beginICE()
	r.mu.Lock()
	defer r.mu.Unlock()
	if before := agent.Remote(); before != "" && before != ufrag {
		agent.Restart()
	}
	return agent.Expect(ufrag)
}

// hasWay says whether the peer's checks have found a way already: a browser that is called checks before its answer comes.
func (r *receiver) hasWay() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.agent != nil && r.agent.Selected().IsValid()
}

// sayICE is what our description says of ICE.
func (p *Port) sayICE() []string {
	p.in.mu.Lock()
	defer p.in.mu.Unlock()
	if p.session.moved {
		p.engine.doorway.expect(p.in.agent.Local().Ufrag, p)
	}
	return p.in.agent.Attributes(p.session.local)
}
