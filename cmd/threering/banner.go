package main

import (
	"context"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"

	"threering/center"
)

// banner says where everything is.
func (h *house) banner(out io.Writer) {
	line := func(name, format string, args ...any) {
		fmt.Fprintf(out, "  %-10s %s\n", name, fmt.Sprintf(format, args...))
	}
	fmt.Fprintln(out, "Threering is ready.")
	if doc, err := h.center.Document(context.Background()); err == nil {
		if len(doc.People) == 0 {
			line("center", "empty: apply a document (threering apply -f FILE), or start with demo: true")
		} else {
			line("hotline", "%s", h.hotlines(doc))
			line("agents", "%s; also %s", people(doc, true), people(doc, false))
		}
	}
	line("passwords", "%s", h.passwords())
	line("console", "%s/", h.web.URL())
	line("API", "%s/api/openapi.json", h.web.URL())
	line("data", "%s", h.settings.DataDir)
	if h.local() {
		line("network", "only this machine. To open it:")
		fmt.Fprintln(out, "    THREERING_SIP_LISTEN=udp://0.0.0.0:5060,tcp://0.0.0.0:5060 THREERING_HTTP_LISTEN=0.0.0.0:8080 make run")
		fmt.Fprintln(out, "    (behind 1:1 NAT also THREERING_PUBLIC_ADDRESS=… and open UDP", h.settings.RTP.Ports, "for audio)")
	}
}

func (h *house) hotlines(doc center.Document) string {
	var list []string
	for _, n := range doc.IVR.Numbers {
		list = append(list, fmt.Sprintf("%s  (sip:%s@%s)", n.Number, n.Number, h.told()))
	}
	return strings.Join(list, ", ")
}

func (h *house) sipAddr() netip.AddrPort {
	if a := h.sip.Addr("udp"); a.IsValid() {
		return a
	}
	return h.sip.Addr("tcp")
}

// told is the address of the phones' door as others reach it.
func (h *house) told() netip.AddrPort {
	at := h.sipAddr()
	if _, advertised, err := audioAddress(h.settings); err == nil && at.Addr().IsUnspecified() {
		return netip.AddrPortFrom(advertised, at.Port())
	}
	return at
}

func people(doc center.Document, agents bool) string {
	var ids []string
	for _, p := range doc.People {
		if (p.Role == center.Agent) == agents {
			ids = append(ids, p.ID)
		}
	}
	return strings.Join(ids, " ")
}

func (h *house) passwords() string {
	if h.settings.DemoPassword != "" {
		return "as THREERING_DEMO_PASSWORD says"
	}
	if _, err := os.Stat(passwordFile(h.settings)); err != nil {
		return "as they were set"
	}
	return passwordFile(h.settings)
}

// local says whether only this machine can reach the phones' door.
func (h *house) local() bool { return h.sipAddr().Addr().IsLoopback() }
