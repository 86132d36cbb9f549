package floor

import (
	"time"

	"threering/acd/journal"
	"threering/sip/trunk"
)

// TrunkNews notes what the trunks tell: how they do, and which calls they did not let out or ended. It fits trunk.Config.
func (f *Floor) TrunkNews(n trunk.News) {
	kind := map[trunk.NewsKind]journal.Kind{
		trunk.Changed: journal.TrunkState, trunk.Refused: journal.OutRefused, trunk.Cut: journal.OutCut,
	}[n.Kind]
	details := journal.Details{Trunk: n.Trunk, State: string(n.State), Agent: n.Agent, Number: n.Number, Why: n.Why}
	e := journal.Entry{Call: n.Call, At: time.Now().UTC(), Kind: kind, Details: details}
	f.cfg.Journal.Append(e)
	f.publish(Event{Type: string(kind), Data: CallNews{Call: n.Call, Entry: e}})
}
