package ivr

import (
	"cmp"

	"threering/crm"
)

// numbers finds the flow that answers a number.
type numbers struct {
	country string
	exact   map[string]string // flow by a number as the document has it
	filed   map[string]string // … and as it is filed, so that 010…, 8610… with a + and 10… are one
	ranges  []span
}

// A span is a range of numbers as they are filed.
type span struct{ low, high, flow string }

func numbersOf(p Part) numbers {
	n := numbers{country: cmp.Or(p.Country, crm.DefaultCountry), exact: map[string]string{}, filed: map[string]string{}}
	for _, one := range p.Numbers {
		if one.Through != "" {
			n.ranges = append(n.ranges, span{n.file(one.Number), n.file(one.Through), one.Flow})
			continue
		}
		n.exact[one.Number] = one.Flow
		n.filed[n.file(one.Number)] = one.Flow
	}
	return n
}

func (n numbers) file(raw string) string { return crm.ParseNumber(raw, n.country).Digits }

// flow is the flow that answers a dialled number: the one of that very number, else of the first range that it lies in.
func (n numbers) flow(dialled string) (string, bool) {
	if flow, known := n.exact[dialled]; known {
		return flow, true
	}
	filed := n.file(dialled)
	if flow, known := n.filed[filed]; known && filed != "" {
		return flow, true
	}
	for _, s := range n.ranges {
		if len(filed) == len(s.low) && s.low <= filed && filed <= s.high {
			return s.flow, true
		}
	}
	return "", false
}

// isRange says whether a number goes through to another: as long as it, and not before it.
func (n numbers) isRange(low, high string) bool {
	low, high = n.file(low), n.file(high)
	return low != "" && len(low) == len(high) && low <= high
}
