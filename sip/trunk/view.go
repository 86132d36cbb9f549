package trunk

import (
	"time"
)

// View is a trunk as others see it.
type View struct {
	Name       string       `json:"name"`
	State      State        `json:"state" enum:"unknown,up,down"`
	Why        string       `json:"why,omitempty" doc:"Why it is down."`
	Since      time.Time    `json:"since"`
	Registers  bool         `json:"registers" doc:"It has to be registered with the carrier."`
	Registered *time.Time   `json:"registered,omitempty" doc:"Until when it is; absent: it is not."`
	Servers    []ServerView `json:"servers"`
	Numbers    []string     `json:"numbers" doc:"That are ours, as the document has them."`
	In         int          `json:"in" doc:"Calls under way that came in."`
	Out        int          `json:"out" doc:"Calls under way that went out."`
	OutMost    int          `json:"out_most" doc:"That may be at once; 0: nothing goes out."`
	OutToday   int64        `json:"out_today" doc:"Calls that went out today."`
	Spent      float64      `json:"spent" doc:"Today, in the carrier's currency."`
	Spend      float64      `json:"spend" doc:"What may be spent in a day."`
}

// ServerView is one server of a trunk.
type ServerView struct {
	Server  string `json:"server" doc:"Of the document."`
	Address string `json:"address" doc:"That its name was found to stand for."`
	State   State  `json:"state" enum:"unknown,up,down"`
	Why     string `json:"why,omitempty"`
}

// List is the trunks in the order of the document.
func (t *Trunks) List() []View {
	list := []View{}
	for _, l := range t.all() {
		v := l.view()
		balance := t.ledger.balance(l.trunk.Name)
		v.Out, v.OutToday, v.Spent = balance.out, balance.calls, balance.spent.Float()
		if o := l.trunk.Out; o != nil {
			v.OutMost, v.Spend = o.Calls, o.Spend.Float()
		}
		t.mu.RLock()
		v.In = t.in[l.trunk.Name]
		t.mu.RUnlock()
		list = append(list, v)
	}
	return list
}

func (l *line) view() View {
	l.mu.Lock()
	defer l.mu.Unlock()
	v := View{
		Name: l.trunk.Name, State: l.state, Why: l.why, Since: l.since.UTC(), Registers: l.trunk.Register != nil,
		Servers: []ServerView{}, Numbers: append([]string{}, l.trunk.Numbers...),
	}
	if !l.account.until.IsZero() {
		until := l.account.until.UTC()
		v.Registered = &until
	}
	for _, t := range l.targets {
		s := ServerView{Server: t.server.String(), Address: t.addr.String(), State: Unknown}
		if h, known := l.health[t.addr]; known && h.state != "" {
			s.State, s.Why = h.state, h.why
		}
		v.Servers = append(v.Servers, s)
	}
	return v
}
