package crm

import (
	"cmp"
	"context"
	"embed"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"threering/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// pastCalls is how many earlier calls a pop shows.
const pastCalls = 10

// History remembers earlier calls.
type History interface {
	// History is the latest calls with a number, newest first, at most limit.
	// The number is as [Number] keeps it: +8613800138000, 95588, 1001.
	History(ctx context.Context, number string, limit int) ([]PastCall, error)
}

// PastCall is an earlier call as a pop shows it.
type PastCall struct {
	ID          string    `json:"id"`
	At          time.Time `json:"at"` // when it came in
	Queue       string    `json:"queue,omitempty"`
	Agent       string    `json:"agent,omitempty"` // id; empty where nobody answered
	Outcome     string    `json:"outcome,omitempty"`
	Disposition string    `json:"disposition,omitempty"`
	Notes       string    `json:"notes,omitempty"`
	Seconds     int       `json:"seconds"` // of talk
}

// Config is what a CRM is made of.
type Config struct {
	History History      // nil: no earlier calls are known
	Log     *slog.Logger // nil: silence
}

// CRM answers who is calling. It is safe for use by several goroutines.
type CRM struct {
	db      *store.DB
	history History
	log     *slog.Logger
	country atomic.Value // string: of numbers written without one
}

// Migrate brings the room's tables up to date.
func Migrate(ctx context.Context, db *store.DB) error {
	return db.Migrate(ctx, "crm", migrations)
}

// Open brings the room's tables up to date and gives the CRM over them.
func Open(ctx context.Context, db *store.DB, config Config) (*CRM, error) {
	if err := Migrate(ctx, db); err != nil {
		return nil, err
	}
	c := &CRM{
		db:      db,
		history: config.History,
		log:     cmp.Or(config.Log, slog.New(slog.DiscardHandler)),
	}
	return c, c.Reload(ctx)
}

// Reload reads what is kept in memory of the center's document: to be called
// when another one has been applied.
func (c *CRM) Reload(ctx context.Context) error {
	country, err := readCountry(ctx, c.db)
	if err == nil {
		c.country.Store(country)
	}
	return err
}

// Country is where numbers that are written without one belong.
func (c *CRM) Country() string { return c.country.Load().(string) }

// SetHistory gives the earlier calls, where they could not be given to Open;
// before the first Pop.
func (c *CRM) SetHistory(h History) { c.history = h }

// Find is the customers with that number, written in any way, in the order of
// the center's document; none for an anonymous caller.
func (c *CRM) Find(ctx context.Context, number string) ([]Customer, error) {
	return c.find(ctx, c.Number(number))
}

func (c *CRM) find(ctx context.Context, n Number) ([]Customer, error) {
	if n.Kind == KindAnonymous {
		return nil, nil
	}
	return readCustomers(ctx, c.db, c.Country(),
		"WHERE id IN (SELECT customer FROM crm_numbers WHERE digits = $1) ORDER BY position", n.Digits)
}

// mostNamed is how many numbers NumbersOf gives at most.
const mostNamed = 200

// NumbersOf is the numbers of the customers in whose name the text occurs, as
// they are filed.
func (c *CRM) NumbersOf(ctx context.Context, name string) ([]string, error) {
	pattern := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(name)) + "%"
	numbers, err := store.Query(ctx, c.db, store.Text, `SELECT DISTINCT digits FROM crm_numbers
		WHERE customer IN (SELECT id FROM crm_customers WHERE lower(name) LIKE $1 ESCAPE '\')
		ORDER BY digits LIMIT $2`, pattern, mostNamed)
	if err != nil {
		return nil, fmt.Errorf("read the numbers of %q: %w", name, err)
	}
	return numbers, nil
}

// Number reads a number as one of the center's country.
func (c *CRM) Number(raw string) Number { return ParseNumber(raw, c.Country()) }

// Pop is what an agent sees of a caller before answering.
type Pop struct {
	Number   Number     `json:"number"`
	Display  string     `json:"display"`            // the number as people write it
	Customer *Customer  `json:"customer,omitempty"` // nil: nobody known
	Others   []Customer `json:"others,omitempty"`   // further customers with the same number
	Orders   []Order    `json:"orders"`             // the customer's, newest first
	Matters  []Matter   `json:"matters"`            // the customer's: open, pending, closed; each newest first
	Calls    []PastCall `json:"calls"`              // earlier calls with the number, newest first
}

// Pop looks the number up. Half a pop is more use to an agent than none: where
// the customers cannot be read the error is returned beside all the rest, and
// where the earlier calls cannot be, that is logged.
func (c *CRM) Pop(ctx context.Context, number string) (Pop, error) {
	n := c.Number(number)
	p := Pop{Number: n, Display: n.In(c.Country()), Orders: []Order{}, Matters: []Matter{}, Calls: []PastCall{}}
	customers, unread := c.find(ctx, n)
	if len(customers) > 0 {
		p.show(customers)
	}
	if c.history != nil && n.Kind != KindAnonymous {
		calls, err := c.history.History(ctx, n.Digits, pastCalls)
		if err != nil {
			c.log.ErrorContext(ctx, "earlier calls are missing in a pop", "error", err)
		}
		p.Calls = append(p.Calls, calls...)
	}
	return p, unread
}

func (p *Pop) show(customers []Customer) {
	p.Customer, p.Others = &customers[0], customers[1:]
	p.Orders = append(p.Orders, p.Customer.Orders...)
	slices.SortStableFunc(p.Orders, func(a, b Order) int { return b.OrderedAt.Compare(a.OrderedAt) })

	p.Matters = append(p.Matters, p.Customer.Matters...)
	states := []string{MatterOpen, MatterPending, MatterClosed}
	slices.SortStableFunc(p.Matters, func(a, b Matter) int {
		return cmp.Or(
			cmp.Compare(slices.Index(states, a.State), slices.Index(states, b.State)),
			b.OpenedAt.Compare(a.OpenedAt))
	})
}
