package center

import (
	"bytes"
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"go.yaml.in/yaml/v3"

	"threering/crm"
	"threering/ivr"
	"threering/sip/trunk"
)

// Document is the whole of a center as a person writes it.
type Document struct {
	Center  Info       `yaml:"center"`
	Trusted []string   `yaml:"trusted,omitempty"` // networks whose calls are taken without credentials, 10.0.0.0/8 or one address
	Lines   trunk.Part `yaml:",inline"`           // trunks
	IVR     ivr.Part   `yaml:",inline"`           // numbers, flows
	Queues  []Queue    `yaml:"queues,omitempty"`
	People  []Person   `yaml:"people,omitempty"`
	CRM     crm.Part   `yaml:",inline"` // customers
}

// Info is what holds for the center as a whole.
type Info struct {
	Name        string  `yaml:"name" json:"name"`
	TimeZone    string  `yaml:"time_zone" json:"time_zone"`                             // IANA name
	Language    string  `yaml:"language" json:"language" enum:"zh,en"`                  // of the console
	Country     string  `yaml:"country" json:"country"`                                 // of numbers written without one, "CN"
	RingCadence Cadence `yaml:"ring_cadence" json:"ring_cadence" enum:"cn,us,uk,hk,jp"` // how long a ring is
	Music       string  `yaml:"music" json:"music"`                                     // prompt that those who wait or are held hear

	// Reasons is what calls are about, for the wrap-up. A document without means those that are usual in the language.
	Reasons []string `yaml:"reasons,omitempty,flow" json:"reasons" nullable:"false" doc:"What calls are about, for the wrap-up."`
}

// defaultInfo is what holds where the document says nothing.
func defaultInfo() Info {
	return Info{
		Name:        "Threering",
		TimeZone:    "Asia/Shanghai",
		Language:    "zh",
		Country:     "CN",
		RingCadence: "cn",
		Music:       "music",
	}
}

// Normal is the document with its defaults filled in and every value in the one
// form in which it is kept: documents that say the same have the same text.
func (d Document) Normal() Document {
	defaults := defaultInfo()
	d.Center = Info{
		Name:        cmp.Or(d.Center.Name, defaults.Name),
		TimeZone:    cmp.Or(d.Center.TimeZone, defaults.TimeZone),
		Language:    cmp.Or(d.Center.Language, defaults.Language),
		Country:     cmp.Or(d.Center.Country, defaults.Country),
		RingCadence: cmp.Or(d.Center.RingCadence, defaults.RingCadence),
		Music:       cmp.Or(d.Center.Music, defaults.Music),
		Reasons:     d.Center.Reasons,
	}
	d.Center.Reasons = d.Center.ownReasons()
	d.Trusted = slices.Clone(d.Trusted)
	for i, text := range d.Trusted {
		if network, err := parseNetwork(text); err == nil {
			d.Trusted[i] = network.String()
		}
	}
	d.Lines = d.Lines.Normal()
	d.Queues = slices.Clone(d.Queues)
	for i := range d.Queues {
		d.Queues[i] = d.Queues[i].normal()
	}
	d.CRM.Country = d.Center.Country
	d.CRM = d.CRM.Normal()
	return d
}

// Text is the document as YAML. [Check] reads it back.
func (d Document) Text() ([]byte, error) {
	var text bytes.Buffer
	e := yaml.NewEncoder(&text)
	e.SetIndent(2)
	if err := e.Encode(d); err != nil {
		return nil, fmt.Errorf("write the center's document: %w", err)
	}
	return text.Bytes(), nil
}

// parseNetwork reads 10.0.0.0/8, or one address as the network of itself.
func parseNetwork(text string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(text); err == nil && addr.Zone() == "" {
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	network, err := netip.ParsePrefix(text)
	switch {
	case err != nil:
		return netip.Prefix{}, err
	case network != network.Masked():
		return netip.Prefix{}, fmt.Errorf("%s is an address in the network %s", text, network.Masked())
	case network.Bits() == 0:
		return netip.Prefix{}, fmt.Errorf("%s is everybody", text)
	}
	return network, nil
}
