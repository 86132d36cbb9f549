package ivr

import (
	"strconv"

	"threering/acd/floor"
)

// countMost is the greatest number that there are prompts to count to.
const countMost = 59

// Speak names the prompts that say something in a language; none where there are no words for it: who is told a number of
// minutes or a place is not told one that is greater than the prompts go.
func (i *Interpreter) Speak(language string, p floor.Phrase) []string {
	names := phrase(p)
	for n, name := range names {
		names[n] = language + "/" + name
	}
	return names
}

// phrase is a phrase by its prompts, which have the same names in every language.
func phrase(p floor.Phrase) []string {
	switch p.Says {
	case floor.SaysPlace:
		if p.Number == 1 {
			return []string{"next"}
		}
		return around("place", p.Number, "place_end")
	case floor.SaysUnder:
		if p.Number == 1 || p.Number == 2 {
			return []string{"under" + strconv.Itoa(p.Number)}
		}
		return around("under", p.Number, "under_end")
	case floor.SaysWaited:
		return around("waited", p.Number, "waited_end")
	case floor.SaysNumber:
		return append([]string{"callback_number"}, digits(p.Digits)...)
	}
	return []string{string(p.Says)}
}

// around says a number between two prompts.
func around(before string, number int, after string) []string {
	words := count(number)
	if words == nil {
		return nil
	}
	return append(append([]string{before}, words...), after)
}

// count says a number as one counts, by its tens and its ones.
func count(number int) []string {
	switch {
	case number < 1 || number > countMost:
		return nil
	case number <= 20 || number%10 == 0:
		return []string{"n" + strconv.Itoa(number)}
	}
	return []string{"n" + strconv.Itoa(number/10*10), "n" + strconv.Itoa(number%10)}
}

// digits says a number as one dials it.
func digits(number string) []string {
	var names []string
	for _, r := range number {
		if '0' <= r && r <= '9' {
			names = append(names, string(r))
		}
	}
	return names
}
