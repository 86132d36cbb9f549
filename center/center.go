package center

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"fmt"
	"sync/atomic"

	"threering/crm"
	"threering/ivr"
	"threering/sip/trunk"
	"threering/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Config is what a Center is made of.
type Config struct {
	DB *store.DB
}

// Center is the people and the document in the database. It is safe for use by
// several goroutines, and several processes may work on one database.
type Center struct {
	db        *store.DB
	directory atomic.Pointer[directory]
	prompts   []string      // names
	hashing   chan struct{} // holds one for each password that is being hashed
	nobody    string        // hash that no known password fits, for names nobody has
}

// Open brings the tables up to date, those of the flows and customers too since
// the document is written over all of them.
func Open(ctx context.Context, config Config) (*Center, error) {
	c := &Center{db: config.DB, hashing: make(chan struct{}, hashesAtOnce)}
	if err := c.db.Migrate(ctx, "center", migrations); err != nil {
		return nil, err
	}
	if err := ivr.Migrate(ctx, c.db); err != nil {
		return nil, err
	}
	if err := crm.Migrate(ctx, c.db); err != nil {
		return nil, err
	}
	if err := trunk.Migrate(ctx, c.db); err != nil {
		return nil, err
	}
	if err := c.Reload(ctx); err != nil {
		return nil, err
	}
	var err error
	if c.prompts, err = promptNames(); err != nil {
		return nil, err
	}
	if c.nobody, err = c.hash(ctx, rand.Text()); err != nil {
		return nil, err
	}
	return c, nil
}

// Document is the center as it is now; as [Document.Normal] would have it.
func (c *Center) Document(ctx context.Context) (doc Document, err error) {
	err = c.db.Tx(ctx, func(tx *sql.Tx) error { // one moment for all tables
		doc, err = read(ctx, tx)
		return err
	})
	return doc, err
}

// Export is the center as YAML; applied again it changes nothing. Passwords
// and secrets are no part of it.
func (c *Center) Export(ctx context.Context) ([]byte, error) {
	doc, err := c.Document(ctx)
	if err != nil {
		return nil, err
	}
	return doc.Text()
}

// Revision counts the applies that changed something, in this process or
// another one; 0 for a center that is empty still.
func (c *Center) Revision(ctx context.Context) (int64, error) {
	return readRevision(ctx, c.db)
}

func readRevision(ctx context.Context, q store.Queryer) (revision int64, err error) {
	if err = q.QueryRowContext(ctx, "SELECT revision FROM center_revision").Scan(&revision); err != nil {
		return 0, fmt.Errorf("read the center's revision: %w", err)
	}
	return revision, nil
}

// read puts the document together from the tables of all rooms.
func read(ctx context.Context, q store.Queryer) (doc Document, err error) {
	if doc.Center, err = readInfo(ctx, q); err != nil {
		return doc, err
	}
	if doc.Trusted, err = readTrusted(ctx, q); err != nil {
		return doc, err
	}
	if doc.Lines, err = trunk.Export(ctx, q); err != nil {
		return doc, err
	}
	if doc.Queues, err = readQueues(ctx, q); err != nil {
		return doc, err
	}
	if doc.People, err = readPeople(ctx, q); err != nil {
		return doc, err
	}
	if doc.IVR, err = ivr.Export(ctx, q); err != nil {
		return doc, err
	}
	if doc.CRM, err = crm.Export(ctx, q); err != nil {
		return doc, err
	}
	return doc.Normal(), nil
}

// write puts the document, which has been checked, in the place of what was
// there. The people who have gone are named.
func write(ctx context.Context, tx *sql.Tx, doc Document, gone []string) error {
	if err := writeInfo(ctx, tx, doc.Center); err != nil {
		return err
	}
	if err := writeTrusted(ctx, tx, doc.Trusted); err != nil {
		return err
	}
	if err := writePeople(ctx, tx, doc.People, gone); err != nil {
		return err
	}
	if err := writeQueues(ctx, tx, doc.Queues); err != nil {
		return err
	}
	if err := ivr.Apply(ctx, tx, doc.IVR); err != nil {
		return err
	}
	if err := trunk.Apply(ctx, tx, doc.Lines); err != nil {
		return err
	}
	return crm.Apply(ctx, tx, doc.CRM)
}
