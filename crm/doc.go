// Package crm owns the customers: who they are, their numbers, orders and open
// matters, and the pop, which is what an agent sees of a caller before
// answering. It also owns how phone numbers are read and written. Earlier calls
// are not its own: it says what [History] it needs and is given it.
package crm
