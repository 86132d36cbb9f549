package ice

import (
	"bytes"
	"encoding/binary"
)

// Username returns our ufrag in a binding request, so that whoever shares a port among legs can tell whose it is. It
// checks nothing else; Take does.
func Username(datagram []byte) (ufrag string, ok bool) {
	const (
		header, attributeHeader = 20, 4
		bindingRequest, cookie  = 0x0001, 0x2112A442 // RFC 8489 section 5
		username                = 0x0006
	)
	if len(datagram) < header || binary.BigEndian.Uint16(datagram) != bindingRequest || binary.BigEndian.Uint32(datagram[4:]) != cookie {
		return "", false
	}
	for rest := datagram[header:]; len(rest) >= attributeHeader; {
		kind, size := binary.BigEndian.Uint16(rest), int(binary.BigEndian.Uint16(rest[2:]))
		rest = rest[attributeHeader:]
		if size > len(rest) {
			return "", false
		}
		if kind == username {
			local, _, found := bytes.Cut(rest[:size], []byte(":"))
			if !found || len(local) == 0 {
				return "", false
			}
			return string(local), true
		}
		rest = rest[min((size+3)&^3, len(rest)):] // values are padded to four bytes
	}
	return "", false
}
