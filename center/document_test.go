package center

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"threering/config"
	"threering/crm"
	"threering/ivr"
)

func TestCheckNamesEachFault(t *testing.T) {
	const id = "an id of letters, digits, dots and dashes that no other person has"
	prompts, err := promptNames()
	require.NoError(t, err)
	_, err = Check("center.yaml", []byte(`center:
  time_zone: Mars/Olympus
  language: tlh
  country: Mars
  ring_cadence: fast
  music: noise
trusted:
  - 10.0.0.1/8
  - everywhere
  - 0.0.0.0/0
numbers:
  - {number: "400", flow: main}
flows:
  main:
    start: wait
    steps:
      wait: {queue: salez, next: bye, otherwise: bye}
      bye: {play: [zh/goodbye], hangup: normal}
queues:
  - name: sales
    agents: [ann, zoe, ann, eve]
    offer_timeout: 1s
    max_wait: 1000h
  - name: sales
    skill: klingon
    strategy: loudest
people:
  - {id: ann, name: Ann, role: agent, skills: {english: 11}}
  - {id: ann, name: Ann, role: boss}
  - {id: "a b", role: agent, device: "bob@192.0.2.7"}
  - {id: eve, name: Eve, role: admin}
customers:
  - {id: c1}
`))
	require.EqualError(t, err, strings.ReplaceAll(strings.TrimSpace(`
center.yaml:2: center.time_zone: found "Mars/Olympus"; allowed: an IANA time zone such as Asia/Shanghai
center.yaml:3: center.language: found "tlh"; allowed: zh, en
center.yaml:4: center.country: found "Mars"; allowed: a country's two letters such as CN
center.yaml:5: center.ring_cadence: found "fast"; allowed: cn, us, uk, hk, jp
center.yaml:6: center.music: found "noise"; allowed: PROMPTS
center.yaml:8: trusted.0: found "10.0.0.1/8"; allowed: a network such as 10.1.0.0/16, or one address, each once
center.yaml:9: trusted.1: found "everywhere"; allowed: a network such as 10.1.0.0/16, or one address, each once
center.yaml:10: trusted.2: found "0.0.0.0/0"; allowed: a network such as 10.1.0.0/16, or one address, each once
center.yaml:17: flows.main.steps.wait.queue: found "salez"; allowed: sales, sales
center.yaml:21: queues.0.agents.1: found "zoe"; allowed: ann, a b
center.yaml:21: queues.0.agents.2: found "ann"; allowed: each agent once
center.yaml:21: queues.0.agents.3: found "eve"; allowed: ann, a b
center.yaml:22: queues.0.offer_timeout: found "1s"; allowed: 3s to 2m0s
center.yaml:23: queues.0.max_wait: found "1000h0m0s"; allowed: 0s to 24h0m0s
center.yaml:24: queues.1.name: found "sales"; allowed: a name of letters, digits and dashes that no other queue has
center.yaml:25: queues.1.skill: found "klingon"; allowed: english
center.yaml:26: queues.1.strategy: found "loudest"; allowed: longest-idle, least-talk-time, fewest-calls, round-robin, top-down, ring-all
center.yaml:28: people.0.skills.english: found "11"; allowed: a level from 1 to 10 for a skill of letters, digits and dashes
center.yaml:29: people.1.id: found "ann"; allowed: `+id+`
center.yaml:29: people.1.role: found "boss"; allowed: agent, supervisor, qa, admin
center.yaml:30: people.2.id: found "a b"; allowed: `+id+`
center.yaml:30: people.2.name: found nothing; allowed: a name
center.yaml:30: people.2.device: found "bob@192.0.2.7"; allowed: a phone's fixed address such as sip:1001@192.0.2.7:5060
center.yaml:33: customers.0.name: found nothing; allowed: a text
`), "PROMPTS", strings.Join(prompts, ", ")))
}

func TestCheckNamesUnknownKeysAndTypes(t *testing.T) {
	_, err := Check("center.yaml", []byte("peeple: []\nqueues:\n  - name: sales\n    max_wait: 120\n"))
	require.EqualError(t, err, `center.yaml:1: peeple: unknown key; allowed: center, trusted, trunks, numbers, flows, queues, people, customers
center.yaml:4: queues.0.max_wait: found 120; allowed: a time such as 11s or 1m30s`)
	require.IsType(t, config.Problems{}, err)
}

func TestCheckFillsInTheDefaults(t *testing.T) {
	doc := checked(t, "center: {name: Ours}")
	require.Equal(t, Info{"Ours", "Asia/Shanghai", "zh", "CN", "cn", "music", nil}, doc.Center)
}

func TestPhones(t *testing.T) {
	for uri, want := range map[string]bool{
		"sip:1001@192.0.2.7:5060": true, "sip:1001@192.0.2.7": true, "sip:a.b@[2001:db8::1]:5060": true, "sip:a@[::1]": true,
		"sip:192.0.2.7": false, "1001@192.0.2.7": false, "sip:a@phone.example": false, "sip:a@192.0.2.7:0": false,
		"sip:a@192.0.2.7:70000": false, "sip:a b@192.0.2.7": false, "sip:a@192.0.2.7;x=y": false,
	} {
		require.Equal(t, want, isPhone(uri), uri)
	}
}

func TestThreeRings(t *testing.T) {
	for cadence, want := range map[Cadence][2]time.Duration{
		"cn": {15 * time.Second, 11 * time.Second},
		"us": {18 * time.Second, 14 * time.Second},
		"uk": {9 * time.Second, 7 * time.Second},
	} {
		require.Equal(t, want, [2]time.Duration{cadence.Target(), cadence.OfferTimeout()}, cadence)
	}
}

// documents are documents that pass Check.
func documents() *rapid.Generator[Document] {
	text := rapid.SampledFrom([]string{"", "销售", "it's: \"so\"", "0x1f", "- no"})
	times := rapid.Ptr(rapid.SampledFrom([]time.Duration{0, time.Second, 30 * time.Second, 2 * time.Second}), true)
	return rapid.Custom(func(t *rapid.T) Document {
		d := Document{
			Center: Info{
				Name: text.Draw(t, "name"), TimeZone: rapid.SampledFrom([]string{"", "UTC", "Europe/London"}).Draw(t, "zone"),
				RingCadence: Cadence(rapid.SampledFrom(append(cadences(), "")).Draw(t, "cadence")),
				Country:     rapid.SampledFrom([]string{"", "US"}).Draw(t, "country"),
				Language:    rapid.SampledFrom([]string{"", "zh", "en"}).Draw(t, "language"),
				Reasons: rapid.OneOf(
					rapid.Just(usualReasons("en")), rapid.Just(usualReasons("zh")),
					rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"投诉", "it's: \"so\"", "- no", "1", "null", "a, b"}), 0, 4, rapid.ID[string]),
				).Draw(t, "reasons"),
			},
			Trusted: rapid.SliceOfDistinct(rapid.SampledFrom([]string{"10.0.0.0/8", "::1", "192.0.2.7", "2001:db8::/32"}), rapid.ID[string]).Draw(t, "trusted"),
		}
		var takers []string
		for i := range rapid.IntRange(0, 4).Draw(t, "people") {
			p := Person{ID: fmt.Sprint(1001 + i), Name: "N" + text.Draw(t, "name"), Role: rapid.SampledFrom([]Role{Agent, Supervisor, QA, Admin}).Draw(t, "role")}
			p.Skills = rapid.MapOfN(rapid.SampledFrom([]string{"a", "销售"}), rapid.IntRange(1, 10), 0, 2).Draw(t, "skills")
			if rapid.Bool().Draw(t, "fixed") {
				p.Device = "sip:1001@192.0.2.7:5060"
			}
			if p.Role.takesCalls() {
				takers = append(takers, p.ID)
			}
			d.People = append(d.People, p)
		}
		most := 3
		if len(takers) == 0 {
			most = 0 // somebody has to serve a queue
		}
		for i := range rapid.IntRange(0, most).Draw(t, "queues") {
			q := Queue{
				Name: fmt.Sprint("q", i), Title: text.Draw(t, "title"), Misses: rapid.IntRange(0, 2).Draw(t, "misses"),
				Strategy:     rapid.SampledFrom(append(strategies, "", longestIdle)).Draw(t, "strategy"),
				OfferTimeout: rapid.SampledFrom([]time.Duration{0, 11 * time.Second}).Draw(t, "timeout"),
				MaxWait:      times.Draw(t, "wait"), WrapUp: times.Draw(t, "wrap-up"), Breather: times.Draw(t, "breather"),
				Announce: rapid.Ptr(rapid.Bool(), true).Draw(t, "announce"),
			}
			q.Agents = rapid.SliceOfNDistinct(rapid.SampledFrom(takers), 1, -1, rapid.ID[string]).Draw(t, "agents")
			if q.Routing = drawRouting(t, q.Agents); q.UntilEnd {
				q.WrapUp = new(time.Duration)
			}
			d.Queues = append(d.Queues, q)
			d.IVR.Numbers = append(d.IVR.Numbers, ivr.Number{Number: fmt.Sprint(400 + i), Flow: "main"})
			d.IVR.Flows = map[string]ivr.Flow{"main": {Start: "wait", Steps: map[string]ivr.Step{
				"wait": {Queue: q.Name, Next: "bye", Otherwise: "bye"}, "bye": {Hangup: "normal"},
			}}}
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "customers") {
			d.CRM.Customers = append(d.CRM.Customers, crm.Customer{ID: fmt.Sprint(i), Name: "N" + text.Draw(t, "name"), Numbers: []string{"+8613800138000"}})
		}
		return d
	})
}

func TestExportAppliesBackToNoChange(t *testing.T) {
	c := open(t)
	rapid.Check(t, func(rt *rapid.T) {
		doc := documents().Draw(rt, "document")
		first, err := c.Apply(t.Context(), doc)
		require.NoError(rt, err)

		text, err := c.Export(t.Context())
		require.NoError(rt, err)
		want, err := doc.Normal().Text()
		require.NoError(rt, err)
		require.Equal(rt, string(want), string(text), "nothing is lost")

		back, err := Check("export.yaml", text)
		require.NoError(rt, err)
		again, err := c.Apply(t.Context(), back)
		require.NoError(rt, err)
		require.Equal(rt, Changes{Revision: first.Revision}, again)
	})
}

func TestDemo(t *testing.T) {
	doc, err := Check("demo.yaml", Demo())
	require.NoError(t, err)
	require.Len(t, doc.People, 7)
	require.Len(t, doc.CRM.Customers, 36)

	c := open(t)
	_, err = c.Apply(t.Context(), doc)
	require.NoError(t, err)
	text, err := c.Export(t.Context())
	require.NoError(t, err)
	back, err := Check("export.yaml", text)
	require.NoError(t, err)
	changes, err := c.Apply(t.Context(), back)
	require.NoError(t, err)
	require.Empty(t, changes.Lines)
}

func TestDemoHasTheFlowOfTheIVR(t *testing.T) {
	text, err := os.ReadFile("../ivr/testdata/demo_flow.yaml")
	require.NoError(t, err)
	var want ivr.Part
	_, err = config.DecodeYAML("demo_flow.yaml", text, &want)
	require.NoError(t, err)
	want.Country = "CN"
	require.Equal(t, want, checked(t, string(Demo())).IVR)
}

func TestDemoCallsBelongToTheDemo(t *testing.T) {
	doc := checked(t, string(Demo()))
	numbers := map[string]bool{}
	for _, customer := range doc.CRM.Customers {
		for _, n := range customer.Numbers {
			numbers[n] = true
		}
	}
	zone, err := time.LoadLocation(doc.Center.TimeZone)
	require.NoError(t, err)
	now := time.Date(2026, 11, 22, 1, 0, 0, 0, time.UTC)
	require.NotEmpty(t, DemoCalls())
	for _, call := range DemoCalls() {
		require.True(t, numbers[crm.ParseNumber(call.Number, "CN").String()], call.Number)
		require.Contains(t, names(doc.Queues), call.Queue)
		queue := doc.Queues[indexOf(names(doc.Queues), call.Queue)]
		require.Contains(t, queue.servedBy(doc.People), call.Agent)
		require.Positive(t, call.Seconds)
		require.NotEmpty(t, call.Disposition)
		at := call.At(now, zone)
		require.True(t, at.Before(now) && now.Sub(at) < 60*24*time.Hour, at)
		require.Equal(t, call.Time, at.Format("15:04"))
	}
}

func indexOf(all []string, one string) int {
	for i, s := range all {
		if s == one {
			return i
		}
	}
	return -1
}
