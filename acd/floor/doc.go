// Package floor owns the calls: their legs, bridges, recorders and timers. It carries out what the brain decides, runs the
// caller's script, and tells the journal and the people who watch. Everything on the floor happens in one goroutine, the
// loop; what would block (lookups, files, the network) happens elsewhere and reports back to it.
package floor
