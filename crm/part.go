package crm

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"threering/config"
	"threering/store"
)

// Part is the room's part of the center's document.
type Part struct {
	Country   string     `yaml:"-"` // of numbers written without one; empty for [DefaultCountry]
	Customers []Customer `yaml:"customers,omitempty"`
}

// Normal is the part with every number written as [Number] writes it and times
// in UTC milliseconds: two parts that say the same are then equal, and equal to
// what [Export] gives after [Apply].
func (p Part) Normal() Part {
	customers := slices.Clone(p.Customers)
	for i := range customers {
		c := &customers[i]
		c.Numbers = slices.Clone(c.Numbers)
		for j, raw := range c.Numbers {
			c.Numbers[j] = ParseNumber(raw, p.Country).In(p.Country)
		}
		c.Orders = slices.Clone(c.Orders)
		for j := range c.Orders {
			c.Orders[j].OrderedAt = normalTime(c.Orders[j].OrderedAt)
		}
		c.Matters = slices.Clone(c.Matters)
		for j := range c.Matters {
			c.Matters[j].OpenedAt = normalTime(c.Matters[j].OpenedAt)
		}
	}
	p.Customers = customers
	return p
}

func normalTime(t time.Time) time.Time { return store.Time(store.Millis(t)) }

var language = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// Check says what is wrong with the part. The lines are those of the document,
// and prefix is where in it the part stands ("" for its top).
func Check(p Part, lines *config.Lines, prefix string) config.Problems {
	if prefix != "" {
		prefix += "."
	}
	c := partCheck{lines: lines, country: p.Country, used: map[string]string{}}
	for i, customer := range p.Customers {
		c.customer(fmt.Sprintf("%scustomers.%d", prefix, i), customer)
	}
	return c.problems
}

type partCheck struct {
	lines    *config.Lines
	country  string
	used     map[string]string // where an id stands first, by its kind and itself
	problems config.Problems
}

func (c *partCheck) wrong(path, found, allowed string) {
	c.problems = append(c.problems, c.lines.Problem(path, found, allowed))
}

func (c *partCheck) customer(path string, customer Customer) {
	c.id("customer", path, customer.ID)
	c.text(path+".name", customer.Name)
	if customer.Language != "" && !language.MatchString(customer.Language) {
		c.wrong(path+".language", strconv.Quote(customer.Language), "a language code such as zh or en")
	}
	c.numbers(path, customer.Numbers)
	for i, o := range customer.Orders {
		at := fmt.Sprintf("%s.orders.%d", path, i)
		c.id("order", at, o.ID)
		c.text(at+".title", o.Title)
		c.text(at+".state", o.State)
		c.moment(at+".ordered_at", o.OrderedAt)
	}
	for i, m := range customer.Matters {
		c.matter(fmt.Sprintf("%s.matters.%d", path, i), m)
	}
}

// numbers expects a country that exists; whoever took it in says where it does
// not.
func (c *partCheck) numbers(path string, raws []string) {
	seen := map[Number]bool{}
	for i, raw := range raws {
		n, at := ParseNumber(raw, c.country), fmt.Sprintf("%s.numbers.%d", path, i)
		switch {
		case n.Kind == KindAnonymous, n.Kind == KindExtension && !isDigits(n.Digits):
			c.wrong(at, strconv.Quote(raw), "a phone number such as 138 0013 8000, 010-6655 7788 or +44 20 7946 0000")
		case seen[n]:
			c.wrong(at, strconv.Quote(raw), "each number once")
		}
		seen[n] = true
	}
}

func (c *partCheck) matter(path string, m Matter) {
	c.id("matter", path, m.ID)
	c.text(path+".title", m.Title)
	c.moment(path+".opened_at", m.OpenedAt)
	if states := []string{MatterOpen, MatterPending, MatterClosed}; !slices.Contains(states, m.State) {
		c.wrong(path+".state", quoted(m.State), config.OneOf(states...))
	}
}

func (c *partCheck) id(kind, path, id string) {
	if id == "" {
		c.wrong(path+".id", "", "an id that no other "+kind+" has")
		return
	}
	if first, used := c.used[kind+" "+id]; used {
		c.wrong(path+".id", strconv.Quote(id), "an id that no other "+kind+" has; "+first+" has this one")
		return
	}
	c.used[kind+" "+id] = path
}

func (c *partCheck) text(path, text string) {
	if text == "" {
		c.wrong(path, "", "a text")
	}
}

func (c *partCheck) moment(path string, t time.Time) {
	if store.Millis(t) == 0 {
		c.wrong(path, "", "a date or time such as 2026-11-02")
	}
}

func quoted(text string) string {
	if text == "" {
		return ""
	}
	return strconv.Quote(text)
}

// isDigits: an extension has digits alone.
func isDigits(text string) bool {
	return !slices.ContainsFunc([]byte(text), func(b byte) bool { return b < '0' || b > '9' })
}

// Apply writes the part, which has passed [Check], in the place of what was
// there.
func Apply(ctx context.Context, tx *sql.Tx, p Part) error {
	p.Country = cmp.Or(p.Country, DefaultCountry)
	w := store.NewWriter(ctx, tx)
	w.Exec("DELETE FROM crm_matters")
	w.Exec("DELETE FROM crm_orders")
	w.Exec("DELETE FROM crm_numbers")
	w.Exec("DELETE FROM crm_customers")
	w.Exec("INSERT INTO crm_settings (name, value) VALUES ('country', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value", p.Country)
	for i, c := range p.Customers {
		writeCustomer(w, i, c, p.Country)
	}
	if err := w.Err(); err != nil {
		return fmt.Errorf("write customers: %w", err)
	}
	return nil
}

func writeCustomer(w *store.Writer, position int, c Customer, country string) {
	w.Exec("INSERT INTO crm_customers (id, position, name, company, vip, language, notes) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		c.ID, position, c.Name, c.Company, store.Flag(c.VIP), c.Language, c.Notes)
	for i, raw := range c.Numbers {
		n := ParseNumber(raw, country)
		w.Exec("INSERT INTO crm_numbers (customer, position, kind, digits) VALUES ($1, $2, $3, $4)", c.ID, i, n.Kind, n.Digits)
	}
	for i, o := range c.Orders {
		w.Exec("INSERT INTO crm_orders (id, customer, position, title, state, amount, ordered_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
			o.ID, c.ID, i, o.Title, o.State, o.Amount, store.Millis(o.OrderedAt))
	}
	for i, m := range c.Matters {
		w.Exec("INSERT INTO crm_matters (id, customer, position, title, state, opened_at) VALUES ($1, $2, $3, $4, $5, $6)",
			m.ID, c.ID, i, m.Title, m.State, store.Millis(m.OpenedAt))
	}
}
