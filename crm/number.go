package crm

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// The kinds of numbers.
const (
	KindE164      = "e164"      // Digits is + and the international number
	KindShort     = "short"     // a service number that has no international form, such as 95588 or 400 800 1234
	KindExtension = "extension" // whatever else was dialled or sent: an extension, a local number, a name
	KindAnonymous = "anonymous" // the caller did not say; no Digits
)

// DefaultCountry is where a number without a country is taken to belong.
const DefaultCountry = "CN"

// Number is a phone number in the one form in which it is kept and compared.
type Number struct {
	Kind   string `json:"kind" enum:"e164,short,extension,anonymous"`
	Digits string `json:"digits"`
}

// China's numbers that cannot be dialled from abroad: emergency and operator
// services, carriers and hotlines (10086, 12345), banks and companies (95588,
// 9520 0xxx), and the 400 and 800 numbers.
var chinaService = regexp.MustCompile(`^(1[12]\d|10\d{3}|11\d{3}|12\d{3}|9[56]\d{3,6}|400(\d{7})?|800\d{7})$`)

// ParseNumber reads a number as a person writes it or a trunk sends it, in a
// country such as "CN" (empty for [DefaultCountry]). It never fails: what is
// no public number is taken for an extension, as it stands.
func ParseNumber(raw, country string) Number {
	country = cmp.Or(country, DefaultCountry)
	text := strings.Map(bare, strings.TrimPrefix(strings.TrimSpace(raw), "tel:"))
	switch strings.ToLower(text) {
	case "", "anonymous", "unknown", "unavailable", "restricted", "private", "withheld":
		return Number{Kind: KindAnonymous}
	}
	if country == "CN" {
		text = withoutTrunk(text)
	}
	if mobile, is := readMobile(text, country); is {
		return mobile
	}
	if strings.ContainsFunc(text, notDialled) {
		return Number{KindExtension, text}
	}
	if isService(text, country) {
		return Number{KindShort, text}
	}
	parsed, err := phonenumbers.Parse(text, country)
	if err == nil && phonenumbers.IsValidNumber(parsed) {
		return Number{KindE164, phonenumbers.Format(parsed, phonenumbers.E164)}
	}
	return Number{KindExtension, text}
}

// bare drops what people put between digits, and makes full-width ones plain.
func bare(r rune) rune {
	switch {
	case '０' <= r && r <= '９':
		return r - '０' + '0'
	case r == '＋':
		return '+'
	case strings.ContainsRune(" \t\u00a0\u3000-‐–—－./()（）", r):
		return -1
	}
	return r
}

func notDialled(r rune) bool { return (r < '0' || r > '9') && r != '+' }

func isService(digits, country string) bool {
	if country == "CN" {
		return chinaService.MatchString(digits)
	}
	if len(digits) > 6 { // short numbers alone, and nothing with a country in front
		return false
	}
	parsed, err := phonenumbers.Parse(digits, country)
	return err == nil && phonenumbers.IsValidShortNumberForRegion(parsed, country)
}

// String is the number as people write it in China; see [Number.In].
func (n Number) String() string { return n.In("CN") }

// In is the number as people write it in a country, where [ParseNumber] reads
// it back: China's numbers without their country in China (138 0013 8000,
// 010-6655 7788, 400-800-1234), all others with it (+44 20 7946 0000). An
// anonymous one is "anonymous".
func (n Number) In(country string) string {
	switch {
	case n.Kind == KindAnonymous:
		return KindAnonymous
	case n.Kind == KindShort && len(n.Digits) == 10:
		return n.Digits[:3] + "-" + n.Digits[3:6] + "-" + n.Digits[6:]
	case n.Kind != KindE164:
		return n.Digits
	}
	country = cmp.Or(country, DefaultCountry)
	if mobile := writeMobile(n.Digits, country); mobile != "" {
		return mobile
	}
	parsed, err := phonenumbers.Parse(n.Digits, "")
	if err != nil {
		return n.Digits
	}
	if parsed.GetCountryCode() != 86 || country != "CN" {
		return phonenumbers.Format(parsed, phonenumbers.INTERNATIONAL)
	}
	text := phonenumbers.Format(parsed, phonenumbers.NATIONAL)
	if strings.HasPrefix(text, "0") { // area code, then the number
		text = strings.Replace(text, " ", "-", 1)
	}
	return text
}

// IsCountry tells whether numbers can be read as those of the country ("CN").
func IsCountry(code string) bool { return phonenumbers.GetCountryCodeForRegion(code) != 0 }
