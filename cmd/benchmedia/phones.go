//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/pion/stun/v4"
	"golang.org/x/sys/unix"

	"threering/cmd/internal/bench"
	"threering/media/dtls"
	"threering/media/mux"
	"threering/media/srtp"
)

// A phone is what one tells of itself: where it is and, if it encrypts, how, in lines of SDP.
type phone struct {
	At    netip.AddrPort
	Lines []string
}

// transport is the one that a way's phones ask for.
func (w way) transport() string {
	switch w {
	case sdes:
		return "RTP/SAVP"
	case browser:
		return "UDP/TLS/RTP/SAVPF"
	}
	return "RTP/AVP"
}

// own says whether each phone has a socket of its own: what the server sends to browsers all comes from one port.
func (w way) own() bool { return w == browser }

// offer is the phone's SDP: it speaks PCMA, and sends keys beside it.
func (p phone) offer(w way) []byte {
	lines := append([]string{
		"v=0", "o=- 1 1 IN IP4 " + p.At.Addr().String(), "s=-", "c=IN IP4 " + p.At.Addr().String(), "t=0 0",
		fmt.Sprintf("m=audio %d %s 8 101", p.At.Port(), w.transport()), "a=rtpmap:101 telephone-event/8000",
	}, p.Lines...)
	return []byte(strings.Join(lines, "\r\n") + "\r\n")
}

// valueOf gives what follows a prefix in the first line of SDP that begins with it.
func valueOf(sdp, prefix string) string {
	for line := range strings.SplitSeq(sdp, "\r\n") {
		if value, ok := strings.CutPrefix(line, prefix); ok {
			return value
		}
	}
	return ""
}

// portOf is where SDP wants audio.
func portOf(sdp string) (netip.AddrPort, error) {
	number, _, _ := strings.Cut(valueOf(sdp, "m=audio "), " ")
	port, err := netip.ParseAddrPort(bench.Loopback.String() + ":" + number)
	if err != nil {
		return port, fmt.Errorf("reading the port of an answer: %w", err)
	}
	return port, nil
}

// introduce has each phone tell of itself.
func (l *load) introduce(w way) (all []phone, err error) {
	if w == browser {
		if l.certificate, err = dtls.NewCertificate(); err != nil {
			return nil, err
		}
	}
	for i := range l.legs {
		p := phone{At: l.homes[l.socket(i)]}
		switch w {
		case sdes:
			l.legs[i].crypto = srtp.NewCrypto(1, srtp.Tag80)
			p.Lines = []string{"a=crypto:" + l.legs[i].crypto.Line()}
		case browser:
			p.Lines = []string{
				"a=rtcp-mux", "a=mid:0", "a=setup:active", "a=fingerprint:" + l.certificate.Fingerprint(),
				"a=ice-ufrag:" + ufrag, "a=ice-pwd:0123456789abcdefghijkl",
			}
		}
		all = append(all, p)
	}
	return all, nil
}

// ufrag is the name that all phones have in checks of the way.
const ufrag = "phone"

// agree has each phone call by the answer to its offer; those that encrypt agree on keys.
func (l *load) agree(ctx context.Context, w way, answers []string) (err error) {
	for i := range l.legs {
		switch phone := &l.legs[i]; w {
		case sdes:
			err = phone.agree(answers[i])
		case browser:
			err = l.shake(ctx, i, answers[i])
		}
		if err != nil {
			return fmt.Errorf("phone %d: %w", i, err)
		}
	}
	return nil
}

func (p *leg) agree(answer string) error {
	theirs, err := srtp.ParseCrypto(valueOf(answer, "a=crypto:"))
	if err != nil {
		return err
	}
	keys, err := srtp.Agree(p.crypto, theirs)
	if err != nil {
		return err
	}
	p.cipher, err = srtp.NewSession(keys)
	return err
}

// shakeWithin is how long one handshake may take.
const shakeWithin = 5 * time.Second

// shake checks the way, as a browser does, and holds the handshake.
func (l *load) shake(ctx context.Context, i int, answer string) error {
	prints, err := dtls.ParseFingerprints(valueOf(answer, "a=fingerprint:"))
	if err != nil {
		return err
	}
	fd, to := l.sockets[l.socket(i)], l.legs[i].at
	send := func(datagram []byte) error {
		return unix.Sendto(fd, datagram, 0, &unix.SockaddrInet4{Addr: to.Addr().As4(), Port: int(to.Port())})
	}
	check, err := checkOf(answer)
	if err := errors.Join(err, send(check)); err != nil {
		return fmt.Errorf("sending a check: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, shakeWithin)
	defer cancel()
	pipe := dtls.NewPipe(send)
	var keys srtp.Keys
	done := make(chan error, 1)
	go func() {
		var err error
		keys, err = dtls.Handshake(ctx, pipe, dtls.Active, l.certificate, prints)
		done <- err
	}()
	if err := deliver(fd, pipe, done); err != nil {
		return err
	}
	l.legs[i].cipher, err = srtp.NewSession(keys)
	return err
}

// deliver gives a handshake what comes for it, until it is done.
func deliver(fd int, pipe *dtls.Pipe, done <-chan error) error {
	buffer := make([]byte, 2048)
	for {
		select {
		case err := <-done:
			return err
		default:
		}
		n, _, err := unix.Recvfrom(fd, buffer, unix.MSG_DONTWAIT)
		switch {
		case err != nil:
			pause(time.Now().Add(grain))
		case mux.KindOf(buffer[:n]) == mux.DTLS:
			pipe.Deliver(buffer[:n])
		}
	}
}

// checkOf is a browser's check of the way to who has answered, which it takes at once.
func checkOf(answer string) ([]byte, error) {
	check, err := stun.Build(stun.BindingRequest, stun.TransactionID, stun.NewUsername(valueOf(answer, "a=ice-ufrag:")+":"+ufrag),
		attribute{stun.AttrPriority, []byte{1, 2, 3, 4}}, attribute{stun.AttrICEControlling, make([]byte, 8)},
		attribute{stun.AttrUseCandidate, nil}, stun.NewShortTermIntegrity(valueOf(answer, "a=ice-pwd:")), stun.Fingerprint)
	if err != nil {
		return nil, fmt.Errorf("making a check: %w", err)
	}
	return check.Raw, nil
}

// An attribute is one of STUN.
type attribute struct {
	kind  stun.AttrType
	value []byte
}

// AddTo implements stun.Setter.
func (a attribute) AddTo(m *stun.Message) error {
	m.Add(a.kind, a.value)
	return nil
}
