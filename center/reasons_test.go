package center

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReasonsThatAreWrong(t *testing.T) {
	_, err := Check("center.yaml", []byte(`center:
  reasons:
    - Order
    - " "
    - Order
    - Fault`+" "+`
    - "two\nlines"
    - `+strings.Repeat("长", 41)+`
    - `+strings.Repeat("长", 40)+`
    - " left"
    - ""
`))
	const allowed = "; allowed: a reason in one line of at most 40 characters, without space around it"
	require.EqualError(t, err, `center.yaml:4: center.reasons.1: found " "`+allowed+`
center.yaml:5: center.reasons.2: found "Order"; allowed: each reason once
center.yaml:7: center.reasons.4: found "two\nlines"`+allowed+`
center.yaml:8: center.reasons.5: found "`+strings.Repeat("长", 41)+`"`+allowed+`
center.yaml:10: center.reasons.7: found " left"`+allowed+`
center.yaml:11: center.reasons.8: found nothing`+allowed)

	var many []string
	for i := range 51 {
		many = append(many, fmt.Sprint("r", i))
	}
	_, err = Check("center.yaml", []byte("center:\n  name: Ours\n  reasons: ["+strings.Join(many, ", ")+"]\n"))
	require.EqualError(t, err, "center.yaml:3: center.reasons: found \"51 reasons\"; allowed: at most 50")
	checked(t, "center: {reasons: ["+strings.Join(many[:50], ", ")+"]}")
}

func TestReasonsFollowTheLanguageUnlessTheyAreTheCentersOwn(t *testing.T) {
	c := open(t)
	apply := func(text string) []string {
		changes, err := c.Apply(t.Context(), checked(t, text))
		require.NoError(t, err)
		return changes.Lines
	}
	reasons := func() []string {
		info, err := c.Info(t.Context())
		require.NoError(t, err)
		return info.Reasons
	}
	require.Equal(t, "下单", reasons()[0])
	require.Equal(t, []string{"changed center (Threering): language"}, apply("center: {language: en}"))
	require.Equal(t, "Order", reasons()[0])
	require.Empty(t, apply("center: {language: en, reasons: ["+strings.Join(usualReasons("en"), ", ")+"]}"))
	require.Empty(t, apply("center: {language: en, reasons: []}"))

	require.Equal(t, []string{"changed center (Threering): reasons"}, apply("center: {language: en, reasons: [Wine, Beer]}"))
	require.Equal(t, []string{"Wine", "Beer"}, reasons())
	require.Equal(t, []string{"changed center (Threering): reasons"}, apply("center: {language: en, reasons: [Beer, Wine]}"), "their order is seen")
	text, err := c.Export(t.Context())
	require.NoError(t, err)
	require.Contains(t, string(text), "  reasons: [Beer, Wine]\n")
	require.Equal(t, []string{"changed center (Threering): reasons"}, apply("center: {language: en}"))
	require.Equal(t, usualReasons("en"), reasons())
}
