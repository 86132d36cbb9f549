package crm

import "strings"

// Most callers of a center in China call from mobiles, and the library of all countries' numbers takes a thousand times as long to
// read and write one as what is here. It is the measure: a test compares all prefixes with it.

const chinaCode = "+86"

// readMobile reads a mobile number of China, in a country; false where it is none, or written in another way.
func readMobile(text, country string) (Number, bool) {
	national, abroad := strings.CutPrefix(text, chinaCode)
	if !abroad && country != "CN" || !isChinaMobile(national) {
		return Number{}, false
	}
	return Number{KindE164, chinaCode + national}, true
}

// isChinaMobile says whether eleven digits are a mobile number of a prefix that China has given out.
func isChinaMobile(digits string) bool {
	if len(digits) != 11 || digits[0] != '1' || !isDigits(digits) {
		return false
	}
	third := digits[2]
	switch digits[1] {
	case '3', '8':
		return true
	case '4':
		return third == '5' || third == '7'
	case '5', '9':
		return third != '4'
	case '6':
		return third == '2' || '5' <= third && third <= '7'
	case '7':
		return third < '4' || '4' < third && third < '9' || digits[2:4] == "40" && digits[4] < '6'
	}
	return false
}

// withoutTrunk is the number without the 0 that trunks in China put in front of a mobile.
func withoutTrunk(text string) string {
	if len(text) == 12 && strings.HasPrefix(text, "01") && '3' <= text[2] && text[2] <= '9' && isDigits(text) {
		return text[1:]
	}
	return text
}

// writeMobile is a mobile number of China as people write it in a country; "" where it is none.
func writeMobile(filed, country string) string {
	national, is := strings.CutPrefix(filed, chinaCode)
	if !is || !isChinaMobile(national) {
		return ""
	}
	text := national[:3] + " " + national[3:7] + " " + national[7:]
	if country != "CN" {
		text = chinaCode + " " + text
	}
	return text
}
