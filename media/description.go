package media

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"
)

// A description is what we say of our audio.
type description struct {
	formats   []format
	keys      uint8
	hasKeys   bool
	direction direction
	protos    []string
	port      uint16 // 0 refuses it
	muxed     bool   // RTCP may come where RTP does
	security  saying
}

// describe writes a description; its version counts up where it differs from the last one.
func (s *session) describe(d description) ([]byte, error) {
	written := s.write(d)
	text, err := written.Marshal()
	if err != nil {
		return nil, fmt.Errorf("writing SDP: %w", err)
	}
	if string(text) != s.said {
		s.said = string(text)
		s.version++
	}
	written.Origin.SessionVersion = s.version
	return written.Marshal()
}

func (s *session) write(d description) *sdp.SessionDescription {
	family := "IP4"
	if s.local.Addr().Is6() {
		family = "IP6"
	}
	address := s.local.Addr().String()
	written := &sdp.SessionDescription{
		Origin: sdp.Origin{
			Username: "-", SessionID: s.id,
			NetworkType: "IN", AddressType: family, UnicastAddress: address,
		},
		SessionName: "-",
		ConnectionInformation: &sdp.ConnectionInformation{
			NetworkType: "IN", AddressType: family, Address: &sdp.Address{Address: address},
		},
		TimeDescriptions: []sdp.TimeDescription{{}},
	}
	written.Attributes = attributes(d.security.session)
	for i, line := range s.lines {
		m := &sdp.MediaDescription{MediaName: sdp.MediaName{Media: line.media, Protos: line.protos, Formats: line.formats}}
		if i == s.index {
			m = d.audio()
		}
		written.MediaDescriptions = append(written.MediaDescriptions, m)
	}
	return written
}

// audio is the m-line of our audio.
func (d description) audio() *sdp.MediaDescription {
	m := &sdp.MediaDescription{MediaName: sdp.MediaName{Media: "audio", Port: sdp.RangedPort{Value: int(d.port)}, Protos: d.protos}}
	add := func(payloadType uint8, encoding string) {
		number := strconv.Itoa(int(payloadType))
		m.MediaName.Formats = append(m.MediaName.Formats, number)
		m.WithValueAttribute("rtpmap", number+" "+encoding)
	}
	for _, f := range d.formats {
		add(f.payloadType, f.codec.String()+"/8000")
	}
	if d.hasKeys {
		add(d.keys, "telephone-event/8000")
		m.WithValueAttribute("fmtp", strconv.Itoa(int(d.keys))+" 0-15")
	}
	if d.muxed {
		m.WithPropertyAttribute("rtcp-mux")
	}
	m.Attributes = append(m.Attributes, attributes(d.security.audio)...)
	return m.WithValueAttribute("ptime", "20").WithPropertyAttribute(d.direction.String())
}

// attributes makes lines of "key" or "key:value".
func attributes(lines []string) []sdp.Attribute {
	var all []sdp.Attribute
	for _, line := range lines {
		key, value, _ := strings.Cut(line, ":")
		all = append(all, sdp.Attribute{Key: key, Value: value})
	}
	return all
}
