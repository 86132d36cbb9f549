package sip

import (
	"cmp"
	"net/netip"
	"slices"
	"sync"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// mostContacts is how many contacts of a device are kept, the newest.
const mostContacts = 10

// Contacts are the registrations that are valid now: where each device can be called.
type Contacts struct {
	store *contactStore // nil: memory only

	mu     sync.RWMutex         // guards the fields below
	byName map[string][]contact // newest first
	hosts  map[netip.Addr]int   // how many contacts came from each, for the gate
	flows  map[flow]int         // the same, by where exactly they came from
}

// A contact is one registration.
type contact struct {
	device     string
	uri        string // as the device gave it
	network    string
	source     netip.AddrPort // where the REGISTER came from; calls go there (NAT)
	callID     string
	cseq       uint32
	registered time.Time
	expires    time.Time

	path     []sipmsg.Uri // proxies between the device and us, the nearest to us first (RFC 3327); none: it came straight
	instance string       // +sip.instance: which phone it is (RFC 5626); "" where it does not say
	regID    int          // reg-id: which of its flows; 0: none
}

// proxy is where the nearest proxy says that it is, if that is the host the REGISTER came from; else not valid. A path to
// any other host nobody has proved.
func (c contact) proxy() netip.AddrPort {
	if len(c.path) == 0 {
		return netip.AddrPort{}
	}
	host, err := netip.ParseAddr(c.path[0].Host)
	if err != nil || host.Unmap() != c.source.Addr() {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(host.Unmap(), uint16(portOf(c.path[0])))
}

// sameAs says whether a newer contact takes the place of this one: the same flow of the same phone (RFC 5626 6), or the same
// address.
func (c contact) sameAs(newer contact) bool {
	if c.regID > 0 && newer.regID > 0 && c.instance != "" && newer.instance != "" {
		return c.instance == newer.instance && c.regID == newer.regID
	}
	return c.uri == newer.uri
}

// A flow is where the messages of a contact come from.
type flow struct {
	network string
	source  netip.AddrPort
}

func newContacts(store *contactStore) *Contacts {
	return &Contacts{store: store, byName: make(map[string][]contact), hosts: make(map[netip.Addr]int), flows: make(map[flow]int)}
}

// of are the contacts of a device, newest first.
func (c *Contacts) of(device string) []contact {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return slices.Clone(c.byName[device])
}

// valid are the contacts of a device that have not expired at now, newest first.
func (c *Contacts) valid(device string, now time.Time) []contact {
	return slices.DeleteFunc(c.of(device), func(k contact) bool { return !k.expires.After(now) })
}

// devices are all that have a contact, in order.
func (c *Contacts) devices() []string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	names := make([]string, 0, len(c.byName))
	for name := range c.byName {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// replace sets the contacts of a device; what was known before and is no longer there is forgotten.
func (c *Contacts) replace(device string, contacts []contact) error {
	slices.SortStableFunc(contacts, func(a, b contact) int { return b.registered.Compare(a.registered) })
	contacts = contacts[:min(len(contacts), mostContacts)]
	c.keep(device, contacts)
	if c.store == nil {
		return nil
	}
	return c.store.replace(device, contacts)
}

func (c *Contacts) keep(device string, contacts []contact) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, old := range c.byName[device] {
		less(c.hosts, old.source.Addr())
		less(c.flows, flow{old.network, old.source})
	}
	for _, current := range contacts {
		c.hosts[current.source.Addr()]++
		c.flows[flow{current.network, current.source}]++
	}
	if len(contacts) == 0 {
		delete(c.byName, device)
		return
	}
	c.byName[device] = contacts
}

// less counts one down, and forgets it where none is left.
func less[K comparable](counts map[K]int, key K) {
	if counts[key]--; counts[key] <= 0 {
		delete(counts, key)
	}
}

// nextExpiry is when the first of all contacts ends; false where there is none.
func (c *Contacts) nextExpiry() (time.Time, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var all []contact
	for _, contacts := range c.byName {
		all = append(all, contacts...)
	}
	if len(all) == 0 {
		return time.Time{}, false
	}
	first := slices.MinFunc(all, func(a, b contact) int { return cmp.Compare(a.expires.UnixNano(), b.expires.UnixNano()) })
	return first.expires, true
}

// isAt says whether the device registered from exactly there, and it is no proxy that others share.
func (c *Contacts) isAt(device, network string, source netip.AddrPort) bool {
	return slices.ContainsFunc(c.of(device), func(k contact) bool {
		return k.network == network && k.source == source && len(k.path) == 0
	})
}

// isAtHost says whether the device registered from any port there.
func (c *Contacts) isAtHost(device string, host netip.Addr) bool {
	return slices.ContainsFunc(c.of(device), func(k contact) bool { return k.source.Addr() == host })
}

// anyAt says whether any device registered from exactly there.
func (c *Contacts) anyAt(network string, source netip.AddrPort) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.flows[flow{network, source}] > 0
}

// anyAtHost says whether any device registered from any port there.
func (c *Contacts) anyAtHost(host netip.Addr) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.hosts[host] > 0
}
