package crm

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// chinaPremium is China's numbers that cost extra whoever the carrier is: the information lines 168 and 160 of a city, with its
// code in front or not.
var chinaPremium = regexp.MustCompile(`^(\+86)?(0?[1-9]\d{1,2})?16[08]\d{5,6}$`)

// Dialled is the number as it is dialled in a country, digits alone: 13800138000 and 01066557788 in China, and others with
// what stands for "abroad" there (00442079460000).
func (n Number) Dialled(country string) string {
	if n.Kind != KindE164 {
		return n.Digits
	}
	parsed, err := phonenumbers.Parse(n.Digits, "")
	if err != nil {
		return n.Digits
	}
	text := phonenumbers.FormatOutOfCountryCallingNumber(parsed, cmp.Or(country, DefaultCountry))
	return strings.Map(func(r rune) rune {
		if notDialled(r) {
			return -1
		}
		return r
	}, text)
}

// Home says whether the number belongs to the country; one that has no international form does.
func (n Number) Home(country string) bool {
	if n.Kind != KindE164 {
		return n.Kind != KindAnonymous
	}
	parsed, err := phonenumbers.Parse(n.Digits, "")
	return err == nil && int(parsed.GetCountryCode()) == phonenumbers.GetCountryCodeForRegion(cmp.Or(country, DefaultCountry))
}

// Premium says whether the number is known to cost extra: a premium rate or shared cost number of its country, or one of
// satellites and of international networks, by which callers are robbed.
func (n Number) Premium(country string) bool {
	if cmp.Or(country, DefaultCountry) == "CN" && chinaPremium.MatchString(n.Digits) {
		return true
	}
	if n.Kind != KindE164 {
		return false
	}
	parsed, err := phonenumbers.Parse(n.Digits, "")
	if err != nil {
		return true
	}
	switch phonenumbers.GetNumberType(parsed) {
	case phonenumbers.PREMIUM_RATE, phonenumbers.SHARED_COST, phonenumbers.UNKNOWN:
		return true
	}
	switch parsed.GetCountryCode() {
	case 870, 878, 881, 882, 883, 979: // satellites, universal personal numbers, international networks and premium rate
		return true
	}
	return false
}
