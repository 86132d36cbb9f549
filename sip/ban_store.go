package sip

import (
	"context"
	"database/sql"
	"fmt"
	"net/netip"
	"time"

	"threering/store"
)

// banStore keeps bans in the table sip_bans.
type banStore struct{ db *store.DB }

// NewBans makes or brings up to date the table of bans and reads those that are remembered, so that a restart lets nobody
// back in.
func NewBans(ctx context.Context, db *store.DB) (*Bans, error) {
	if err := db.Migrate(ctx, "sip", migrations); err != nil {
		return nil, err
	}
	kept := &banStore{db}
	bans, err := kept.load(ctx, time.Now())
	if err != nil {
		return nil, fmt.Errorf("read bans: %w", err)
	}
	b := newBans(kept)
	for _, ban := range bans {
		b.all[originOf(ban)] = &ban
	}
	return b, nil
}

func (s *banStore) load(ctx context.Context, now time.Time) ([]Ban, error) {
	return store.Query(ctx, s.db, func(rows *sql.Rows) (b Ban, err error) {
		var network string
		var since, until int64
		if err = rows.Scan(&network, &b.Device, &b.Why, &b.Proven, &b.Times, &since, &until); err != nil {
			return b, err
		}
		b.Since, b.Until = store.Time(since), store.Time(until)
		b.Network, err = netip.ParsePrefix(network)
		return b, err
	}, `SELECT network, device, why, proven, times, since, until FROM sip_bans WHERE until > ? ORDER BY until DESC LIMIT ?`,
		store.Millis(now.Add(-remembers)), mostBans)
}

// write writes bans in place of those there were of the same origin; nil: none is remembered any more.
func (s *banStore) write(changes map[origin]*Ban) error {
	ctx, done := context.WithTimeout(context.Background(), storePatience)
	defer done()
	err := s.db.Tx(ctx, func(tx *sql.Tx) error {
		w := store.NewWriter(ctx, tx)
		w.Exec(`DELETE FROM sip_bans WHERE until <= ?`, store.Millis(time.Now().Add(-remembers)))
		for who, b := range changes {
			network := netip.PrefixFrom(who.network, bitsOf(who.network)).String()
			w.Exec(`DELETE FROM sip_bans WHERE network = ? AND device = ?`, network, who.name)
			if b != nil {
				w.Exec(`INSERT INTO sip_bans (network, device, why, proven, times, since, until) VALUES (?, ?, ?, ?, ?, ?, ?)`,
					network, b.Device, string(b.Why), store.Flag(b.Proven), b.Times, store.Millis(b.Since), store.Millis(b.Until))
			}
		}
		return w.Err()
	})
	if err != nil {
		return fmt.Errorf("keep the bans: %w", err)
	}
	return nil
}
