package sip

import (
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// A registrar takes REGISTER requests (RFC 3261 section 10) and lets contacts expire.
type registrar struct {
	server   *Server
	contacts *Contacts
	changed  chan struct{} // holds one token when the next expiry is sooner

	mu   sync.Mutex // one change at a time, so that Reach is told in order; guards next
	next time.Time  // when it is looked what has expired
}

func newRegistrar(s *Server) *registrar {
	return &registrar{server: s, contacts: s.config.Contacts, changed: make(chan struct{}, 1)}
}

// begin tells who is reachable from before.
func (r *registrar) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, device := range r.contacts.devices() {
		r.server.config.Reach(device, true)
	}
}

// serve lets contacts expire until ctx ends.
func (r *registrar) serve(ctx context.Context) {
	for {
		timer := time.NewTimer(r.untilExpiry())
		select {
		case <-timer.C:
			r.expire(time.Now())
		case <-r.changed:
		case <-ctx.Done():
			timer.Stop()
			return
		}
		timer.Stop()
	}
}

// untilExpiry is how long to wait for the first contact that may expire; it may have been renewed by then.
func (r *registrar) untilExpiry() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	next, ok := r.contacts.nextExpiry()
	if !ok {
		next = time.Now().Add(time.Hour)
	}
	r.next = next
	return time.Until(next)
}

// expire drops the contacts whose time is over.
func (r *registrar) expire(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, device := range r.contacts.devices() {
		contacts := r.contacts.of(device)
		left := slices.DeleteFunc(slices.Clone(contacts), func(c contact) bool { return !c.expires.After(now) })
		if len(left) < len(contacts) {
			r.set(device, left)
		}
	}
}

// set replaces a device's contacts and tells when that makes it reachable or no longer so. r.mu is held.
func (r *registrar) set(device string, contacts []contact) {
	before := len(r.contacts.of(device)) > 0
	if err := r.contacts.replace(device, contacts); err != nil {
		r.server.log.Error("registrations are not kept over a restart", "device", device, "error", err)
	}
	if slices.ContainsFunc(contacts, func(c contact) bool { return c.expires.Before(r.next) }) {
		select {
		case r.changed <- struct{}{}:
		default:
		}
	}
	if now := len(contacts) > 0; now != before {
		r.server.config.Reach(device, r.server.Reachable(device)) // it may have a fixed address too
	}
}

// handle takes a REGISTER.
func (r *registrar) handle(req *sipmsg.Request, tx *sipmsg.ServerTx) {
	name := userOf(req.To().Address)
	if refusal := r.mayRegister(req, name); refusal != nil {
		r.server.refuseRequest(tx, req, refusal)
		return
	}
	bindings, refusal := r.read(req, name)
	if refusal == nil {
		refusal = r.bind(name, bindings)
	}
	if refusal != nil {
		r.server.refuseRequest(tx, req, refusal)
		return
	}
	r.server.respond(tx, req, 200, "OK", append(r.current(name), outbound(req, bindings.set)...)...)
}

// outbound are the headers of a 200 that speak of the way it came: Path as it was (RFC 3327 5.3) and, where the phone keeps
// flows (RFC 5626 6), that we send by them, and how often a flow must show that it lives.
func outbound(req *sipmsg.Request, set []contact) []sipmsg.Header {
	var headers []sipmsg.Header
	for _, h := range req.GetHeaders("Path") {
		headers = append(headers, sipmsg.NewHeader("Path", h.Value()))
	}
	flows := func(c contact) bool { return c.regID > 0 && (len(c.path) == 0 || c.path[0].UriParams.Has("ob")) }
	if hasOption(req, "outbound", "Supported", "k", "Require") && slices.ContainsFunc(set, flows) {
		headers = append(headers, sipmsg.NewHeader("Require", "outbound"),
			sipmsg.NewHeader("Flow-Timer", strconv.Itoa(int(flowTimer/time.Second))))
	}
	return headers
}

// flowTimer is how long a flow may be silent before its phone must send a keep-alive.
const flowTimer = 2 * time.Minute

// flowOf reads which phone a contact is, and which of its flows; a reg-id without an instance says nothing.
func flowOf(c *sipmsg.ContactHeader) (instance string, regID int) {
	value, _ := c.Params.Get("+sip.instance")
	instance = strings.Trim(value, "\"<> ")
	id, _ := c.Params.Get("reg-id")
	if n, ok := seconds(id); ok && instance != "" {
		regID = n
	}
	return instance, regID
}

// mayRegister checks that a REGISTER is the device's own. nil: it is.
func (r *registrar) mayRegister(req *sipmsg.Request, name string) *refusal {
	device := r.server.vouchedFor(req)
	if device == "" {
		return r.server.authenticate(req, name)
	}
	if _, known := r.server.config.Devices.Device(name); !known || name != device {
		return &refusal{code: 403, reason: "Forbidden"}
	}
	return nil
}

// bindings are what a REGISTER asks for.
type bindings struct {
	callID string
	cseq   uint32
	clear  bool // Contact: *
	set    []contact
	drop   []string // contacts with expires=0
}

// read reads the Contacts of a REGISTER; none of them is a query.
func (r *registrar) read(req *sipmsg.Request, device string) (bindings, *refusal) {
	b := bindings{callID: req.CallID().Value(), cseq: req.CSeq().SeqNo}
	source, err := netip.ParseAddrPort(req.Source())
	if err != nil {
		return b, &refusal{code: 400, reason: "Bad Source"}
	}
	path, err := pathOf(req)
	if err != nil {
		return b, &refusal{code: 400, reason: "Bad Path"}
	}
	standard, hasExpires := seconds(field(req, "Expires"))
	headers := req.GetHeaders("Contact")
	now := time.Now()
	for _, h := range headers {
		c, ok := h.(*sipmsg.ContactHeader)
		if !ok {
			return b, &refusal{code: 400, reason: "Bad Contact"}
		}
		if c.Address.Wildcard {
			if len(headers) > 1 || !hasExpires || standard != 0 {
				return b, &refusal{code: 400, reason: "Bad Contact"}
			}
			b.clear = true
			return b, nil
		}
		lasts, refusal := r.lasts(c, standard, hasExpires)
		if refusal != nil {
			return b, refusal
		}
		uri := c.Address.String()
		if lasts == 0 {
			b.drop = append(b.drop, uri)
			continue
		}
		instance, regID := flowOf(c)
		b.set = append(b.set, contact{
			path: path, instance: instance, regID: regID,
			device: device, uri: uri, network: sipmsg.NetworkToLower(req.Transport()),
			source: netip.AddrPortFrom(source.Addr().Unmap(), source.Port()),
			callID: b.callID, cseq: b.cseq, registered: now, expires: now.Add(lasts),
		})
	}
	return b, nil
}

// lasts is how long a contact is to be kept, within our bounds.
func (r *registrar) lasts(c *sipmsg.ContactHeader, standard int, hasStandard bool) (time.Duration, *refusal) {
	config := r.server.config
	wanted := config.MaxExpires
	if hasStandard {
		wanted = time.Duration(standard) * time.Second
	}
	if value, ok := c.Params.Get("expires"); ok {
		if own, ok := seconds(value); ok {
			wanted = time.Duration(own) * time.Second
		}
	}
	if wanted > 0 && wanted < config.MinExpires {
		least := strconv.Itoa(int((config.MinExpires + time.Second - 1) / time.Second))
		return 0, &refusal{code: 423, reason: "Interval Too Brief",
			headers: []sipmsg.Header{sipmsg.NewHeader("Min-Expires", least)}}
	}
	return min(wanted, config.MaxExpires), nil
}

// bind carries out what was asked, all of it or, where a request of the same client has come late, none.
func (r *registrar) bind(device string, b bindings) *refusal {
	if !b.clear && b.set == nil && b.drop == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	contacts := r.contacts.of(device)
	for _, c := range contacts {
		if c.callID == b.callID && b.cseq <= c.cseq {
			return &refusal{code: 500, reason: "Request Out Of Order"}
		}
	}
	if slices.ContainsFunc(b.set, r.gone) {
		return &refusal{code: 503, reason: "Connection Closed"}
	}
	replaced := func(c contact) bool {
		return b.clear || slices.Contains(b.drop, c.uri) || slices.ContainsFunc(b.set, c.sameAs)
	}
	r.set(device, append(slices.DeleteFunc(contacts, replaced), b.set...))
	if slices.ContainsFunc(b.set, func(c contact) bool { return c.network == webSocket }) {
		r.server.eachLeg((*Leg).rejoin)
	}
	return nil
}

// gone says whether a contact cannot be called any more: the connection of its browser is closed.
func (r *registrar) gone(c contact) bool {
	return c.network == webSocket && r.server.browsers.at(c.source) == nil
}

// lose drops the contacts of a browser that has gone.
func (r *registrar) lose(source netip.AddrPort) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, device := range r.contacts.devices() {
		contacts := r.contacts.of(device)
		left := slices.DeleteFunc(slices.Clone(contacts), func(c contact) bool { return c.network == webSocket && c.source == source })
		if len(left) < len(contacts) {
			r.set(device, left)
		}
	}
}

// current are the device's contacts as a response lists them.
func (r *registrar) current(device string) []sipmsg.Header {
	var headers []sipmsg.Header
	for _, c := range r.contacts.of(device) {
		left := int((time.Until(c.expires) + time.Second - 1) / time.Second)
		headers = append(headers, sipmsg.NewHeader("Contact", "<"+c.uri+">;expires="+strconv.Itoa(max(left, 0))))
	}
	return headers
}
