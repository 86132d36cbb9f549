package crm

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestParseNumber(t *testing.T) {
	for _, tc := range []struct {
		raw, country string
		kind, digits string
		shown        string
	}{
		{"13800138000", "CN", KindE164, "+8613800138000", "138 0013 8000"},
		{"013800138000", "CN", KindE164, "+8613800138000", "138 0013 8000"},
		{"8613800138000", "CN", KindE164, "+8613800138000", "138 0013 8000"},
		{"008613800138000", "CN", KindE164, "+8613800138000", "138 0013 8000"},
		{"+86 138-0013-8000", "CN", KindE164, "+8613800138000", "138 0013 8000"},
		{"１３８　００１３　８０００", "CN", KindE164, "+8613800138000", "138 0013 8000"},
		{"tel:+8613800138000", "", KindE164, "+8613800138000", "138 0013 8000"},
		{"(010) 6655 7788", "CN", KindE164, "+861066557788", "010-6655 7788"},
		{"010-55500101", "CN", KindE164, "+861055500101", "010-5550 0101"},
		{"0755 8888 6666", "CN", KindE164, "+8675588886666", "0755-8888 6666"},
		{"+442079460000", "CN", KindE164, "+442079460000", "+44 20 7946 0000"},
		{"+1 (212) 555-0123", "CN", KindE164, "+12125550123", "+1 212-555-0123"},
		{"(212) 555-0123", "US", KindE164, "+12125550123", "+1 212-555-0123"},
		{"13800138000", "GB", KindExtension, "13800138000", "13800138000"},

		{"95588", "CN", KindShort, "95588", "95588"},
		{"10086", "CN", KindShort, "10086", "10086"},
		{"12345", "CN", KindShort, "12345", "12345"},
		{"110", "CN", KindShort, "110", "110"},
		{"400", "CN", KindShort, "400", "400"},
		{"400-800-1234", "CN", KindShort, "4008001234", "400-800-1234"},
		{"911", "US", KindShort, "911", "911"},

		{"1001", "CN", KindExtension, "1001", "1001"},
		{"201", "CN", KindExtension, "201", "201"},
		{"1", "CN", KindExtension, "1", "1"},
		{"65567788", "CN", KindExtension, "65567788", "65567788"},
		{"+999123", "CN", KindExtension, "+999123", "+999123"},
		{"alice", "CN", KindExtension, "alice", "alice"},
		{"1001*2", "CN", KindExtension, "1001*2", "1001*2"},

		{"", "CN", KindAnonymous, "", "anonymous"},
		{"  ", "CN", KindAnonymous, "", "anonymous"},
		{"anonymous", "CN", KindAnonymous, "", "anonymous"},
		{"Unknown", "CN", KindAnonymous, "", "anonymous"},
		{"Restricted", "CN", KindAnonymous, "", "anonymous"},
		{"private", "CN", KindAnonymous, "", "anonymous"},
	} {
		n := ParseNumber(tc.raw, tc.country)
		require.Equal(t, Number{tc.kind, tc.digits}, n, "%q in %s", tc.raw, tc.country)
		require.Equal(t, tc.shown, n.String(), "%q in %s", tc.raw, tc.country)
	}
}

// numbers are raw numbers of all sorts.
func numbers() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.Map(rapid.IntRange(0, 99999999), func(n int) string { return fmt.Sprintf("138%08d", n) }),
		rapid.Map(rapid.IntRange(0, 99999999), func(n int) string { return fmt.Sprintf("010-%08d", n) }),
		rapid.Map(rapid.IntRange(0, 9999999), func(n int) string { return fmt.Sprintf("400%07d", n) }),
		rapid.StringMatching(`\+?[0-9]{1,15}`),
		rapid.StringMatching(`\+(1|44|49|81|852)[0-9]{7,11}`),
		rapid.StringMatching(`\+86(13[0-9]|10|755)[0-9]{8}`),
		rapid.StringMatching(`[0-9 ()+.-]{1,16}`),
	)
}

func TestNumberIsWrittenWithItsCountryAbroad(t *testing.T) {
	mobile := Number{KindE164, "+8613800138000"}
	require.Equal(t, "138 0013 8000", mobile.In("CN"))
	require.Equal(t, "138 0013 8000", mobile.In(""))
	require.Equal(t, "+86 138 0013 8000", mobile.In("US"))
}

func TestNumberReadsBackAsItIsShown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		country := rapid.SampledFrom([]string{"CN", "US", "GB"}).Draw(t, "country")
		n := ParseNumber(numbers().Draw(t, "raw"), country)
		require.Equal(t, n, ParseNumber(n.In(country), country))
		if n.Kind == KindE164 {
			require.Regexp(t, `^\+[1-9][0-9]{4,14}$`, n.Digits)
			require.Equal(t, n, ParseNumber(n.Digits, country))
		}
	})
}

func TestParseNumberTakesAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := ParseNumber(rapid.String().Draw(t, "raw"), rapid.SampledFrom([]string{"CN", "US", "", "XX"}).Draw(t, "country"))
		require.Contains(t, []string{KindE164, KindShort, KindExtension, KindAnonymous}, n.Kind)
		require.Equal(t, n.Kind == KindAnonymous, n.Digits == "")
	})
}
