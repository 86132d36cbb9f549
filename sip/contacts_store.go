package sip

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"net/netip"
	"time"

	"threering/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// contactStore keeps contacts in the table sip_contacts.
type contactStore struct{ db *store.DB }

// storePatience is how long a registration waits for the database.
const storePatience = 5 * time.Second

// NewContacts makes or brings up to date the table of registrations and reads those that are still valid, so that devices
// stay reachable over a restart.
func NewContacts(ctx context.Context, db *store.DB) (*Contacts, error) {
	if err := db.Migrate(ctx, "sip", migrations); err != nil {
		return nil, err
	}
	kept := &contactStore{db}
	contacts, err := kept.load(ctx, time.Now())
	if err != nil {
		return nil, fmt.Errorf("read registrations: %w", err)
	}
	c := newContacts(kept)
	byName := make(map[string][]contact)
	for _, known := range contacts {
		byName[known.device] = append(byName[known.device], known)
	}
	for device, known := range byName {
		c.keep(device, known)
	}
	return c, nil
}

// load reads the contacts that are valid at now, newest first.
func (s *contactStore) load(ctx context.Context, now time.Time) ([]contact, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT device, uri, network, source, call_id, cseq, registered_at, expires_at,
		path, instance, reg_id FROM sip_contacts WHERE expires_at > ? ORDER BY registered_at DESC, id`, store.Millis(now))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var contacts []contact
	for rows.Next() {
		var c contact
		var source, path string
		var registered, expires int64
		if err := rows.Scan(&c.device, &c.uri, &c.network, &source, &c.callID, &c.cseq, &registered, &expires,
			&path, &c.instance, &c.regID); err != nil {
			return nil, err
		}
		if c.source, err = netip.ParseAddrPort(source); err != nil {
			return nil, fmt.Errorf("contact of %s: %w", c.device, err)
		}
		if c.path, err = readPath(path); err != nil {
			return nil, fmt.Errorf("contact of %s: %w", c.device, err)
		}
		c.registered, c.expires = store.Time(registered), store.Time(expires)
		contacts = append(contacts, c)
	}
	return contacts, rows.Err()
}

// replace writes the contacts of a device in place of those there were.
func (s *contactStore) replace(device string, contacts []contact) error {
	ctx, done := context.WithTimeout(context.Background(), storePatience)
	defer done()
	err := s.db.Tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM sip_contacts WHERE device = ?`, device); err != nil {
			return err
		}
		for _, c := range contacts {
			if c.network == webSocket {
				continue // its connection will not outlive us
			}
			_, err := tx.ExecContext(ctx, `INSERT INTO sip_contacts
				(id, device, uri, network, source, call_id, cseq, registered_at, expires_at, path, instance, reg_id)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
				fmt.Sprintf("%s %s %s %d", c.device, c.uri, c.instance, c.regID), c.device, c.uri, c.network, c.source.String(), c.callID, c.cseq,
				store.Millis(c.registered), store.Millis(c.expires), writePath(c.path), c.instance, c.regID)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep the registrations of %s: %w", device, err)
	}
	return nil
}
