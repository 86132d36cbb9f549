package center

import (
	"context"
	"database/sql"
	"net/netip"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"threering/store"
	"threering/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T) *Center {
	t.Helper()
	c, err := Open(t.Context(), Config{DB: storetest.Open(t)})
	require.NoError(t, err)
	return c
}

// checked is a document that must pass.
func checked(t *testing.T, text string) Document {
	t.Helper()
	doc, err := Check("center.yaml", []byte(text))
	require.NoError(t, err)
	return doc
}

// applied is a center with the small document.
func applied(t *testing.T) *Center {
	t.Helper()
	c := open(t)
	_, err := c.Apply(t.Context(), checked(t, small))
	require.NoError(t, err)
	return c
}

const small = `trusted: [127.0.0.0/8, "::1"]
queues:
  - {name: sales, agents: [ann, bob], max_wait: 5m}
  - {name: english, skill: english, offer_timeout: 20s, announce: false, wrap_up: 0s}
people:
  - {id: ann, name: Ann, role: agent, skills: {english: 5}}
  - {id: bob, name: Bob, role: supervisor, device: "sip:bob@192.0.2.7:5060"}
  - {id: eve, name: Eve, role: admin}
customers:
  - {id: c1, name: Carl, numbers: [13800000001]}
`

func TestAnEmptyCenterIsTheDefaults(t *testing.T) {
	c := open(t)
	doc, err := c.Document(t.Context())
	require.NoError(t, err)
	require.Equal(t, Document{}.Normal(), doc)
	revision, err := c.Revision(t.Context())
	require.NoError(t, err)
	require.Zero(t, revision)
}

func TestApplySaysWhatItChanges(t *testing.T) {
	c := open(t)
	changes, err := c.Apply(t.Context(), checked(t, small))
	require.NoError(t, err)
	require.Equal(t, Changes{
		Lines: []string{
			"added trusted network 127.0.0.0/8", "added trusted network ::1/128",
			"added queue sales", "added queue english",
			"added person ann (Ann)", "added person bob (Bob)", "added person eve (Eve)",
			"added customer c1 (Carl)",
		},
		NewPeople: []string{"ann", "bob", "eve"},
		Revision:  1,
	}, changes)

	changes, err = c.Apply(t.Context(), checked(t, small))
	require.NoError(t, err)
	require.Equal(t, Changes{Revision: 1}, changes, "the same again")

	other := strings.NewReplacer(
		"agents: [ann, bob], max_wait: 5m", "title: Sales, agents: [bob]",
		"  - {id: eve, name: Eve, role: admin}\n", "  - {id: ida, name: Ida, role: qa}\n",
		`, "::1"`, "").Replace(small)
	preview, err := c.Preview(t.Context(), checked(t, other))
	require.NoError(t, err)
	require.Equal(t, Changes{
		Lines: []string{
			"changed queue sales (Sales): title, agents, max_wait",
			"added person ida (Ida)",
			"removed trusted network ::1/128",
			"removed person eve (Eve)",
		},
		NewPeople: []string{"ida"},
		Revision:  2,
	}, preview)
	revision, err := c.Revision(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 1, revision, "a preview changes nothing")

	changes, err = c.Apply(t.Context(), checked(t, other))
	require.NoError(t, err)
	require.Equal(t, preview, changes)

	swapped := checked(t, other)
	swapped.People[0], swapped.People[1] = swapped.People[1], swapped.People[0]
	changes, err = c.Apply(t.Context(), swapped)
	require.NoError(t, err)
	require.Equal(t, []string{"changed the order of the document"}, changes.Lines)
	people, err := c.People(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"bob", "ann", "ida"}, ids(people))
}

func TestApplyIsAllOrNothing(t *testing.T) {
	c := applied(t)
	before, err := c.Export(t.Context())
	require.NoError(t, err)

	broken := checked(t, strings.ReplaceAll(small, "Ann", "Anne"))
	broken.Queues[0].Agents = []string{"nobody"}
	_, err = c.Apply(t.Context(), broken)
	require.EqualError(t, err, `queues.0.agents.0: found "nobody"; allowed: ann, bob`)

	// The customers are written last; when they fail the people must be undone.
	_, err = c.db.ExecContext(t.Context(), "CREATE TRIGGER no BEFORE INSERT ON crm_customers BEGIN SELECT RAISE(ABORT, 'no'); END")
	require.NoError(t, err)
	_, err = c.Apply(t.Context(), checked(t, strings.ReplaceAll(small, "Ann", "Anne")))
	require.ErrorContains(t, err, "apply the center's document")

	after, err := c.Export(t.Context())
	require.NoError(t, err)
	require.Equal(t, string(before), string(after))
	revision, err := c.Revision(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 1, revision)
}

func TestApplyOnALockedDatabaseIsBusy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	db, err := store.Open(t.Context(), path)
	require.NoError(t, err)
	defer db.Close()
	c, err := Open(t.Context(), Config{DB: db})
	require.NoError(t, err)
	doc := checked(t, small)
	db.SetMaxOpenConns(1) // that one connection shall not wait its 5 s
	_, err = db.ExecContext(t.Context(), "PRAGMA busy_timeout = 20")
	require.NoError(t, err)

	other, err := store.Open(t.Context(), path)
	require.NoError(t, err)
	defer other.Close()
	require.NoError(t, other.Tx(t.Context(), func(*sql.Tx) error {
		_, err := c.Apply(t.Context(), doc)
		require.True(t, store.IsBusy(err), err)
		return nil
	}))
	_, err = c.Apply(t.Context(), doc)
	require.NoError(t, err, "when the lock is gone")
}

func TestPeople(t *testing.T) {
	c := applied(t)
	ann, err := c.Person(t.Context(), "ann")
	require.NoError(t, err)
	require.Equal(t, Person{ID: "ann", Name: "Ann", Role: Agent, Skills: map[string]int{"english": 5}}, ann)
	_, err = c.Person(t.Context(), "zoe")
	require.ErrorIs(t, err, ErrNotFound)
}

func TestSignIn(t *testing.T) {
	c := applied(t)
	password := NewPassword()
	_, err := c.SignIn(t.Context(), "ann", "")
	require.ErrorIs(t, err, ErrBadPassword, "no password was set yet")

	require.NoError(t, c.SetPassword(t.Context(), "ann", password))
	ann, err := c.SignIn(t.Context(), "ann", password)
	require.NoError(t, err)
	require.Equal(t, "Ann", ann.Name)
	for name, given := range map[string]string{"ann": password + "x", "bob": password, "zoe": password, "": password, "ANN": password} {
		_, err := c.SignIn(t.Context(), name, given)
		require.ErrorIs(t, err, ErrBadPassword, name)
	}
	require.ErrorIs(t, c.SetPassword(t.Context(), "zoe", password), ErrNotFound)
	require.Error(t, c.SetPassword(t.Context(), "ann", ""))

	var hash string
	require.NoError(t, c.db.QueryRowContext(t.Context(), "SELECT password FROM center_people WHERE id = 'ann'").Scan(&hash))
	require.Regexp(t, regexp.MustCompile(`^\$argon2id\$v=19\$m=19456,t=2,p=1\$[^$]{22}\$[^$]{43}$`), hash)
	text, err := c.Export(t.Context())
	require.NoError(t, err)
	require.NotContains(t, string(text), "argon2")
}

func TestPasswordsOutliveAnApply(t *testing.T) {
	c := applied(t)
	require.NoError(t, c.SetPassword(t.Context(), "ann", "secret"))
	require.NoError(t, c.SetDeviceSecret(t.Context(), "ann", "device", "threering"))
	_, err := c.Apply(t.Context(), checked(t, strings.ReplaceAll(small, "name: Ann", "name: Anna")))
	require.NoError(t, err)
	ann, err := c.SignIn(t.Context(), "ann", "secret")
	require.NoError(t, err)
	require.Equal(t, "Anna", ann.Name)
	device, _ := c.Device("ann")
	require.NotEmpty(t, device.HA1MD5)

	without := strings.NewReplacer("  - {id: ann, name: Ann, role: agent, skills: {english: 5}}\n", "", "[ann, bob]", "[bob]", "skill: english", "agents: [bob]").Replace(small)
	_, err = c.Apply(t.Context(), checked(t, without))
	require.NoError(t, err)
	_, known := c.Device("ann")
	require.False(t, known, "whoever has gone cannot register")
	_, err = c.Apply(t.Context(), checked(t, small))
	require.NoError(t, err)
	_, err = c.SignIn(t.Context(), "ann", "secret")
	require.ErrorIs(t, err, ErrBadPassword, "and comes back without the old password")
}

func TestSignInWaitsNoLongerThanItsContext(t *testing.T) {
	c := applied(t)
	for range hashesAtOnce {
		c.hashing <- struct{}{}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := c.SignIn(ctx, "ann", "secret")
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestNewPassword(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		p := NewPassword()
		require.Regexp(t, `^[a-km-np-z2-9]{16}$`, p)
		require.False(t, seen[p])
		seen[p] = true
	}
}

func TestDevices(t *testing.T) {
	c := applied(t)
	require.NoError(t, c.SetDeviceSecret(t.Context(), "ann", "Circle of Life", "threering"))
	ann, known := c.Device("ann")
	require.True(t, known)
	require.Equal(t, "4b14b8aa04f6ac45ae6cb391229f1c61", ann.HA1MD5)
	require.Equal(t, "9b08b6c5a5706405a33fd179d917aefd14b9062ff17613ce6d3a02fc9789bff4", ann.HA1SHA256)

	bob, known := c.Device("bob")
	require.True(t, known)
	require.Equal(t, "sip:bob@192.0.2.7:5060", bob.Fixed)
	require.Empty(t, bob.HA1MD5)
	_, known = c.Device("zoe")
	require.False(t, known)
	require.ErrorIs(t, c.SetDeviceSecret(t.Context(), "zoe", "x", "threering"), ErrNotFound)
	require.Error(t, c.SetDeviceSecret(t.Context(), "ann", "", "threering"))
	before, _ := c.Device("ann")
	require.ErrorIs(t, c.SetDeviceSecrets(t.Context(), map[string]string{"ann": "new", "zoe": "x"}, "threering"), ErrNotFound)
	after, _ := c.Device("ann")
	require.Equal(t, before, after, "all or none")
}

func TestTrusted(t *testing.T) {
	c := applied(t)
	for addr, want := range map[string]bool{
		"127.0.0.1": true, "127.200.0.1": true, "::1": true, "::ffff:127.0.0.1": true,
		"192.0.2.1": false, "::2": false, "::ffff:192.0.2.1": false,
	} {
		require.Equal(t, want, c.Trusted(netip.MustParseAddr(addr)), addr)
	}
	require.False(t, c.Trusted(netip.Addr{}))
}

func TestReloadSeesWhatAnotherProcessApplied(t *testing.T) {
	c := open(t)
	other, err := Open(t.Context(), Config{DB: c.db})
	require.NoError(t, err)
	_, err = other.Apply(t.Context(), checked(t, small))
	require.NoError(t, err)

	revision, err := c.Revision(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 1, revision)
	_, known := c.Device("ann")
	require.False(t, known)
	require.NoError(t, c.Reload(t.Context()))
	_, known = c.Device("ann")
	require.True(t, known)
	require.True(t, c.Trusted(netip.MustParseAddr("127.0.0.1")))
}
