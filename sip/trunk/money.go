package trunk

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Money is an amount in ten-thousandths of the carrier's currency, which nobody needs to name: prices and caps are in the
// same one.
type Money int64

const unit Money = 10000

var errMoney = errors.New("no amount")

// ParseMoney reads 0.15 or 100: no sign, up to nine digits, then up to four.
func ParseMoney(text string) (Money, error) {
	whole, part, _ := strings.Cut(text, ".")
	if whole == "" || len(whole) > 9 || len(part) > 4 || !digits(whole) || !digits(part) || strings.HasSuffix(text, ".") {
		return 0, fmt.Errorf("%w: %q", errMoney, text)
	}
	units, _ := strconv.ParseInt(whole, 10, 64)
	rest, _ := strconv.ParseInt(part+strings.Repeat("0", 4-len(part)), 10, 64)
	return Money(units)*unit + Money(rest), nil
}

// String is the amount as [ParseMoney] reads it, with no zero too many.
func (m Money) String() string {
	text := fmt.Sprintf("%d.%04d", m/unit, m%unit)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// Allowed says which amounts are taken.
func (Money) Allowed() string { return "an amount such as 0.15 or 100, with at most four decimals" }

// UnmarshalYAML reads an amount, with or without quotes.
func (m *Money) UnmarshalYAML(n *yaml.Node) (err error) {
	if n.Kind != yaml.ScalarNode {
		return errMoney
	}
	*m, err = ParseMoney(n.Value)
	return err
}

// MarshalYAML writes what UnmarshalYAML reads.
func (m Money) MarshalYAML() (any, error) {
	return &yaml.Node{Kind: yaml.ScalarNode, Value: m.String()}, nil
}

// Float is the amount as a number, for those who draw it.
func (m Money) Float() float64 { return float64(m) / float64(unit) }

func digits(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
}
