package sip

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// center is what we are called in a ladder.
const ourselves = "threering"

// ladderOf makes a ladder of the rolls of a call: who called first stands left, then we, then all others.
func ladderOf(rolls []roll) Ladder {
	slices.SortStableFunc(rolls, func(a, b roll) int {
		if a.asks != b.asks && a.began.Equal(b.began) {
			return cmp.Compare(0, 1)
		}
		return a.began.Compare(b.began)
	})
	l := Ladder{Participants: []Participant{}, Messages: []Message{}}
	us := 0
	if len(rolls) > 0 && rolls[0].asks {
		us = 1
	}
	for i, r := range rolls {
		if i == us {
			l.Participants = append(l.Participants, Participant{Name: ourselves})
		}
		at := len(l.Participants)
		p := Participant{Name: r.who, Leg: r.leg}
		if len(r.rungs) > 0 {
			p.Address = r.rungs[0].Peer.String()
		}
		l.Participants = append(l.Participants, p)
		l.Messages = append(l.Messages, r.messages(at, us)...)
		l.Skipped += r.more
	}
	if len(rolls) == us {
		l.Participants = append(l.Participants, Participant{Name: ourselves})
	}
	slices.SortStableFunc(l.Messages, func(a, b Message) int { return a.At.Compare(b.At) })
	return l
}

// messages are the arrows of a leg between two columns.
func (r roll) messages(peer, us int) []Message {
	seen := make(map[string]bool)
	list := make([]Message, 0, len(r.rungs))
	for _, g := range r.rungs {
		m := Message{At: g.At, From: peer, To: us, Network: g.Network, Line: lineOf(g.Text), Text: g.Text}
		if g.Sent {
			m.From, m.To = us, peer
		}
		if key := fmt.Sprint(g.Sent, g.Peer, g.Text); seen[key] {
			m.Line += ", repeated"
		} else {
			seen[key] = true
		}
		list = append(list, m)
	}
	return list
}

// lineOf says a message in a word or two.
func lineOf(text string) string {
	line, _, _ := strings.Cut(text, "\r\n")
	if status, ok := strings.CutPrefix(line, "SIP/2.0 "); ok {
		line = status
	} else {
		line, _, _ = strings.Cut(line, " ")
	}
	if _, body, _ := strings.Cut(text, "\r\n\r\n"); strings.HasPrefix(body, "v=0") {
		line += " (SDP)"
	}
	return line
}

const (
	timeWidth   = 14
	columnWidth = 30
)

// Draw draws a ladder as text; whole has each message's text follow its arrow.
func (l Ladder) Draw(w io.Writer, whole bool) error {
	var b strings.Builder
	for _, what := range []func(Participant) string{
		func(p Participant) string { return p.Name }, func(p Participant) string { return p.Address },
	} {
		b.WriteString(strings.Repeat(" ", timeWidth))
		for _, p := range l.Participants {
			b.WriteString(centred(what(p), columnWidth))
		}
		b.WriteString("\n")
	}
	for _, m := range l.Messages {
		fmt.Fprintf(&b, "%-*s%s\n", timeWidth, m.At.Format("15:04:05.000"), l.arrow(m))
		if whole {
			for line := range strings.Lines(m.Text) {
				b.WriteString(strings.Repeat(" ", timeWidth) + "  " + strings.TrimRight(line, "\r\n") + "\n")
			}
		}
	}
	if l.Skipped > 0 {
		fmt.Fprintf(&b, "%d messages more, for which there was no room\n", l.Skipped)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// arrow is the row of a message: the participants' lines, and the arrow with its words between two of them.
func (l Ladder) arrow(m Message) string {
	row := []rune(strings.Repeat(" ", columnWidth*len(l.Participants)))
	middle := func(column int) int { return column*columnWidth + columnWidth/2 }
	for i := range l.Participants {
		row[middle(i)] = '│'
	}
	left, right := middle(min(m.From, m.To)), middle(max(m.From, m.To))
	for i := left + 1; i < right; i++ {
		row[i] = '─'
	}
	words := []rune(" " + m.Line + " ")
	words = words[:min(len(words), right-left-5)]
	copy(row[left+1+(right-left-1-len(words))/2:], words)
	if m.From < m.To {
		row[right-1] = '>'
	} else {
		row[left+1] = '<'
	}
	return strings.TrimRight(string(row), " ")
}

// centred is a text in the middle of so many columns, cut where it is longer.
func centred(text string, width int) string {
	if runes := []rune(text); len(runes) > width-2 {
		text = string(runes[:width-3]) + "…"
	}
	room := width - utf8.RuneCountInString(text)
	return strings.Repeat(" ", room/2) + text + strings.Repeat(" ", room-room/2)
}
