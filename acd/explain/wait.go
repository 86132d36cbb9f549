package explain

import (
	"strconv"
	"strings"
	"time"

	"threering/acd/journal"
)

// told says what a waiting caller was told.
func (t *teller) told(e journal.Entry) string {
	values := values{"position": strconv.Itoa(e.Position), "under": t.words.length(time.Duration(e.UnderMs) * time.Millisecond)}
	var said []string
	switch {
	case e.UnderMs == 0 && e.Position == 0:
	case e.UnderMs == 0:
		said = append(said, t.words.say("told.place", values))
	case e.Position == 0:
		said = append(said, t.words.say("told.under", values))
	default:
		said = append(said, t.words.say("told.both", values))
	}
	if e.Offered {
		said = append(said, t.words.say("told.callback", nil))
	}
	return strings.Join(said, t.words.between)
}

// calledBack says what becomes of a callback.
func (t *teller) calledBack(e journal.Entry) string {
	values := values{"number": e.Number, "try": strconv.Itoa(e.Try), "agent": t.names.agent(e.Agent)}
	switch e.Kind {
	case journal.CallbackBooked:
		return t.words.say("callback.booked", values)
	case journal.CallbackTried:
		return t.words.say("callback.tried", values)
	}
	values["why"] = t.words.sayOr("callback.failed."+e.Why, "left.other", map[string]string{"why": e.Why, "agent": values["agent"]})
	return t.words.say("callback.failed", values)
}
