// Package explain tells in words, Chinese or English, why the routing did with a call what it did: who was rung, why then
// and why this agent, and what came of it. It reads a call's timeline, where each offer bears the brain's reason, and is the
// one place that has words for reasons. It decides and stores nothing.
package explain
