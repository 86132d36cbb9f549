// Package dtls agrees on the keys of an encrypted leg by a DTLS handshake over the leg's own port (DTLS-SRTP,
// RFC 5763 and 5764), and checks that the peer is who its SDP says it is.
// A [Pipe] joins the handshake with a socket that it does not own. Once the keys are known nothing of DTLS runs any
// more: no goroutine, no timer; the pipe keeps two datagrams for what may still have to be said.
// What the keys are used for is package srtp's business; where the peer is, that of whoever owns the socket.
package dtls

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"time"

	pion "github.com/pion/dtls/v3"

	"threering/media/srtp"
)

// ErrNoSRTP says that the peer offered no SRTP profile that we speak, or none at all.
var ErrNoSRTP = errors.New("no common SRTP profile")

const (
	// patience is how long a handshake may take at most.
	patience = 30 * time.Second
	// resend is when a flight that got no answer is sent again for the first time; each further time it takes twice
	// as long. RFC 6347 section 4.2.4.1 suggests a second, which someone on the telephone would hear.
	resend = 250 * time.Millisecond
	// exporter is the label of RFC 5764 section 4.2.
	exporter = "EXTRACTOR-dtls_srtp"
)

// Handshake agrees on keys with the peer at the end of a pipe, of which each serves one handshake. Role is our own,
// Active or Passive. The error is ErrFingerprint where the peer's certificate is none of those announced, ErrNoSRTP,
// ErrBadRole, ErrClosed where the pipe was closed, that of the context, or what pion/dtls has to say. It takes 30 s
// at most; when it returns, what ran for it has ended or is about to without waiting for anything.
func Handshake(ctx context.Context, p *Pipe, role Role, own Certificate, announced Fingerprints) (srtp.Keys, error) {
	keys, err := handshake(ctx, p, role, own, announced)
	if err != nil {
		return srtp.Keys{}, fmt.Errorf("DTLS handshake, %s: %w", role, err)
	}
	return keys, nil
}

func handshake(ctx context.Context, p *Pipe, role Role, own Certificate, announced Fingerprints) (srtp.Keys, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if role != Active && role != Passive {
		return srtp.Keys{}, ErrBadRole
	}
	w, err := p.begin()
	if err != nil {
		return srtp.Keys{}, err
	}
	defer p.settle(role)
	conn, err := connect(w, role, own, announced)
	if err != nil {
		return srtp.Keys{}, err
	}
	defer conn.Close()
	if err := conn.HandshakeContext(ctx); err != nil {
		if errors.Is(err, net.ErrClosed) {
			return srtp.Keys{}, ErrClosed
		}
		return srtp.Keys{}, err
	}
	keys, err := export(conn, role)
	if err != nil {
		return srtp.Keys{}, err
	}
	if !p.part() {
		return srtp.Keys{}, ErrClosed
	}
	return keys, nil
}

// connect sets up pion's side of a handshake. The peer's address is proved by ICE or fixed by signalling, so that
// the cookie exchange (RFC 6347 section 4.2.1) would cost a round trip for nothing.
func connect(w *wire, role Role, own Certificate, announced Fingerprints) (*pion.Conn, error) {
	options := []pion.Option{
		pion.WithCertificates(own.pair),
		pion.WithSRTPProtectionProfiles(pion.SRTP_AES128_CM_HMAC_SHA1_80, pion.SRTP_AES128_CM_HMAC_SHA1_32),
		pion.WithFlightInterval(resend),
		pion.WithInsecureSkipVerify(true), // of who signed it: nobody did
		pion.WithVerifyPeerCertificate(func(shown [][]byte, _ [][]*x509.Certificate) error {
			if len(shown) == 0 {
				return ErrFingerprint
			}
			return announced.check(shown[0])
		}),
	}
	if role == Active {
		var client []pion.ClientOption
		for _, o := range options {
			client = append(client, o)
		}
		return pion.ClientWithOptions(w, peer{}, client...)
	}
	server := []pion.ServerOption{pion.WithClientAuth(pion.RequireAnyClientCert), pion.WithInsecureSkipVerifyHello(true)}
	for _, o := range options {
		server = append(server, o)
	}
	return pion.ServerWithOptions(w, peer{}, server...)
}

// export derives the SRTP keys of a finished handshake (RFC 5764 section 4.2): the client's key, the server's, then
// their salts.
func export(conn *pion.Conn, role Role) (srtp.Keys, error) {
	var keys srtp.Keys
	switch profile, _ := conn.SelectedSRTPProtectionProfile(); profile {
	case pion.SRTP_AES128_CM_HMAC_SHA1_80:
		keys.Profile = srtp.Tag80
	case pion.SRTP_AES128_CM_HMAC_SHA1_32:
		keys.Profile = srtp.Tag32
	default:
		return keys, ErrNoSRTP
	}
	state, ok := conn.ConnectionState()
	if !ok {
		return keys, errors.New("no connection state")
	}
	const key, salt = srtp.KeySize, srtp.SaltSize
	material, err := state.ExportKeyingMaterial(exporter, nil, 2*(key+salt))
	if err != nil {
		return keys, fmt.Errorf("deriving SRTP keys: %w", err)
	}
	client, server := &keys.Local, &keys.Remote
	if role == Passive {
		client, server = server, client
	}
	copy(client[:key], material)
	copy(server[:key], material[key:])
	copy(client[key:], material[2*key:])
	copy(server[key:], material[2*key+salt:])
	return keys, nil
}
