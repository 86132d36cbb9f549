package sip

import (
	"net/netip"
	"time"
)

// A Ladder is the SIP messages of a call, as they are drawn: a column for each participant, an arrow for each message.
type Ladder struct {
	Participants []Participant `json:"participants" doc:"In the order of their columns."`
	Messages     []Message     `json:"messages" doc:"In the order of their time."`
	Skipped      int           `json:"skipped,omitempty" doc:"Messages that there was no room for."`
}

// A Participant is one column of a ladder.
type Participant struct {
	Name    string `json:"name" doc:"The number or device; threering for the center itself."`
	Address string `json:"address,omitempty"`
	Leg     string `json:"leg,omitempty" doc:"Call-ID; empty for the center itself."`
}

// A Message is one arrow of a ladder.
type Message struct {
	At      time.Time `json:"at"`
	From    int       `json:"from" doc:"Index of a participant."`
	To      int       `json:"to" doc:"Index of a participant."`
	Network string    `json:"network" doc:"udp, tcp, tls or ws."`
	Line    string    `json:"line" doc:"The method, or the status with its phrase; SDP where it describes audio; repeated where it was seen before."`
	Text    string    `json:"text" doc:"The whole message, its secrets blanked."`
}

// A roll is the messages of one leg.
type roll struct {
	leg   string // Call-ID
	call  string // that the leg belongs to; "": not known yet
	who   string // at the other end
	asks  bool   // the leg came to us
	began time.Time
	ended time.Time // zero: it goes on
	rungs []rung
	size  int
	more  int // messages that there was no room for
}

// A rung is one message.
type rung struct {
	At      time.Time
	Sent    bool // by us
	Network string
	Peer    netip.AddrPort
	Text    string
}

const (
	mostRungs    = 300       // messages of a leg
	mostRollSize = 128 << 10 // bytes of them
)

// add takes a message in, as long as there is room.
func (r *roll) add(g rung) {
	if len(r.rungs) >= mostRungs || r.size+len(g.Text) > mostRollSize {
		r.more++
		return
	}
	r.rungs = append(r.rungs, g)
	r.size += len(g.Text)
}
