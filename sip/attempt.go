package sip

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// An attempt is one INVITE of an outgoing leg to one place. A device that is registered at several has one for each, rung
// together; the first that answers is the leg's peer.
type attempt struct {
	route    route
	stage    *Stage             // of a way; nil: none
	asked    *sipmsg.Response   // the challenge that the INVITE answers
	proofs   int                // challenges answered
	ctx      context.Context    // of its transactions
	drop     context.CancelFunc // ends them
	invite   *sipmsg.Request    // nil: its address is still being looked up
	dialog   dialog             // as it would be if the peer there answers
	earlies  []*early
	heard    bool    // a provisional response came, so that CANCEL may be sent (RFC 3261 9.1)
	cancel   *Reason // it is to be cancelled, and why
	canceled bool    // CANCEL was sent
	over     bool    // it has had its final response, or will have none
}

// elsewhere is why the other phones of a device are cancelled when one has answered (RFC 3326).
var elsewhere = Reason{Code: 200, Text: "Call completed elsewhere"}

// begin sends the INVITE, as soon as it is known where to: no name is looked up on a goroutine that others wait for.
func (l *Leg) begin(a *attempt) {
	hop := a.route.destination()
	host, port, err := net.SplitHostPort(hop)
	if err != nil {
		l.attemptFailed(a, failure{Code: 503, Text: err.Error()})
		return
	}
	if _, err := netip.ParseAddr(host); err == nil {
		l.invitePeer(a, hop)
		return
	}
	l.server.work.Go(func() {
		addr, err := l.server.lookUp(l.ctx, a.route.network, host)
		l.box.post(func() {
			switch {
			case a.cancel != nil:
				l.attemptFailed(a, failure{Code: 487, Text: a.cancel.Text})
			case err != nil:
				l.attemptFailed(a, failure{Code: 503, Text: err.Error()})
			default:
				l.invitePeer(a, net.JoinHostPort(addr.String(), port))
			}
		})
	})
}

// invitePeer sends the INVITE to host:port.
func (l *Leg) invitePeer(a *attempt, hop string) {
	if err := l.buildInvite(a, hop); err != nil {
		l.attemptFailed(a, failure{Code: 503, Text: err.Error()})
		return
	}
	l.sendInvite(a.ctx, a.invite)
}

// inviteAgain sends another INVITE in the place of one that was refused.
func (l *Leg) inviteAgain(a *attempt) {
	hop := a.invite.Destination()
	a.heard, a.earlies = false, nil
	l.dialog.next()
	l.invitePeer(a, hop)
}

// yields sends the INVITE of the only attempt again with another offer; false where there is none.
func (l *Leg) yields(a *attempt) bool {
	media, can := l.media.(Yielding)
	if !can || len(l.attempts) > 1 || !media.Yield() {
		return false
	}
	offer, err := l.media.Offer()
	if err != nil {
		l.log.Info("no other offer", "error", err)
		return false
	}
	l.offer = offer
	l.inviteAgain(a)
	return true
}

// attemptOf finds the attempt whose INVITE a response answers.
func (l *Leg) attemptOf(res *sipmsg.Response) *attempt {
	branch, _ := res.Via().Params.Get("branch")
	return l.attemptWith(branch)
}

func (l *Leg) attemptWith(branch string) *attempt {
	for _, a := range l.attempts {
		if a.invite != nil && branchOf(a.invite) == branch {
			return a
		}
	}
	return nil
}

func branchOf(req *sipmsg.Request) string {
	branch, _ := req.Via().Params.Get("branch")
	return branch
}

// A failure is the final response that refused an attempt, or what stood in its way.
type failure struct {
	Code int
	Text string
	res  *sipmsg.Response // nil: none came
}

// worse says whether a is the less telling of two failures (RFC 3261 16.7 step 6): a refusal for all places beats all, else
// the lowest class does.
func (a failure) worse(b failure) bool {
	rank := func(f failure) int {
		switch {
		case f.Code >= 600:
			return 0
		case f.Code == 408 || f.Code == 482: // nobody there, or the same phone twice: any other says more
			return 9
		}
		return f.Code / 100
	}
	return rank(a) > rank(b)
}

// attemptFailed takes the end of an attempt that came to nothing. The leg ends with the last of them, as the most telling
// of them did.
func (l *Leg) attemptFailed(a *attempt, why failure) {
	if a.over || l.state == over {
		return
	}
	a.over = true
	if l.state == up || l.state == leaving {
		return // cancelled, since another has answered
	}
	if l.goesOn(a, why) {
		return
	}
	if l.failed == nil || l.failed.worse(why) {
		l.failed = &why
	}
	left := slices.DeleteFunc(slices.Clone(l.attempts), func(a *attempt) bool { return a.over })
	switch {
	case len(left) == 0:
		l.end(Ended{Code: l.failed.Code, Local: l.state == cancelling, Text: l.failed.Text})
	case why.Code >= 600: // no phone of that device is to be rung on
		for _, other := range left {
			l.cancelAttempt(other, Reason{Code: why.Code, Text: why.Text})
		}
	case !slices.ContainsFunc(left, func(a *attempt) bool { return a.heard }):
		// Those that have said nothing until now are mostly registrations of phones that are gone.
		l.deadline.set(l.box, 2*l.server.config.T1, l.unheard)
	}
}

// cancelAttempt ends an attempt: at once where the peer has been heard, else when it is.
func (l *Leg) cancelAttempt(a *attempt, r Reason) {
	if a.over {
		return
	}
	if a.cancel == nil {
		a.cancel = &r
	}
	if a.heard && !a.canceled {
		a.canceled = true
		cancel := cancelOf(a.invite)
		if h := a.cancel.header(); h != nil {
			cancel.AppendHeader(h)
		}
		l.server.transact(l.ctx, cancel, func(*sipmsg.Response) {}, func(error) {})
	}
}

// lookUp resolves a host name to an address of the family that we send from.
func (s *Server) lookUp(ctx context.Context, network, host string) (netip.Addr, error) {
	ctx, done := context.WithTimeout(ctx, lookUpMost)
	defer done()
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return netip.Addr{}, err
	}
	own := s.Addr(network).Addr()
	for _, addr := range addrs {
		if addr = addr.Unmap(); addr.Is4() == own.Is4() {
			return addr, nil
		}
	}
	return addrs[0].Unmap(), nil
}

// lookUpMost is how long a name may take to be resolved.
const lookUpMost = 5 * time.Second

// destination is host:port of where a request goes first.
func (r route) destination() string {
	if r.hop != "" {
		return r.hop
	}
	return net.JoinHostPort(r.uri.Host, strconv.Itoa(portOf(r.uri)))
}
