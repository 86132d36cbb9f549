package crm

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestHowNumbersAreDialled(t *testing.T) {
	for raw, want := range map[string]string{
		"+8613800138000": "13800138000", "010-6655 7788": "01066557788", "+442079460000": "00442079460000",
		"95588": "95588", "400-800-1234": "4008001234", "013800138000": "13800138000",
	} {
		require.Equal(t, want, ParseNumber(raw, "CN").Dialled("CN"), raw)
	}
	require.Equal(t, "011861066557788", ParseNumber("+861066557788", "CN").Dialled("US"))
}

func TestNumbersThatCostExtra(t *testing.T) {
	for raw, want := range map[string]bool{
		"+8613800138000": false, "010-6655 7788": false, "95588": false, "400-800-1234": false, "+442079460000": false,
		"+881631234567": true, "+449012345678": true, "16812345": true, "01016812345": true, "+979123456789": true,
	} {
		n := ParseNumber(raw, "CN")
		require.Equal(t, want, n.Premium("CN"), "%s %+v", raw, n)
	}
}

func TestWhatIsAbroad(t *testing.T) {
	require.True(t, ParseNumber("13800138000", "CN").Home("CN"))
	require.True(t, ParseNumber("95588", "CN").Home("CN"))
	require.False(t, ParseNumber("+85221234567", "CN").Home("CN"), "Hong Kong is another network")
	require.False(t, ParseNumber("+13105551234", "CN").Home("CN"))
}

// TestDialledNumbersAreReadBack: what is dialled in a country means the same number there.
func TestDialledNumbersAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.OneOf(
			rapid.StringMatching(`\+861[3-9][0-9]{9}`), rapid.StringMatching(`\+8610[5-8][0-9]{7}`), rapid.StringMatching(`\+8621[5-6][0-9]{7}`),
			rapid.StringMatching(`\+4420[78][0-9]{7}`), rapid.StringMatching(`\+1310[2-9][0-9]{6}`), rapid.StringMatching(`955[0-9]{2}`),
		).Draw(t, "number")
		n := ParseNumber(raw, "CN")
		if n.Kind == KindExtension {
			t.Skip("no number of that country's plan")
		}
		require.Equal(t, n, ParseNumber(n.Dialled("CN"), "CN"), "%s dialled as %s", raw, n.Dialled("CN"))
	})
}
