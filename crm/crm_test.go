package crm

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"

	"threering/config"
	"threering/store"
	"threering/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const document = `customers:
  - id: c1
    name: 张伟
    company: 华北贸易
    vip: true
    language: zh
    notes: 喜欢下午接电话
    numbers: [13800000001, 010-5550 0101]
    orders:
      - {id: A-1, title: 打印机, state: shipped, amount: ¥1299.00, ordered_at: 2026-10-08}
      - {id: A-2, title: 墨盒, state: paid, ordered_at: 2026-11-02T09:30:00+08:00}
    matters:
      - {id: M-1, title: 退款, state: closed, opened_at: 2026-11-03}
      - {id: M-2, title: 换货, state: open, opened_at: 2026-10-01}
  - id: c2
    name: Anna Smith
    numbers: [+442079460000, "013800000001"]
`

func decode(t testing.TB, text string) (Part, *config.Lines) {
	t.Helper()
	var p Part
	lines, err := config.DecodeYAML("center.yaml", []byte(text), &p)
	require.NoError(t, err)
	return p, lines
}

func open(t *testing.T, history History) (*CRM, *store.DB) {
	t.Helper()
	db := storetest.Open(t)
	c, err := Open(t.Context(), db, Config{History: history})
	require.NoError(t, err)
	return c, db
}

func apply(t testing.TB, db *store.DB, p Part) {
	t.Helper()
	require.NoError(t, db.Tx(t.Context(), func(tx *sql.Tx) error { return Apply(t.Context(), tx, p) }))
}

func opened(t *testing.T, history History) *CRM {
	t.Helper()
	c, db := open(t, history)
	p, lines := decode(t, document)
	require.Empty(t, Check(p, lines, ""))
	apply(t, db, p)
	return c
}

// calls is a history that was asked for a number.
type calls struct {
	asked string
	err   error
}

func (c *calls) History(_ context.Context, number string, limit int) ([]PastCall, error) {
	c.asked = number
	if c.err != nil {
		return nil, c.err
	}
	return []PastCall{{ID: "call-1", Queue: "sales", Disposition: "resolved"}}, nil
}

func TestPopShowsWhoIsCalling(t *testing.T) {
	history := &calls{}
	pop, err := opened(t, history).Pop(t.Context(), "8613800000001")
	require.NoError(t, err)
	require.Equal(t, Number{KindE164, "+8613800000001"}, pop.Number)
	require.Equal(t, "138 0000 0001", pop.Display)
	require.Equal(t, "张伟", pop.Customer.Name)
	require.Equal(t, []string{"138 0000 0001", "010-5550 0101"}, pop.Customer.Numbers)
	require.Len(t, pop.Others, 1)
	require.Equal(t, "Anna Smith", pop.Others[0].Name)
	require.Equal(t, []string{"A-2", "A-1"}, []string{pop.Orders[0].ID, pop.Orders[1].ID}, "newest first")
	require.Equal(t, []string{"M-2", "M-1"}, []string{pop.Matters[0].ID, pop.Matters[1].ID}, "open first")
	require.Equal(t, "+8613800000001", history.asked)
	require.Equal(t, "call-1", pop.Calls[0].ID)
	require.Equal(t, time.Date(2026, 11, 2, 1, 30, 0, 0, time.UTC), pop.Orders[0].OrderedAt)
}

func TestPopOfAStranger(t *testing.T) {
	pop, err := opened(t, &calls{}).Pop(t.Context(), "13900000000")
	require.NoError(t, err)
	require.Nil(t, pop.Customer)
	require.Len(t, pop.Calls, 1, "strangers have called before")

	text, err := json.Marshal(pop)
	require.NoError(t, err)
	require.Contains(t, string(text), `"display":"139 0000 0000","orders":[],"matters":[],"calls":[{"id":"call-1"`)
}

func TestPopOfAnAnonymousCallerAsksNobody(t *testing.T) {
	history := &calls{}
	pop, err := opened(t, history).Pop(t.Context(), "anonymous")
	require.NoError(t, err)
	require.Nil(t, pop.Customer)
	require.Empty(t, history.asked)
	require.Empty(t, pop.Calls)
}

func TestPopWithoutHistoryIsStillUseful(t *testing.T) {
	c := opened(t, nil)
	for _, history := range []History{nil, &calls{err: errors.New("journal is gone")}} {
		c.SetHistory(history)
		pop, err := c.Pop(t.Context(), "13800000001")
		require.NoError(t, err)
		require.Equal(t, "张伟", pop.Customer.Name)
		require.Empty(t, pop.Calls)
	}
}

func TestPopWithoutCustomersHasTheRest(t *testing.T) {
	c := opened(t, &calls{})
	_, err := c.db.ExecContext(t.Context(), "DROP TABLE crm_matters")
	require.NoError(t, err)
	pop, err := c.Pop(t.Context(), "13800000001")
	require.Error(t, err)
	require.Equal(t, "138 0000 0001", pop.Display)
	require.Len(t, pop.Calls, 1)
}

func TestNumbersOfAName(t *testing.T) {
	c := opened(t, nil)
	for name, want := range map[string][]string{
		"smith": {"+442079460000", "+8613800000001"}, "伟": {"+861055500101", "+8613800000001"}, "a%h": nil, "_": nil, `\`: nil,
	} {
		numbers, err := c.NumbersOf(t.Context(), name)
		require.NoError(t, err)
		require.ElementsMatch(t, want, numbers, name)
	}
}

func TestFindTakesAnyWayOfWriting(t *testing.T) {
	c := opened(t, nil)
	for raw, want := range map[string]int{"+86 138 0000 0001": 2, "01055500101": 1, "+442079460000": 1, "02079460000": 0, "": 0} {
		found, err := c.Find(t.Context(), raw)
		require.NoError(t, err)
		require.Len(t, found, want, raw)
	}
}

func TestNumbersAreThoseOfTheCentersCountry(t *testing.T) {
	c, db := open(t, nil)
	apply(t, db, Part{Country: "GB", Customers: []Customer{{ID: "1", Name: "Anna", Numbers: []string{"020 7946 0000"}}}})
	require.NoError(t, c.Reload(t.Context()))
	found, err := c.Find(t.Context(), "02079460000")
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, []string{"+44 20 7946 0000"}, found[0].Numbers)
}

func TestCheckNamesEachFault(t *testing.T) {
	p, lines := decode(t, `customers:
  - id: c1
    numbers:
      - anonymous
      - 13800000001
      - "013800000001"
      - call me
    language: Chinese
  - id: c1
    name: B
    orders:
      - {id: o, title: t, state: s, ordered_at: 2026-01-01}
      - {id: o, title: t, ordered_at: 2026-01-01}
    matters:
      - {id: m, title: t, state: new}
  - {name: C}
`)
	const number = "a phone number such as 138 0013 8000, 010-6655 7788 or +44 20 7946 0000"
	require.EqualError(t, Check(p, lines, "").Err(), `center.yaml:2: customers.0.name: found nothing; allowed: a text
center.yaml:4: customers.0.numbers.0: found "anonymous"; allowed: `+number+`
center.yaml:6: customers.0.numbers.2: found "013800000001"; allowed: each number once
center.yaml:7: customers.0.numbers.3: found "call me"; allowed: `+number+`
center.yaml:8: customers.0.language: found "Chinese"; allowed: a language code such as zh or en
center.yaml:9: customers.1.id: found "c1"; allowed: an id that no other customer has; customers.0 has this one
center.yaml:13: customers.1.orders.1.id: found "o"; allowed: an id that no other order has; customers.1.orders.0 has this one
center.yaml:13: customers.1.orders.1.state: found nothing; allowed: a text
center.yaml:15: customers.1.matters.0.opened_at: found nothing; allowed: a date or time such as 2026-11-02
center.yaml:15: customers.1.matters.0.state: found "new"; allowed: open, pending, closed
center.yaml:16: customers.2.id: found nothing; allowed: an id that no other customer has`)
}

// parts are parts that pass Check.
func parts() *rapid.Generator[Part] {
	text := rapid.SampledFrom([]string{"", "张伟", "it's: a \"text\"", "- x", "#1\n2", "013"})
	some := rapid.SampledFrom([]string{"张伟", "it's: a \"text\"", "- x", "#1\n2", "013"})
	moment := rapid.Map(rapid.Int64Range(1, 4e12), store.Time)
	return rapid.Custom(func(t *rapid.T) Part {
		p := Part{Country: rapid.SampledFrom([]string{"CN", "US"}).Draw(t, "country")}
		for i := range rapid.IntRange(0, 4).Draw(t, "customers") {
			c := Customer{
				ID: fmt.Sprint("c", i), Name: some.Draw(t, "name"), Company: text.Draw(t, "company"),
				VIP: rapid.Bool().Draw(t, "vip"), Notes: text.Draw(t, "notes"),
				Language: rapid.SampledFrom([]string{"", "zh", "en-GB"}).Draw(t, "language"),
			}
			c.Numbers = rapid.SliceOfNDistinct(numbers().Filter(func(raw string) bool {
				n := ParseNumber(raw, p.Country)
				return n.Kind == KindE164 || n.Kind == KindShort
			}), 0, 3, func(raw string) Number { return ParseNumber(raw, p.Country) }).Draw(t, "numbers")
			for j := range rapid.IntRange(0, 2).Draw(t, "belongings") {
				id := fmt.Sprint(i, "-", j)
				c.Orders = append(c.Orders, Order{id, some.Draw(t, "title"), some.Draw(t, "state"), text.Draw(t, "amount"), moment.Draw(t, "at")})
				c.Matters = append(c.Matters, Matter{id, some.Draw(t, "title"), MatterPending, moment.Draw(t, "at")})
			}
			p.Customers = append(p.Customers, c)
		}
		return p
	})
}

func TestExportGivesWhatWasApplied(t *testing.T) {
	_, db := open(t, nil)
	rapid.Check(t, func(rt *rapid.T) {
		p := parts().Draw(rt, "part")
		require.Empty(rt, Check(p, nil, ""))
		apply(t, db, p)
		back, err := Export(t.Context(), db)
		require.NoError(rt, err)
		want, got := asYAML(rt, p.Normal()), asYAML(rt, back)
		require.Equal(rt, want, got)
		require.Equal(rt, p.Country, back.Country)
		require.Equal(rt, got, asYAML(rt, back.Normal()))
	})
}

func asYAML(t *rapid.T, p Part) string {
	text, err := yaml.Marshal(p)
	require.NoError(t, err)
	return string(text)
}
