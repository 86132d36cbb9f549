// Package center owns the people (who they are, what they may be, their
// passwords and their devices' secrets) and the center's document: one YAML
// text that says who works here, which number leads to which flow, who serves
// which queue and who the customers are. It checks that document, says what
// would change, applies it in one transaction over the tables of all rooms, and
// writes it back. What flows and customers are it leaves to the rooms that own
// them; it makes no calls and knows no states of agents.
package center
