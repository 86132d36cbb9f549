// Package ivr owns the flows that callers' calls run through: their part of the center's document (types, check, tables),
// the interpreter that answers "what now?" for the floor, and the prompts that come with the program.
//
// A run of a flow is a plain value (floor.State) that the floor keeps; the interpreter holds no calls, no timers and no
// goroutines. Playing, listening for keys, queueing and hanging up are the floor's work.
package ivr
