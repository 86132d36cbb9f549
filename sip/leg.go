package sip

import (
	"cmp"
	"context"
	"log/slog"
	"net/netip"
	"sync/atomic"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// A Leg is one dialog with one peer: an incoming call or one that we placed. All its state belongs to its actor
// goroutine; its methods leave a note there and return at once, so they may be called from anywhere, at any time.
type Leg struct {
	server *Server
	log    *slog.Logger
	id     string
	tag    string // ours
	from   Party
	to     string

	box    *mailbox
	done   chan struct{} // closed when the actor has ended
	ctx    context.Context
	cancel context.CancelFunc // ends the leg's client transactions
	via    atomic.Value       // string: see Via

	// What follows belongs to the actor.

	state  state
	dialog dialog
	media  Media
	notify func(Event)
	missed []Event     // what happened before Attach
	watch  func(Event) // see Watch

	instead        *Leg                 // incoming: see Replaces; never changes
	origin         callKey              // incoming: of the INVITE; never changes
	invite         *sipmsg.Request      // incoming: the request that began the leg
	tx             *sipmsg.ServerTx     // incoming: its transaction
	described      *description         // incoming: our SDP
	accepted       *accepted            // an INVITE we answered with 2xx and whose ACK has not come
	reoffer        *reoffer             // an INVITE of ours within the dialog, not answered yet
	waiting        []func(error)        // reoffers to be made when the exchange under way is over
	unacknowledged *reliable            // incoming: a provisional response whose PRACK has not come
	rseq           uint32               // incoming: the number of that, or of the last one
	wanted         bool                 // incoming: Answer was called, and has to wait for that PRACK
	placed         Dial                 // outgoing: what was asked for
	offer          []byte               // outgoing: of all its INVITEs
	heardIn        string               // outgoing: the To tag of the early dialog that the peer last sent a request in
	attempts       []*attempt           // outgoing: its INVITEs
	way            Way                  // outgoing: where they go, one after the other; nil: where attempts say
	failed         *failure             // outgoing: the most telling of the attempts that came to nothing
	rung           Ringing              // outgoing: the last that was told
	cancelOf       *Reason              // outgoing: why it was cancelled
	opening        bool                 // incoming: nobody has looked at it yet
	held           *atomic.Pointer[Leg] // incoming: by its transaction, for a CANCEL
	leaving        *Reason              // hang up once the ACK is here, or the peer has the last NOTIFY
	peers          []netip.Addr         // addresses that the gate lets in for this leg
	turns          []turn               // requests of the peer's that came before their turn, in order
	stranded       bool                 // Stranded was told, and the same page has not come back
	newcomers      time.Time            // while stranded: a page other than the former is taken if it registered after this

	interval     time.Duration // of the session timer (RFC 4028); 0: none
	leastSession time.Duration // that a peer has asked for with 422; 0: none
	refreshes    bool          // the session's refreshes are ours to send

	referral  *Referral  // that the peer asks for
	notices   notices    // of it
	referring *referring // that we ask the peer for

	retransmit, deadline, session, again, order, homing alarm
}

// Party is who calls.
type Party struct {
	Number string         // user part of From, percent-decoded; by a trunk what the carrier asserts, or "anonymous"
	Name   string         // display name; may be empty
	Device string         // the registered or fixed device that calls; "" where a trusted source calls
	Trunk  string         // that the call came by; "": none
	Source netip.AddrPort // where the INVITE came from

	Withheld string   // the number of who calls anonymously, where the carrier names it; not for those who talk with them
	Diverted []string // numbers that were called before, the first first
}

// Reason says why a leg is ended (RFC 3326): Reason: SIP;cause=200;text="Call completed elsewhere". The zero value adds
// no header.
type Reason struct {
	Code int
	Text string
}

type state int

const (
	dialling   state = iota // outgoing: INVITE sent, nothing heard
	alerting                // outgoing: provisional response heard
	cancelling              // outgoing: hung up before it was answered; waits for the final response
	offered                 // incoming: no final response yet
	answering               // incoming: 2xx sent, no ACK yet
	up                      // both sides know
	leaving                 // BYE sent
	over
)

// ID is the dialog's Call-ID.
func (l *Leg) ID() string { return l.id }

// From is who calls; of an outgoing leg, what was given to Dial.
func (l *Leg) From() Party { return l.from }

// To is the number that was dialled; of an outgoing leg, the device.
func (l *Leg) To() string { return l.to }

// Replaces is the leg that an incoming one asks to take the place of (RFC 3891); nil: none. Whether it may is not looked at.
func (l *Leg) Replaces() *Leg { return l.instead }

// Header is a header of an incoming leg's INVITE; "" where there is none, and of an outgoing leg.
func (l *Leg) Header(name string) string {
	if l.tx == nil {
		return ""
	}
	return field(l.invite, name)
}

// Label has every line that is logged of the leg from now on bear the id of the call that it belongs to, and its messages
// be found under it.
func (l *Leg) Label(call string) {
	l.box.post(func() { l.log = l.log.With("call", call) })
	who := cmp.Or(l.from.Device, l.from.Number)
	if l.tx == nil {
		who = l.to
	}
	l.server.config.Ladders.claim(l.id, call, who)
}

// Attach gives an incoming leg its audio and the receiver of its events, before Ring or Answer. What happened until then
// is told at once.
func (l *Leg) Attach(m Media, notify func(Event)) {
	taken := l.box.post(func() { l.attach(m, notify) })
	if !taken {
		<-l.done // the actor is gone: its state is ours to read
		l.attach(m, notify)
	}
}

func (l *Leg) attach(m Media, notify func(Event)) {
	l.opened()
	l.media, l.notify = m, notify
	missed := l.missed
	l.missed = nil
	for _, e := range missed {
		notify(e)
	}
}

// Ring tells the caller of an incoming leg that we alert (180). After an answer it does nothing.
func (l *Leg) Ring() { l.box.post(l.ring) }

// Answer takes an incoming leg: 200 with the SDP of its Media, repeated until the ACK comes.
func (l *Leg) Answer() { l.box.post(l.answer) }

// Reject refuses an incoming leg that was not answered with a status of 300 to 699.
func (l *Leg) Reject(code int, reason string) {
	l.box.post(func() { l.reject(code, reason) })
}

// Hangup ends the leg the way that fits now: BYE, CANCEL or a final response. Ended follows when the peer has replied, or
// has not replied in time. Again it does nothing.
func (l *Leg) Hangup(r Reason) { l.box.post(func() { l.hangup(r) }) }

// Reoffer sends the peer a new offer of the leg's Media within the dialog (re-INVITE) and tells done how that went, on
// the actor goroutine; nil: the answer was accepted. While another exchange of offers is under way it waits.
func (l *Leg) Reoffer(done func(error)) {
	if !l.box.post(func() { l.requestReoffer(done) }) {
		done(ErrClosed)
	}
}

// run is the actor; begin is the first thing it does.
func (l *Leg) run(begin func()) {
	defer close(l.done)
	begin()
	for l.state != over {
		select {
		case <-l.box.wake:
			for _, do := range l.box.take() {
				do()
			}
		case ack := <-l.acks():
			l.acknowledged(ack)
		case <-l.lost():
			l.breakOff("connection lost")
		}
	}
	for _, do := range l.box.close() {
		do()
	}
}

// acks gives ACKs that bear the branch of the INVITE they acknowledge, as those of some old peers do.
func (l *Leg) acks() <-chan *sipmsg.Request {
	if l.accepted == nil {
		return nil
	}
	return l.accepted.tx.Acks()
}

// lost is closed when the transaction of an unanswered call is gone, its connection being closed.
func (l *Leg) lost() <-chan struct{} {
	if l.state != offered {
		return nil
	}
	return l.tx.Done()
}

// breakOff ends an unanswered call whose transaction is gone: for a CANCEL, which has left a note before, or else for the
// connection.
func (l *Leg) breakOff(why string) {
	for _, do := range l.box.take() {
		do()
	}
	l.end(Ended{Code: 503, Text: why})
}

// Watch has somebody else told of the leg's events too, before the receiver of Attach. It must not block.
func (l *Leg) Watch(fn func(Event)) { l.box.post(func() { l.watch = fn }) }

func (l *Leg) tell(e Event) {
	if l.watch != nil {
		l.watch(e)
	}
	if l.notify == nil {
		l.missed = append(l.missed, e)
		return
	}
	l.notify(e)
}

// end is the one way out: it takes back everything that the leg holds, then says so.
func (l *Leg) end(e Ended) {
	if l.state == over {
		return
	}
	l.state = over
	l.opened()
	if l.held != nil {
		l.held.Store(nil)
	}
	l.retransmit.stop()
	l.deadline.stop()
	l.session.stop()
	l.again.stop()
	l.order.stop()
	l.homing.stop()
	l.notices.answer.stop()
	l.takeTurns(true)
	l.release()
	if r := l.reoffer; r != nil {
		l.waiting = append(l.waiting, r.done)
	}
	for _, done := range l.waiting {
		done(ErrClosed)
	}
	l.reoffer, l.waiting = nil, nil
	if r := l.referring; r != nil {
		l.referring = nil
		r.told(0, ErrClosed)
	}
	l.log.Debug("leg ended", "code", e.Code, "local", e.Local, "text", e.Text)
	l.tell(e)
}
