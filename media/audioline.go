package media

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"
)

var (
	// ErrNoCommonCodec says that an SDP has no audio that we speak: PCMA, PCMU or G722 over RTP.
	ErrNoCommonCodec = errors.New("no common codec")
	// ErrFamily says that a peer has addresses only of a family, IPv4 or IPv6, that we have none of.
	ErrFamily = errors.New("no address in common")
	// ErrBadSDP says that an SDP cannot be understood.
	ErrBadSDP = errors.New("bad SDP")
)

// A direction says which ways audio goes, seen from the side that writes it (RFC 3264 section 5.1).
type direction uint8

const (
	sends    direction = 1
	receives direction = 2
)

var directions = [...]string{"inactive", "sendonly", "recvonly", "sendrecv"}

func (d direction) String() string { return directions[d] }

// mirror is the same direction seen from the other side.
func (d direction) mirror() direction { return d>>1 | d&1<<1 }

// A format is a payload type and the codec it stands for.
type format struct {
	payloadType uint8
	codec       Codec
}

// An audioLine is what a description says of the audio that is taken up.
type audioLine struct {
	index     int            // which m-line it is
	remote    netip.AddrPort // where the peer wants audio; port 0 or an unspecified address for nowhere
	formats   []format       // that we speak, in the peer's order; one at least
	keys      uint8          // payload type of telephone-event at 8 kHz
	hasKeys   bool
	direction direction
	muxed     bool           // RTCP goes where RTP goes (RFC 5761)
	control   netip.AddrPort // else it goes here, or nowhere where not valid
	security  security
}

// listens says whether the peer wants audio.
func (a audioLine) listens() bool {
	return a.direction&receives != 0 && a.remote.Port() != 0 && (a.found() || !a.remote.Addr().IsUnspecified())
}

// found says whether it is ICE that finds the peer, and not the address of the description.
func (a audioLine) found() bool { return a.security.carriage == Browser }

// speaks says whether the peer is to send audio.
func (a audioLine) speaks() bool {
	return a.direction&sends != 0 && a.remote.Port() != 0
}

// What a description may have at most: reading it must not take long, whoever wrote it.
const (
	maxLines   = 32 // of media
	maxFormats = 64 // of a media line
	maxKeys    = 16 // a=crypto or a=fingerprint of a media line
)

// parseSDP reads a description and picks its audio: the first line we speak, if possible one that is in use.
func parseSDP(body []byte) (*sdp.SessionDescription, audioLine, error) {
	var description sdp.SessionDescription
	if len(body) == 0 {
		return nil, audioLine{}, fmt.Errorf("%w: empty", ErrBadSDP)
	}
	text, foreign, err := tidy(string(body))
	if err == nil {
		err = description.UnmarshalString(text)
	}
	if err != nil {
		return nil, audioLine{}, fmt.Errorf("%w: %w", ErrBadSDP, err)
	}
	for i, name := range foreign {
		description.MediaDescriptions[i].MediaName = name
	}
	if n := len(description.MediaDescriptions); n > maxLines {
		return nil, audioLine{}, fmt.Errorf("%w: %d media lines: want %d at most", ErrBadSDP, n, maxLines)
	}
	var lines []audioLine
	for i, m := range description.MediaDescriptions {
		line, ok, err := readAudio(&description, m)
		if err != nil {
			return nil, audioLine{}, fmt.Errorf("%w: media line %d: %w", ErrBadSDP, i+1, err)
		}
		if ok {
			line.index = i
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return nil, audioLine{}, fmt.Errorf("%w: %s", ErrNoCommonCodec, summary(&description))
	}
	used := slices.IndexFunc(lines, func(a audioLine) bool { return a.remote.Port() != 0 })
	return &description, lines[max(used, 0)], nil
}

// summary names the media lines of a description.
func summary(d *sdp.SessionDescription) string {
	if len(d.MediaDescriptions) == 0 {
		return "no media line"
	}
	names := make([]string, len(d.MediaDescriptions))
	for i, m := range d.MediaDescriptions {
		names[i] = m.MediaName.String()
	}
	return strings.Join(names, "; ")
}

// readAudio reads a media line; not ok is one that we cannot take up.
func readAudio(d *sdp.SessionDescription, m *sdp.MediaDescription) (a audioLine, ok bool, err error) {
	if a.security, ok = securityOf(d, m); !ok || m.MediaName.Media != "audio" {
		return a, false, nil
	}
	if len(m.MediaName.Formats) > maxFormats {
		return a, false, fmt.Errorf("%d formats: want %d at most", len(m.MediaName.Formats), maxFormats)
	}
	for _, name := range m.MediaName.Formats {
		payloadType, err := strconv.ParseUint(name, 10, 7)
		if err != nil {
			return a, false, fmt.Errorf("payload type %q: want 0-127", name)
		}
		a.addFormat(uint8(payloadType), encoding(m, name))
	}
	if len(a.formats) == 0 {
		return a, false, nil
	}
	a.direction = directionOf(d, m)
	if a.remote, err = addressOf(d, m); err != nil {
		return a, false, err
	}
	_, a.muxed = m.Attribute("rtcp-mux")
	a.control = controlOf(m, a.remote)
	return a, true, nil
}

// addFormat takes up a payload type, if we speak what it stands for.
func (a *audioLine) addFormat(payloadType uint8, encoding string) {
	switch encoding {
	case "PCMA/8000":
		a.formats = append(a.formats, format{payloadType, PCMA})
	case "PCMU/8000":
		a.formats = append(a.formats, format{payloadType, PCMU})
	case "G722/8000": // the clock of its timestamps, by an old mistake (RFC 3551 section 4.5.2)
		a.formats = append(a.formats, format{payloadType, G722})
	case "TELEPHONE-EVENT/8000":
		if !a.hasKeys {
			a.keys, a.hasKeys = payloadType, true
		}
	}
}

// encoding is what a payload type stands for, in capitals: by rtpmap, or by itself where it is a static one.
func encoding(m *sdp.MediaDescription, payloadType string) string {
	for _, attribute := range m.Attributes {
		name, mapped, found := strings.Cut(attribute.Value, " ")
		if attribute.Key == "rtpmap" && found && name == payloadType {
			return strings.TrimSuffix(strings.ToUpper(strings.TrimSpace(mapped)), "/1") // one channel
		}
	}
	switch payloadType {
	case "0":
		return "PCMU/8000"
	case "8":
		return "PCMA/8000"
	case "9":
		return "G722/8000"
	}
	return ""
}

// directionOf is the direction of a media line, or else of the whole description.
func directionOf(d *sdp.SessionDescription, m *sdp.MediaDescription) direction {
	for _, attributes := range [][]sdp.Attribute{m.Attributes, d.Attributes} {
		for _, attribute := range attributes {
			if i := slices.Index(directions[:], attribute.Key); i >= 0 {
				return direction(i)
			}
		}
	}
	return sends | receives
}

// addressOf is where a media line wants its audio.
func addressOf(d *sdp.SessionDescription, m *sdp.MediaDescription) (netip.AddrPort, error) {
	connection := m.ConnectionInformation
	if connection == nil {
		connection = d.ConnectionInformation
	}
	if connection == nil || connection.Address == nil {
		return netip.AddrPort{}, errors.New("no connection line (c=)")
	}
	address, err := netip.ParseAddr(connection.Address.Address)
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("connection address %q: want an IP address", connection.Address.Address)
	}
	port := m.MediaName.Port.Value
	if port < 0 || port > 65535 {
		return netip.AddrPort{}, fmt.Errorf("port %d: want 0-65535", port)
	}
	if address = address.Unmap(); address.IsMulticast() || address == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
		return netip.AddrPort{}, fmt.Errorf("connection address %s: want that of one host", address)
	}
	return netip.AddrPortFrom(address, uint16(port)), nil
}

// controlOf is where a media line wants RTCP: where it says so (RFC 3605), else one port above its audio.
func controlOf(m *sdp.MediaDescription, remote netip.AddrPort) netip.AddrPort {
	said, _ := m.Attribute("rtcp")
	number, address, elsewhere := strings.Cut(said, " IN IP")
	port, err := strconv.ParseUint(strings.TrimSpace(number), 10, 16)
	if err != nil {
		port = uint64(remote.Port()) + 1
	}
	if elsewhere {
		_, address, _ = strings.Cut(address, " ")
		if a, err := netip.ParseAddr(address); err == nil {
			remote = netip.AddrPortFrom(a.Unmap(), remote.Port())
		}
	}
	if remote.Port() == 0 || port > 65535 || remote.Addr().IsUnspecified() {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(remote.Addr(), uint16(port))
}
