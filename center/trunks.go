package center

import (
	"context"
	"strings"

	"threering/crm"
	"threering/sip/trunk"
)

// NumberReader reads numbers for the trunks of a center in that country.
func NumberReader(country string) trunk.Reader {
	return func(raw string) trunk.Number {
		n := crm.ParseNumber(raw, country)
		// What is no public number may be one of the city's, without its code; but nothing that would lead abroad unseen.
		if n.Kind == crm.KindAnonymous || n.Kind == crm.KindExtension && (strings.ContainsFunc(n.Digits, notDigit) || strings.HasPrefix(n.Digits, "00")) {
			return trunk.Number{}
		}
		return trunk.Number{Digits: n.Digits, National: n.Dialled(country), Home: n.Home(country), Premium: n.Premium(country)}
	}
}

func notDigit(r rune) bool { return r < '0' || r > '9' }

// callers are the ids of the people who take calls, and may be let out.
func callers(people []Person) []string {
	var ids []string
	for _, p := range people {
		if p.Role.takesCalls() {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// Trunks is the trunks of the document as it is now.
func (c *Center) Trunks(ctx context.Context) (trunk.Part, error) {
	return trunk.Export(ctx, c.db)
}
