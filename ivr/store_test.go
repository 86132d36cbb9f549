package ivr

import (
	"database/sql"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/store"
	"threering/store/storetest"
)

func openStore(t *testing.T) *store.DB {
	db := storetest.Open(t)
	require.NoError(t, Migrate(t.Context(), db))
	require.NoError(t, Migrate(t.Context(), db), "again")
	return db
}

func apply(t *testing.T, db *store.DB, p Part) {
	t.Helper()
	require.NoError(t, db.Tx(t.Context(), func(tx *sql.Tx) error { return Apply(t.Context(), tx, p) }))
}

func export(t *testing.T, db *store.DB) Part {
	t.Helper()
	p, err := Export(t.Context(), db)
	require.NoError(t, err)
	return p
}

func TestWhatIsAppliedIsExported(t *testing.T) {
	db := openStore(t)
	require.Equal(t, Part{}, export(t, db))

	p := demo(t)
	p.Numbers = append(p.Numbers, Number{Number: "+861088886666", Flow: "main"}, Number{Number: "100", Flow: "night"})
	p.Flows["night"] = Flow{Start: "a", Announce: &Announce{}, Steps: map[string]Step{
		"a": {Queue: "operator", MaxWait: 90 * time.Second, Next: "b", Otherwise: "b"},
		"b": {Hangup: "no: \"#1\"\n晚安"},
	}}
	apply(t, db, p)
	require.Equal(t, p, export(t, db))
	apply(t, db, p)
	require.Equal(t, p, export(t, db), "again")

	apply(t, db, demo(t))
	require.Equal(t, demo(t), export(t, db), "what is not in the part is gone")
	apply(t, db, Part{})
	require.Equal(t, Part{}, export(t, db))
}

func TestExportKeepsVersions(t *testing.T) {
	db := openStore(t)
	apply(t, db, demo(t))
	require.Equal(t, demo(t).Flows["main"].Version(), export(t, db).Flows["main"].Version())

	changed := demo(t).Flows["main"]
	changed.Announce = &Announce{}
	require.NotEqual(t, demo(t).Flows["main"].Version(), changed.Version())
}

func TestAFailedApplyChangesNothing(t *testing.T) {
	db := openStore(t)
	apply(t, db, demo(t))
	err := db.Tx(t.Context(), func(tx *sql.Tx) error {
		return Apply(t.Context(), tx, Part{Numbers: []Number{{Number: "400", Flow: "missing"}}})
	})
	require.ErrorContains(t, err, "store number 400")
	require.Equal(t, demo(t), export(t, db))
}

func TestExportReadsTheTransactionThatHasWritten(t *testing.T) {
	db := openStore(t)
	require.NoError(t, db.Tx(t.Context(), func(tx *sql.Tx) error {
		if err := Apply(t.Context(), tx, demo(t)); err != nil {
			return err
		}
		p, err := Export(t.Context(), tx)
		require.Equal(t, demo(t), p)
		return err
	}))
}

func TestExportTellsOfATextThatCannotBeRead(t *testing.T) {
	db := openStore(t)
	apply(t, db, demo(t))
	_, err := db.ExecContext(t.Context(), "UPDATE ivr_flows SET text = 'steps: ['")
	require.NoError(t, err)
	_, err = Export(t.Context(), db)
	require.ErrorContains(t, err, "read flows: flow main")
}
