package trunk

import (
	"cmp"
	"slices"
)

// inOrder sorts by order, lower first, and shuffles those of one order so that each is first as often as its weight says
// (RFC 2782). draw gives a number from 0 to below its argument.
func inOrder[T any](all []T, order, weight func(T) int, draw func(n int) int) []T {
	left := slices.Clone(all)
	// Those without weight come first, so that they have a small chance of being drawn.
	slices.SortStableFunc(left, func(a, b T) int { return cmp.Compare(weight(a), weight(b)) })
	slices.SortStableFunc(left, func(a, b T) int { return cmp.Compare(order(a), order(b)) })
	sorted := make([]T, 0, len(left))
	for len(left) > 0 {
		same := 0
		sum := 0
		for same < len(left) && order(left[same]) == order(left[0]) {
			sum += weight(left[same])
			same++
		}
		chosen, running := 0, 0
		for at := draw(sum + 1); chosen < same-1; chosen++ {
			if running += weight(left[chosen]); running >= at {
				break
			}
		}
		sorted = append(sorted, left[chosen])
		left = slices.Delete(left, chosen, chosen+1)
	}
	return sorted
}
