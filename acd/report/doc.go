// Package report counts what the journal tells, and has the one place of each formula. Live keeps today's counts of the
// queues: it reads them from the journal when it begins and follows the journal from then on. It stores nothing and decides
// nothing.
package report
