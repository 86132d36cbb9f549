package store

import "time"

// Millis is t as the tables keep it: milliseconds since 1970 UTC, 0 for the
// zero time.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Time is the moment that [Millis] wrote, in UTC; the zero time for 0.
func Time(millis int64) time.Time {
	if millis == 0 {
		return time.Time{}
	}
	return time.UnixMilli(millis).UTC()
}
