package trunk

import (
	"errors"
	"slices"
	"strings"
)

// Number is a number as the numbering plan sees it.
type Number struct {
	Digits   string // as it is filed: +8613800138000, or 95588 for one that has no international form; "": it is none
	National string // as it is dialled in the center's country: 13800138000, 01066557788, 00442079460000, 95588
	Home     bool   // it belongs to the center's country
	Premium  bool   // it costs extra
}

// A Reader reads a number as people write it or a carrier sends it. There is one parser of numbers in the house; it is no
// part of this room.
type Reader func(raw string) Number

var errNetwork = errors.New("no network")

// write is the number as a carrier wants it.
func (n Number) write(format string) string {
	switch format {
	case formatPlain:
		return strings.TrimPrefix(n.Digits, "+")
	case formatNational:
		return n.National
	}
	return n.Digits
}

// called is the user part that an INVITE for the number goes to.
func (o Out) called(n Number) string {
	return o.Prefix + strings.TrimPrefix(n.write(o.Format), o.Strip)
}

// price is what a minute to the number costs, by the longest prefix; false where no destination speaks of it.
func (o Out) price(n Number) (Money, bool) {
	best := -1
	for i, d := range o.Destinations {
		if strings.HasPrefix(n.Digits, d.Prefix) && (best < 0 || len(d.Prefix) > len(o.Destinations[best].Prefix)) {
			best = i
		}
	}
	if best < 0 {
		return 0, false
	}
	return o.Destinations[best].Price, true
}

// owns says whether a number is one of the trunk's.
func (t Trunk) owns(n Number, read Reader) bool {
	return n.Digits != "" && slices.ContainsFunc(t.Numbers, func(text string) bool {
		low, high := ends(text, read)
		return len(low.Digits) == len(n.Digits) && low.Digits <= n.Digits && n.Digits <= high.Digits
	})
}

// ends are the first and the last number of a range, or one number twice.
func ends(text string, read Reader) (low, high Number) {
	first, last, several := strings.Cut(text, "..")
	low = read(first)
	if !several {
		return low, low
	}
	return low, read(last)
}

// caller is the number to be shown for a call; false where the one that is asked for is none of the trunk's own.
func (t Trunk) caller(asked string, read Reader) (Number, bool) {
	if asked != "" {
		n := read(asked)
		return n, t.owns(n, read)
	}
	if t.Out.Caller != "" {
		return read(t.Out.Caller), true
	}
	if len(t.Numbers) == 0 {
		return Number{}, true // the carrier knows whose line it is
	}
	low, _ := ends(t.Numbers[0], read)
	return low, true
}

// read reads a number that came in by the trunk: one that is written without its + is known by having no other sense.
func (t Trunk) read(raw string, read Reader) string {
	if t.Incoming != formatPlain || raw == "" || strings.HasPrefix(raw, "0") || !digits(raw) {
		return raw
	}
	if n := read("+" + raw); strings.HasPrefix(n.Digits, "+") {
		return n.Digits
	}
	return raw
}
