package trunk

import (
	"fmt"
	"slices"
	"strings"
)

// A permit is a trunk that a call may go out by, and how.
type permit struct {
	trunk  Trunk
	called string // user part of the URI that is called
	caller string // number shown, as the carrier wants it
	price  Money  // a minute
}

// strictness is how much a refusal tells: of several trunks' the one that came furthest is told.
var strictness = []Reason{NoTrunk, NotAllowed, NoPrice, Abroad, CostsExtra, NotOurs, TooMany, SpentUp}

// permits says by which trunks a call may go out, in the order of the list; where by none, why not. What counts from call to
// call (limits, money) is the ledger's to say, by the function limits.
func permits(trunks []Trunk, o Outgoing, read Reader, limits func(Trunk, Money) Reason) ([]permit, *Refusal) {
	n := read(o.Number)
	if n.Digits == "" || !digits(strings.TrimPrefix(n.Digits, "+")) || len(n.Digits) < 2 {
		return nil, &Refusal{BadNumber, fmt.Sprintf("%q is no number that can be called", o.Number)}
	}
	var list []permit
	why, by := NoTrunk, ""
	for _, t := range trunks {
		p, reason := t.permit(n, o, read)
		if reason == "" {
			reason = limits(t, p.price)
		}
		if reason == "" {
			list = append(list, p)
		} else if slices.Index(strictness, reason) > slices.Index(strictness, why) {
			why, by = reason, t.Name
		}
	}
	if len(list) == 0 {
		return nil, refusal(why, by, o, n)
	}
	return list, nil
}

// permit says whether a call may go out by the trunk, as far as the document says; "": it may.
func (t Trunk) permit(n Number, o Outgoing, read Reader) (permit, Reason) {
	out := t.Out
	if out == nil {
		return permit{}, NoTrunk
	}
	if !out.mayCall(o.Agent) {
		return permit{}, NotAllowed
	}
	price, priced := out.price(n)
	switch {
	case !priced || slices.ContainsFunc(out.Never, func(p string) bool { return strings.HasPrefix(n.Digits, p) }):
		return permit{}, NoPrice
	case !n.Home && !out.abroad(o.Agent):
		return permit{}, Abroad
	case n.Premium && !out.premium(o.Agent):
		return permit{}, CostsExtra
	}
	caller, owned := t.caller(o.CallerID, read)
	if !owned {
		return permit{}, NotOurs
	}
	return permit{t, out.called(n), caller.write(out.Format), price}, ""
}

// mayCall says whether an agent may call out; "" is the center itself, which calls back.
func (o Out) mayCall(agent string) bool {
	if agent == "" {
		return o.Callbacks
	}
	return o.Everybody || slices.Contains(o.Agents, agent)
}

// abroad says whether an agent may call another country. The center itself never may: the numbers that it calls back are
// whatever callers enter, or have their carrier say.
func (o Out) abroad(agent string) bool { return o.International && agent != "" }

// premium says whether an agent may call what costs extra; the center itself never may.
func (o Out) premium(agent string) bool { return o.Premium && agent != "" }

// refusal puts a reason into words.
func refusal(why Reason, trunk string, o Outgoing, n Number) *Refusal {
	text := map[Reason]string{
		NoTrunk:    "no trunk lets calls out",
		NotAllowed: fmt.Sprintf("%s may not call out", o.Agent),
		NoPrice:    fmt.Sprintf("%s is no destination of any trunk", n.Digits),
		Abroad:     fmt.Sprintf("%s is another country's number, and trunk %s does not allow those", n.Digits, trunk),
		CostsExtra: fmt.Sprintf("%s costs extra, and trunk %s does not allow that", n.Digits, trunk),
		NotOurs:    fmt.Sprintf("%s is none of the numbers of trunk %s", o.CallerID, trunk),
		TooMany:    fmt.Sprintf("as many calls as may be go out by trunk %s already", trunk),
		SpentUp:    fmt.Sprintf("the money that may be spent by trunk %s in a day is used up", trunk),
	}[why]
	return &Refusal{why, text}
}
