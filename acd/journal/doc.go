// Package journal remembers everything that happened to every call, in order: one timeline a call, from which its summary
// is folded and reports count. It owns the list of kinds and the tables of entries and calls. It decides nothing; the floor
// writes it, and a database that is locked or full delays the writing, never a call.
package journal
