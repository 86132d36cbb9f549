package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"threering/center"
	"threering/config"
	"threering/config/certs"
	"threering/sip/trunk"
)

// openTrunks makes the trunks of the document, with what was spent today before a restart.
func (h *house) openTrunks(ctx context.Context, doc center.Document) error {
	zone, err := time.LoadLocation(doc.Center.TimeZone)
	if err != nil {
		return err
	}
	h.trunks = trunk.New(trunk.Config{
		Read:    func(raw string) trunk.Number { return center.NumberReader(h.crm.Country())(raw) },
		DB:      h.db,
		Tell:    func(n trunk.News) { h.floor.TrunkNews(n) },
		Alarm:   h.alarms.Set,
		Metrics: h.metrics,
		Log:     h.log,
	})
	if err := h.trunks.Load(ctx, zone); err != nil {
		return err
	}
	h.trunks.Replace(doc.Lines, zone) // before the doors open: by then it is known whose calls are a trunk's
	return nil
}

// certificateEvery is how often the files of certificates are looked at.
const certificateEvery = 10 * time.Second

// secured is how phones and trunks are talked with by TLS; nil where nothing listens for that.
func (h *house) secured() (*tls.Config, error) {
	file, key := sipCertificate(h.settings)
	if file == "" {
		return nil, nil
	}
	pair, err := certs.Open(file, key)
	if err != nil {
		return nil, fmt.Errorf("SIP over TLS: %w", err)
	}
	h.pair = pair
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: pair.Server}, nil
}

// sipCertificate is the files of the certificate that SIP over TLS shows: its own, else that of HTTPS; none where nothing
// listens for TLS.
func sipCertificate(s config.Settings) (file, key string) {
	if !slices.ContainsFunc(s.SIP.Listen, func(where string) bool { return strings.HasPrefix(where, "tls://") }) {
		return "", ""
	}
	if s.SIP.Certificate != "" {
		return s.SIP.Certificate, s.SIP.Key
	}
	return s.HTTP.Certificate, s.HTTP.Key
}

// watchCertificate follows the file of the certificate that phones are shown, until ctx ends.
func (h *house) watchCertificate(ctx context.Context) error {
	if h.pair != nil {
		h.pair.Watch(ctx, certificateEvery, func(err error) { h.alarms.Set("certificate of SIP", err) })
	}
	return nil
}

// checkFiles says which certificates and passwords cannot be opened that settings and document speak of.
func checkFiles(s config.Settings, doc center.Document) error {
	var errs []error
	open := func(key, file, of string) {
		if file == "" {
			return
		}
		if _, err := certs.Open(file, of); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", key, err))
		}
	}
	open("http.certificate", s.HTTP.Certificate, s.HTTP.Key)
	open("sip.certificate", s.SIP.Certificate, s.SIP.Key)
	return errors.Join(append(errs, trunk.Files(doc.Lines, nil, "").Err())...)
}

// warnOfRealm says that devices cannot register any more, because the realm was another one when their secrets were made.
func (h *house) warnOfRealm(ctx context.Context) error {
	lost, err := h.center.LostSecrets(ctx, h.settings.SIP.Realm)
	if err != nil || len(lost) == 0 {
		return err
	}
	err = fmt.Errorf("sip.realm is %q now, and the device secrets of %s were made for another: these phones cannot register until the realm is set back, or they get new secrets",
		h.settings.SIP.Realm, strings.Join(lost, ", "))
	h.log.Warn(err.Error())
	h.alarms.Set("sip.realm", err)
	return nil
}
