package center

import (
	"context"
	"database/sql"
	"fmt"
	"net/netip"
	"slices"

	"threering/sip"
	"threering/store"
)

// directory is what the sip room asks for on each request: a picture of the
// tables that is never changed, only replaced.
type directory struct {
	devices map[string]sip.Device
	trusted []netip.Prefix
}

var _ sip.Devices = (*Center)(nil)

// Device is the device of a person; its name is the person's id.
func (c *Center) Device(name string) (sip.Device, bool) {
	d, known := c.directory.Load().devices[name]
	return d, known
}

// Trusted tells whether calls from an address are taken without credentials.
func (c *Center) Trusted(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	return slices.ContainsFunc(c.directory.Load().trusted, func(n netip.Prefix) bool { return n.Contains(addr) })
}

// Reload brings devices and trusted networks up to date after another process
// has changed the center; what this one changes it sees at once. When it fails
// the old ones stay.
func (c *Center) Reload(ctx context.Context) error {
	devices, err := store.Query(ctx, c.db, func(rows *sql.Rows) (d sip.Device, err error) {
		return d, rows.Scan(&d.Name, &d.Fixed, &d.HA1MD5, &d.HA1SHA256)
	}, `SELECT p.id, p.device, COALESCE(s.ha1_md5, ''), COALESCE(s.ha1_sha256, '')
		FROM center_people p LEFT JOIN center_secrets s ON s.person = p.id`)
	if err != nil {
		return fmt.Errorf("read devices: %w", err)
	}
	networks, err := readTrusted(ctx, c.db)
	if err != nil {
		return err
	}
	next := &directory{devices: map[string]sip.Device{}}
	for _, d := range devices {
		next.devices[d.Name] = d
	}
	for _, text := range networks {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return fmt.Errorf("read trusted networks: %w", err)
		}
		next.trusted = append(next.trusted, network)
	}
	c.directory.Store(next)
	return nil
}

// LostSecrets is the ids of those whose devices have a secret that was made for
// another realm than this: they cannot register.
func (c *Center) LostSecrets(ctx context.Context, realm string) ([]string, error) {
	ids, err := store.Query(ctx, c.db, store.Text, "SELECT person FROM center_secrets WHERE realm <> $1 ORDER BY person", realm)
	if err != nil {
		return nil, fmt.Errorf("read the devices' realms: %w", err)
	}
	return ids, nil
}
