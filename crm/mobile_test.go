package crm

import (
	"fmt"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"github.com/stretchr/testify/require"
)

func TestMobilesOfChinaAreThoseOfTheLibrary(t *testing.T) {
	prefixes := []string{}
	for n := range 1000 {
		prefixes = append(prefixes, fmt.Sprintf("1%03d0", n))
	}
	for n := range 100 {
		prefixes = append(prefixes, fmt.Sprintf("174%02d", n))
	}
	for i, prefix := range prefixes {
		digits := fmt.Sprintf("%s%06d", prefix, i*7919%1_000_000)
		parsed, err := phonenumbers.Parse(digits, "CN")
		is := err == nil && phonenumbers.IsValidNumber(parsed) && phonenumbers.GetNumberType(parsed) == phonenumbers.MOBILE
		require.Equal(t, is, isChinaMobile(digits), digits)
		if !is {
			continue
		}
		require.Equal(t, phonenumbers.Format(parsed, phonenumbers.NATIONAL), writeMobile(chinaCode+digits, "CN"))
		require.Equal(t, phonenumbers.Format(parsed, phonenumbers.INTERNATIONAL), writeMobile(chinaCode+digits, "GB"))
	}
}

func BenchmarkParseNumber(b *testing.B) {
	for name, raw := range map[string]string{"mobile": "13800138000", "landline": "01066557788"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = ParseNumber(raw, "CN").In("CN")
			}
		})
	}
}
