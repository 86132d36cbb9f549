package recording

import (
	"encoding/json"
	"slices"
	"time"
)

// Presence is somebody who could be heard, or could hear, in a recorded talk beside the caller and the agent.
type Presence struct {
	Person string        `json:"person"` // id, or the number of somebody outside
	Role   string        `json:"role"`   // guest; or of a supervisor: listen, whisper, barge
	From   time.Duration `json:"from_ns"`
	To     time.Duration `json:"to_ns"` // from the beginning of the recording
}

// Present notes that somebody has come (there), or gone. Who is still there at the end was there to the end.
func (c *Capture) Present(who Presence, there bool, at time.Time) {
	c.presence.Lock()
	defer c.presence.Unlock()
	since := max(at.Sub(c.origin), 0)
	if there {
		who.From, who.To = since, -1
		c.present = append(c.present, who)
		return
	}
	i := slices.IndexFunc(c.present, func(p Presence) bool { return p.Person == who.Person && p.Role == who.Role && p.To < 0 })
	if i >= 0 {
		c.present[i].To = since
	}
}

// presentTo gives who was there, up to the end.
func (c *Capture) presentTo(end time.Duration) []Presence {
	c.presence.Lock()
	defer c.presence.Unlock()
	list := slices.Clone(c.present)
	for i := range list {
		if list[i].To < 0 {
			list[i].To = end
		}
	}
	return list
}

// presenceText and readPresence are how a row keeps who was there.
func presenceText(list []Presence) string {
	if len(list) == 0 {
		return ""
	}
	text, _ := json.Marshal(list) // of strings and numbers, which cannot fail
	return string(text)
}

func readPresence(text string) (list []Presence, err error) {
	if text != "" {
		err = json.Unmarshal([]byte(text), &list)
	}
	return list, err
}
