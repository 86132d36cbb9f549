package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"threering/acd/floor"
	"threering/acd/journal"
	"threering/acd/replay"
	"threering/acd/report"
	"threering/center"
	"threering/config"
	"threering/config/certs"
	"threering/crm"
	"threering/ivr"
	"threering/media"
	"threering/recording"
	"threering/sip"
	"threering/sip/trunk"
	"threering/store"
	"threering/web"
)

// house is all rooms, joined.
type house struct {
	settings config.Settings
	log      *slog.Logger
	metrics  *prometheus.Registry

	db      *store.DB
	center  *center.Center
	journal *journal.Journal
	archive *recording.Archive
	crm     *crm.CRM
	media   *media.Engine
	flows   *ivr.Interpreter
	floor   *floor.Floor
	report  *report.Live
	sip     *sip.Server
	ladders *sip.Ladders // nil: no messages are recorded
	trunks  *trunk.Trunks
	pair    *certs.Pair // that SIP over TLS shows; nil: none
	alarms  *web.Alarms
	hub     *web.Hub
	web     *web.Server

	ready    atomic.Bool
	revision int64 // of the center's document that is in force; the follower's own
	close    []func() error
}

// build opens everything and joins it; nothing is answered yet. What was opened is closed again where a room fails.
func build(ctx context.Context, s config.Settings, log *slog.Logger) (h *house, err error) {
	h = &house{settings: s, log: log, metrics: prometheus.NewRegistry()}
	h.metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	defer func() {
		if err != nil {
			err = errors.Join(err, h.shut())
		}
	}()
	for _, room := range []func(context.Context) error{h.openStore, h.openMemory, h.recover, h.openMedia, h.openFloor, h.openDoors} {
		if err := room(ctx); err != nil {
			return h, err
		}
	}
	return h, nil
}

// onShut adds what has to be closed, last opened first.
func (h *house) onShut(fn func() error) { h.close = append(h.close, fn) }

func (h *house) shut() error {
	var errs []error
	for i := len(h.close) - 1; i >= 0; i-- {
		errs = append(errs, h.close[i]())
	}
	h.close = nil
	return errors.Join(errs...)
}

func (h *house) openStore(ctx context.Context) (err error) {
	unlock, err := lock(h.settings)
	if err != nil {
		return err
	}
	h.onShut(unlock)
	if h.db, err = store.Open(ctx, database(h.settings)); err != nil {
		return err
	}
	h.onShut(h.db.Close)
	h.center, err = center.Open(ctx, center.Config{DB: h.db})
	return err
}

// flushMost is how long the journal may take to write the last of what happened.
const flushMost = 5 * time.Second

// openMemory opens what remembers: the journal, the recordings, the customers.
func (h *house) openMemory(ctx context.Context) (err error) {
	h.hub = web.NewHub(h.log)
	h.alarms = web.NewAlarms(h.hub)
	h.journal, err = journal.Open(ctx, journal.Config{
		DB: h.db, Log: h.log, Alarm: func(err error) { h.alarms.Set("journal", err) },
	})
	if err != nil {
		return err
	}
	h.onShut(func() error {
		ctx, cancel := context.WithTimeout(context.Background(), flushMost)
		defer cancel()
		return h.journal.Close(ctx)
	})
	h.archive, err = recording.Open(ctx, recording.Config{
		Dir: filepath.Join(h.settings.DataDir, "recordings"), DB: h.db, Log: h.log,
		Alarm: func(err error) { h.alarms.Set("recording", err) },
	})
	if err != nil {
		return err
	}
	h.onShut(h.archive.Close)
	h.crm, err = crm.Open(ctx, h.db, crm.Config{History: history{h.journal}, Log: h.log})
	return err
}

func (h *house) openMedia(context.Context) (err error) {
	bind, advertise, err := audioAddress(h.settings)
	if err != nil {
		return err
	}
	ports := h.settings.RTP.Ports
	h.media, err = media.NewEngine(media.Config{
		Bind: bind, Advertise: advertise, Browsers: ports.Low, Low: ports.Low + 1, High: ports.High,
		Silence: h.settings.RTP.Silence, Log: h.log,
	})
	if err != nil {
		return err
	}
	h.onShut(h.media.Close)
	return nil
}

// audioAddress says where audio is received: beside SIP; and which address peers are told.
func audioAddress(s config.Settings) (bind, advertise netip.Addr, err error) {
	first, err := url.Parse(s.SIP.Listen[0])
	if err != nil {
		return bind, advertise, fmt.Errorf("sip.listen: %w", err)
	}
	if bind, err = netip.ParseAddr(first.Hostname()); err != nil {
		return bind, advertise, fmt.Errorf("sip.listen: an IP address is needed: %w", err)
	}
	switch {
	case s.PublicAddress != "":
		advertise, err = netip.ParseAddr(s.PublicAddress)
	case bind.IsUnspecified():
		advertise, err = outward()
	default:
		advertise = bind
	}
	return bind, advertise, err
}

// outward is the address of this machine that others most likely reach.
func outward() (netip.Addr, error) {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return netip.Addr{}, fmt.Errorf("addresses of this machine: %w", err)
	}
	for _, a := range addrs {
		prefix, err := netip.ParsePrefix(a.String())
		if err == nil && prefix.Addr().Is4() && prefix.Addr().IsGlobalUnicast() {
			return prefix.Addr(), nil
		}
	}
	return netip.Addr{}, errors.New("this machine has no address that others could reach: set THREERING_PUBLIC_ADDRESS")
}

func (h *house) openFloor(ctx context.Context) error {
	prompts, err := ivr.LoadPrompts()
	if err != nil {
		return err
	}
	doc, err := h.center.Document(ctx)
	if err != nil {
		return err
	}
	recorder, err := replay.Open(ctx, replay.Config{DB: h.db, Log: h.log, Version: version()})
	if err != nil {
		return err
	}
	h.onShut(recorder.Close)
	h.flows = ivr.New(doc.IVR, prompts)
	if err := h.openTrunks(ctx, doc); err != nil {
		return err
	}
	h.floor = floor.New(floor.Config{
		Media: h.media, Script: h.flows, Journal: h.journal, Archive: h.archive,
		Popper: popper{h.crm}, Publisher: h.hub, Recorder: recorder, Number: filed(h.crm),
		Trunks: h.trunks, Metrics: floor.NewMetrics(h.metrics), Log: h.log,
	})
	h.report = report.NewLive(report.Config{Journal: h.journal, Changed: counted(h.hub)})
	return nil
}

// openDoors binds the addresses that people and phones come to; the phones' last, since they are let go of by Serve alone.
func (h *house) openDoors(ctx context.Context) error {
	if err := h.openWeb(ctx); err != nil {
		return err
	}
	door, err := h.phonesDoor(ctx)
	if err != nil {
		return err
	}
	if err := h.warnOfRealm(ctx); err != nil {
		return err
	}
	if h.sip, err = sip.Listen(door); err == nil {
		h.countSIP()
	}
	return err
}

// openWeb binds the address that people come to.
func (h *house) openWeb(ctx context.Context) (err error) {
	h.web, err = web.Listen(ctx, web.Config{
		Settings: h.settings, DB: h.db, People: h.center, Document: document{h}, Floor: h.floor, Report: h.report,
		Journal: h.journal, Archive: h.archive, CRM: h.crm, Phones: phones{h}, Trunks: h.trunks, Gate: gate{h}, Ladders: ladders{h}, Hub: h.hub, Alarms: h.alarms, Metrics: h.metrics, Ready: h.isReady, Log: h.log,
	})
	if err != nil {
		return err
	}
	h.onShut(func() error { return ignore(h.web.Close(), net.ErrClosed) })
	return nil
}

// phonesDoor is what the addresses that phones come to have to know.
func (h *house) phonesDoor(ctx context.Context) (door sip.Config, err error) {
	door = sip.Config{
		Listen: h.settings.SIP.Listen, Realm: h.settings.SIP.Realm, Log: h.log,
		Devices: h.center, Trunks: h.trunks, Incoming: h.trunks.Incoming(h.floor.Incoming), Reach: h.floor.Reach,
	}
	if door.Contacts, err = sip.NewContacts(ctx, h.db); err != nil {
		return door, err
	}
	if h.settings.PublicAddress != "" {
		if door.Public, err = netip.ParseAddr(h.settings.PublicAddress); err != nil {
			return door, fmt.Errorf("public_address: %w", err)
		}
	}
	if door.Bans, err = sip.NewBans(ctx, h.db); err != nil {
		return door, err
	}
	if keeps := h.settings.SIP.Ladders; keeps > 0 {
		if h.ladders, err = sip.NewLadders(ctx, h.db, keeps); err != nil {
			return door, err
		}
	}
	door.Ladders = h.ladders
	door.TLS, err = h.secured()
	return door, err
}

// countSIP shows at /metrics what the phones' door turned away.
func (h *house) countSIP() {
	count := func(name, help string, value func(sip.Counters) uint64) {
		h.metrics.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help},
			func() float64 { return float64(value(h.sip.Counters())) }))
	}
	count("threering_sip_dropped_total", "SIP messages of strangers that got no answer.", func(c sip.Counters) uint64 { return c.Dropped })
	count("threering_sip_malformed_total", "SIP messages that could not be taken.", func(c sip.Counters) uint64 { return c.Malformed })
	count("threering_sip_banned_total", "SIP messages dropped because their senders are banned.", func(c sip.Counters) uint64 { return c.Banned })
	count("threering_sip_bans_total", "Bans imposed on scanners and guessers.", func(c sip.Counters) uint64 { return c.Bans })
	count("threering_sip_overloaded_total", "Calls refused because there was too much to do.", func(c sip.Counters) uint64 { return c.Overloaded })
	count("threering_sip_auth_failures_total", "Wrong names or passwords of devices.", func(c sip.Counters) uint64 { return c.AuthFailures })
}

// ignore is err, or nil if it is one that says what is meant to be.
func ignore(err, harmless error) error {
	if errors.Is(err, harmless) {
		return nil
	}
	return err
}
