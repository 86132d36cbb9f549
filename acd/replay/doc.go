// Package replay keeps what the brain was told while the center ran, and what it ordered, so that any day can be decided
// again and must come out the same. A run is one life of the server: it begins with an empty brain. The package knows
// neither calls nor audio; what people read of a call is the journal's.
package replay
