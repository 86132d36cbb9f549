package rtcp

import (
	"errors"
	"fmt"
	"time"

	pion "github.com/pion/rtcp"

	"threering/media/mux"
)

// ErrBad says that a datagram is no RTCP, or not as RFC 3550 has it.
var ErrBad = errors.New("bad RTCP")

// errLoop says that a datagram is one of ours that came back, or of a peer that chose our SSRC.
var errLoop = errors.New("it bears our own SSRC")

// Heard is what a datagram of the peer's says.
type Heard struct {
	SSRC uint32 // the peer's, of its report; 0 where there is none
	View *View  // nil where nothing is said of our stream
	Bye  bool   // the peer leaves
}

// A View is what the peer sees of the stream that we send.
type View struct {
	FractionLost float64 // share of our packets that were lost since its last report: 0 … 1, in steps of 1/256
	Lost         int     // packets lost since the session began; below 0 where more came than were sent
	Highest      uint32  // the highest sequence number that came, extended by its cycles
	Jitter       uint32  // in units of the RTP timestamp
	RoundTrip    time.Duration
	Timed        bool // RoundTrip is known: the peer has had a sender report of ours, and what it says of it makes sense
}

const headerSize = 4

// Read takes in a datagram that came at an instant: a compound packet or a reduced one (RFC 5506). Packets of other
// kinds than SR, RR and BYE are passed over, and so are blocks about streams that are not ours. Of a datagram that is
// not well-formed throughout nothing is taken in; the error is ErrBad with the reason.
func (r *Reporter) Read(datagram []byte, at time.Time) (Heard, error) {
	if mux.KindOf(datagram) != mux.RTCP {
		return Heard{}, fmt.Errorf("%w: another protocol", ErrBad)
	}
	var heard Heard
	after := *r
	for rest := datagram; len(rest) > 0; {
		kind, packet, err := first(rest)
		if err == nil {
			err = after.hear(&heard, kind, packet, at)
		}
		if err != nil {
			return Heard{}, fmt.Errorf("%w: %w", ErrBad, err)
		}
		rest = rest[len(packet):]
	}
	*r = after
	return heard, nil
}

// first is the first packet of a datagram, header and all.
func first(datagram []byte) (pion.PacketType, []byte, error) {
	var header pion.Header
	if err := header.Unmarshal(datagram); err != nil {
		return 0, nil, err
	}
	size := headerSize + 4*int(header.Length)
	if size > len(datagram) {
		return 0, nil, fmt.Errorf("a packet of %d bytes where %d are left", size, len(datagram))
	}
	return header.Type, datagram[:size], nil
}

// hear takes a packet into account, and adds to heard what it says.
func (r *Reporter) hear(heard *Heard, kind pion.PacketType, packet []byte, at time.Time) error {
	switch kind {
	case pion.TypeSenderReport:
		var report pion.SenderReport
		if err := report.Unmarshal(packet); err != nil {
			return err
		}
		r.heard = senderReport{report.SSRC, middle(report.NTPTime), at}
		return r.view(heard, report.SSRC, report.Reports, at)
	case pion.TypeReceiverReport:
		var report pion.ReceiverReport
		if err := report.Unmarshal(packet); err != nil {
			return err
		}
		return r.view(heard, report.SSRC, report.Reports, at)
	case pion.TypeGoodbye:
		var bye pion.Goodbye
		err := bye.Unmarshal(packet)
		heard.Bye = heard.Bye || len(bye.Sources) > 0
		return err
	}
	return nil
}

// view adds to heard what a report of the peer's says of our stream.
func (r *Reporter) view(heard *Heard, peer uint32, blocks []pion.ReceptionReport, at time.Time) error {
	if peer == r.ssrc {
		return errLoop
	}
	heard.SSRC = peer
	for _, b := range blocks {
		if b.SSRC != r.ssrc {
			continue
		}
		heard.View = &View{
			FractionLost: float64(b.FractionLost) / 256,
			Lost:         int(int32(b.TotalLost<<8) >> 8), // 24 bits with a sign
			Highest:      b.LastSequenceNumber,
			Jitter:       b.Jitter,
		}
		heard.View.RoundTrip, heard.View.Timed = r.roundTrip(b, at)
	}
	return nil
}

// roundTrip is how long our last sender report and the block that answers it were under way (RFC 3550 section 6.4.1).
func (r *Reporter) roundTrip(b pion.ReceptionReport, at time.Time) (roundTrip time.Duration, sane bool) {
	const (
		longest  = 10 << 16       // 10 s
		rounding = 1 << 16 / 1000 // 1 ms, by which two clocks' ticks may make it less than nothing
	)
	if b.LastSenderReport == 0 {
		return 0, false
	}
	ticks := int32(middle(r.ntp(at)) - b.LastSenderReport - b.Delay)
	if ticks < -rounding || ticks > longest {
		return 0, false
	}
	return time.Duration(max(ticks, 0)) * time.Second >> 16, true
}
