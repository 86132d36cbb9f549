package sip

import (
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// anonymous is the number of who does not want to be known.
const anonymous = "anonymous"

// trunkParty is who calls by a trunk. Only there is it believed what the carrier says of its caller: P-Asserted-Identity (RFC
// 3325), else Remote-Party-ID, else From. Who asks for privacy (RFC 3323) is anonymous; the number that the carrier names all
// the same is withheld from those who talk with them.
func (s *Server) trunkParty(req *sipmsg.Request, party Party, trunk string) Party {
	number, name, private := party.Number, party.Name, secretive(party.Number, req.From().Address.Host)
	if ids := addresses(req, "P-Asserted-Identity"); len(ids) > 0 {
		number, name = ids[0].number(), ids[0].name
	} else if ids := addresses(req, "Remote-Party-ID"); len(ids) > 0 {
		number, name = ids[0].number(), ids[0].name
		private = private || remotelyPrivate(ids[0])
	}
	private = private || asksForPrivacy(req)
	party.Trunk = trunk
	party.Number, party.Name = s.config.Trunks.Read(trunk, number), name
	for _, id := range diverters(req) {
		party.Diverted = append(party.Diverted, s.config.Trunks.Read(trunk, id))
	}
	if private {
		if !secretive(party.Number, "") {
			party.Withheld = party.Number
		}
		party.Number, party.Name = anonymous, ""
	}
	return party
}

// A nameAddr is one value of a header that names somebody.
type nameAddr struct {
	name   string
	uri    sipmsg.Uri
	params sipmsg.HeaderParams
}

func (a nameAddr) number() string { return userOf(a.uri) }

// addresses are the values of a header of addresses, of all its lines. What cannot be read is left out.
func addresses(msg sipmsg.Message, header string) []nameAddr {
	var all []nameAddr
	for _, h := range msg.GetHeaders(header) {
		for _, text := range values(h.Value()) {
			var a nameAddr
			a.params = sipmsg.NewParams()
			name, err := sipmsg.ParseAddressValue(text, &a.uri, &a.params)
			if err == nil {
				a.name = unquoted(name)
				all = append(all, a)
			}
		}
	}
	return all
}

// values cuts a header's value at the commas that stand neither in quotes nor in brackets.
func values(text string) []string {
	var all []string
	quoted, bracket, begin := false, false, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"' && !bracket:
			quoted = !quoted
		case c == '<' && !quoted:
			bracket = true
		case c == '>' && !quoted:
			bracket = false
		case c == ',' && !quoted && !bracket:
			all = append(all, strings.TrimSpace(text[begin:i]))
			begin = i + 1
		}
	}
	return append(all, strings.TrimSpace(text[begin:]))
}

// secretive says whether an address of record is that of nobody (RFC 3323 4.1.1.3).
func secretive(user, host string) bool {
	switch strings.ToLower(user) {
	case anonymous, "restricted", "unavailable", "unknown", "private":
		return true
	}
	return strings.EqualFold(host, "anonymous.invalid")
}

// asksForPrivacy says whether a Privacy header wants the caller's identity kept from the callee.
func asksForPrivacy(req *sipmsg.Request) bool {
	for _, h := range req.GetHeaders("Privacy") {
		for kind := range strings.FieldsFuncSeq(strings.ToLower(h.Value()), func(r rune) bool { return r == ';' || r == ',' || r == ' ' }) {
			if kind == "id" || kind == "user" || kind == "header" {
				return true
			}
		}
	}
	return false
}

func remotelyPrivate(a nameAddr) bool {
	privacy, _ := a.params.Get("privacy")
	privacy = strings.ToLower(strings.Trim(privacy, `"`))
	return privacy != "" && privacy != "off"
}

// mostDiverters is how many are kept of those who sent a call on.
const mostDiverters = 10

// diverters are the numbers that were called before ours, the first that was dialled first: as Diversion has them (RFC 5806),
// else as History-Info has (RFC 7044), whose last entry is the one that came to us.
func diverters(req *sipmsg.Request) []string {
	var numbers []string
	if ids := addresses(req, "Diversion"); len(ids) > 0 {
		for i := len(ids) - 1; i >= 0; i-- { // the latest stands on top
			numbers = append(numbers, ids[i].number())
		}
	} else if ids := addresses(req, "History-Info"); len(ids) > 1 {
		for _, id := range ids[:len(ids)-1] {
			numbers = append(numbers, id.number())
		}
	}
	return numbers[:min(len(numbers), mostDiverters)]
}

// dialled is the number that a call is for: of the Request-URI, unless that is the Contact that we registered with a carrier.
func (s *Server) dialled(req *sipmsg.Request) string {
	number := userOf(req.Recipient)
	if number != "" && number != s.config.User {
		return number
	}
	if ids := addresses(req, "P-Called-Party-ID"); len(ids) > 0 {
		return ids[0].number()
	}
	return userOf(req.To().Address)
}
