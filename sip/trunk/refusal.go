package trunk

import "threering/sip"

// Outgoing is a call that somebody wants to make.
type Outgoing struct {
	Agent    string // who: the id of a person
	Number   string // whom: as a person writes it
	Call     string // the call's id in the journal
	CallerID string // the number to be shown; "": the trunk's own choice
}

// Reason is a word for why a call does not go out.
type Reason string

// The reasons.
const (
	NoTrunk    Reason = "no_trunk"      // there is no trunk that lets calls out
	NotAllowed Reason = "not_allowed"   // the agent may use none of them
	BadNumber  Reason = "number"        // that is no number that could be called
	NoPrice    Reason = "destination"   // no trunk has a price for it, so none goes there
	Abroad     Reason = "international" // it is another country's, and those are not allowed
	CostsExtra Reason = "premium"       // it costs extra, and those are not allowed
	NotOurs    Reason = "caller_id"     // the number to be shown is none of the trunk's own
	TooMany    Reason = "calls"         // as many calls as may be are under way
	SpentUp    Reason = "spend"         // the day's money is spent
	Stopped    Reason = "stopped"       // the server is shutting down
)

// A Refusal is the error of a call that was not let out. Nothing was sent.
type Refusal struct {
	Reason Reason
	Text   string // for people
}

func (r *Refusal) Error() string { return r.Text }

// Is says that every refusal is a call that may not go out.
func (r *Refusal) Is(target error) bool { return target == sip.ErrNotAllowed }

// Passes says whether the same call may go out at another time.
func (r *Refusal) Passes() bool {
	return r.Reason == TooMany || r.Reason == SpentUp || r.Reason == Stopped
}
