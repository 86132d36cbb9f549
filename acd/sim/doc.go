// Package sim simulates a center: callers who arrive, wait and lose patience, agents who pick up sooner, later or not at
// all, and the brain itself (acd/brain, the same code that routes live calls) between them, or a model of how another
// product routes. It owns the scenario's document, the random numbers, the engine of discrete events and the figures that
// come of a run; it decides nothing about calls, reads no clock and knows neither SIP nor audio. The same scenario and seed
// give the same orders, always, and settings that are compared meet the same callers and the same agents.
package sim
