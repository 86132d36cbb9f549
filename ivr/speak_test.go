package ivr

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"threering/acd/floor"
)

func TestPhrases(t *testing.T) {
	tests := []struct {
		phrase floor.Phrase
		want   []string
	}{
		{floor.Phrase{Says: floor.SaysPlace, Number: 1}, []string{"en/next"}},
		{floor.Phrase{Says: floor.SaysPlace, Number: 20}, []string{"en/place", "en/n20", "en/place_end"}},
		{floor.Phrase{Says: floor.SaysPlace, Number: 42}, []string{"en/place", "en/n40", "en/n2", "en/place_end"}},
		{floor.Phrase{Says: floor.SaysPlace, Number: 60}, nil},
		{floor.Phrase{Says: floor.SaysUnder, Number: 2}, []string{"en/under2"}},
		{floor.Phrase{Says: floor.SaysUnder, Number: 3}, []string{"en/under", "en/n3", "en/under_end"}},
		{floor.Phrase{Says: floor.SaysUnder, Number: 90}, nil},
		{floor.Phrase{Says: floor.SaysWaited}, nil},
		{floor.Phrase{Says: floor.SaysWaited, Number: 1}, []string{"en/waited", "en/n1", "en/waited_end"}},
		{floor.Phrase{Says: floor.SaysNumber, Digits: "+8610"}, []string{"en/callback_number", "en/8", "en/6", "en/1", "en/0"}},
		{floor.Phrase{Says: floor.SaysOffer}, []string{"en/callback_offer"}},
	}
	i := New(Part{}, nil)
	for _, test := range tests {
		require.Equal(t, test.want, i.Speak("en", test.phrase), "%+v", test.phrase)
	}
}

// Whatever may be said has its prompts, in every language.
func TestEveryPhraseHasPrompts(t *testing.T) {
	prompts, err := LoadPrompts()
	require.NoError(t, err)
	i := New(Part{}, prompts)
	for _, language := range floor.Languages() {
		for _, says := range floor.Sayings() {
			for number := range countMost + 1 {
				names := i.Speak(language, floor.Phrase{Says: says, Number: number, Digits: "0123456789"})
				require.False(t, slices.ContainsFunc(names, func(n string) bool { return prompts.Sound(n) == nil }), "%s %d: %v", says, number, names)
			}
		}
	}
}
