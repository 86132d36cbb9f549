package trunk

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// book is a ledger whose clock the test sets.
func bookAt(at *time.Time) *ledger { return newLedger(func() time.Time { return *at }) }

func TestAMinuteIsPaidBeforeItBegins(t *testing.T) {
	now := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	l, o := bookAt(&now), Out{Calls: 10, PerAgent: 10, Spend: 3 * unit}
	f, why := l.begin("t", o, "1001", unit)
	require.Empty(t, why)
	require.Equal(t, balance{0, 1, 1}, l.balance("t"), "unanswered, it has cost nothing")
	l.answer(f)
	require.True(t, l.minute(f, o.Spend))
	require.True(t, l.minute(f, o.Spend))
	require.False(t, l.minute(f, o.Spend), "a fourth cannot be paid")
	require.Equal(t, 3*unit, l.balance("t").spent)
	_, why = l.begin("t", o, "1001", unit)
	require.Equal(t, SpentUp, why)
	l.end(f)
	l.end(f)
	require.Equal(t, 0, l.balance("t").out)

	now = now.Add(12 * time.Hour)
	_, why = l.begin("t", o, "1001", unit)
	require.Empty(t, why, "another day")
}

func TestTheDayEndsAtTheCentersMidnight(t *testing.T) {
	now := time.Date(2026, 11, 2, 15, 59, 0, 0, time.UTC) // 23:59 in China
	l, o := bookAt(&now), Out{Calls: 1, Spend: unit}
	l.setZone(time.FixedZone("CST", 8*3600))
	f, _ := l.begin("t", o, "", unit)
	l.answer(f)
	now = now.Add(time.Minute)
	require.Equal(t, Money(0), l.balance("t").spent)
	require.True(t, l.minute(f, o.Spend), "the call goes on, paid by the new day")
	l.end(f)
}

func TestCallsAtOnce(t *testing.T) {
	now := time.Now()
	l, o := bookAt(&now), Out{Calls: 3, PerAgent: 2, Spend: 100 * unit}
	a, _ := l.begin("t", o, "1001", unit)
	_, why := l.begin("t", o, "1001", unit)
	require.Empty(t, why)
	_, why = l.begin("t", o, "1001", unit)
	require.Equal(t, TooMany, why, "of one agent")
	_, why = l.begin("t", o, "1002", unit)
	require.Empty(t, why)
	_, why = l.begin("t", o, "1003", unit)
	require.Equal(t, TooMany, why)
	l.end(a)
	_, why = l.begin("t", o, "1003", unit)
	require.Empty(t, why)
}

// TestNoCapIsEverPassed over random histories of calls, at any prices.
func TestNoCapIsEverPassed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
		l := bookAt(&now)
		o := Out{Calls: rapid.IntRange(1, 5).Draw(t, "calls"), PerAgent: 5, Spend: Money(rapid.IntRange(1, 50).Draw(t, "cap"))}
		var open []*fare
		var paid Money
		day := l.now().Day()
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			if now.Day() != day {
				day, paid = now.Day(), 0
			}
			switch rapid.IntRange(0, 4).Draw(t, "step") {
			case 0:
				if f, why := l.begin("t", o, "a", Money(rapid.IntRange(0, 20).Draw(t, "price"))); why == "" {
					open = append(open, f)
				}
			case 1:
				if len(open) > 0 && !open[0].answered {
					l.answer(open[0])
					paid += open[0].price
				}
			case 2:
				if len(open) > 0 && open[0].answered && l.minute(open[0], o.Spend) {
					paid += open[0].price
				}
			case 3:
				if len(open) > 0 {
					l.end(open[0])
					open = open[1:]
				}
			case 4:
				now = now.Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "hours")) * time.Hour)
				if now.Day() != day {
					day, paid = now.Day(), 0
				}
			}
			b := l.balance("t")
			require.LessOrEqual(t, b.spent, o.Spend)
			require.Equal(t, paid, b.spent)
			require.Equal(t, len(open), b.out)
			require.LessOrEqual(t, b.out, o.Calls)
		}
		for _, f := range open {
			l.end(f)
		}
		require.Equal(t, Money(0), l.today("t").reserved, "nothing stays put aside")
	})
}
