package center

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// entry is one thing of a document that people would name: a queue, a person.
type entry struct {
	name  string // "queue sales"; no other entry has it
	words string // said beside it, such as a person's name
	value any    // a struct or string
}

// entries is a document as a list of such things, in its order.
func (d Document) entries() []entry {
	all := []entry{{"center", d.Center.Name, d.Center}}
	for _, network := range d.Trusted {
		all = append(all, entry{"trusted network " + network, "", network})
	}
	for _, t := range d.Lines.Trunks {
		all = append(all, entry{"trunk " + t.Name, "", t})
	}
	for _, n := range d.IVR.Numbers {
		all = append(all, entry{"number " + n.Number, "", n})
	}
	for _, name := range slices.Sorted(maps.Keys(d.IVR.Flows)) {
		all = append(all, entry{"flow " + name, "", d.IVR.Flows[name]})
	}
	for _, q := range d.Queues {
		all = append(all, entry{"queue " + q.Name, q.Title, q})
	}
	for _, p := range d.People {
		all = append(all, entry{"person " + p.ID, p.Name, p})
	}
	for _, customer := range d.CRM.Customers {
		all = append(all, entry{"customer " + customer.ID, customer.Name, customer})
	}
	return all
}

// difference says in lines what makes one normal document into another that is
// not equal to it.
func difference(old, new Document) []string {
	before, after := byName(old.entries()), byName(new.entries())
	var lines []string
	for _, e := range new.entries() {
		was, there := before[e.name]
		switch {
		case !there:
			lines = append(lines, e.line("added"))
		case !sameText(was.value, e.value):
			lines = append(lines, e.line("changed")+": "+strings.Join(changedKeys(was.value, e.value), ", "))
		}
	}
	for _, e := range old.entries() {
		if _, there := after[e.name]; !there {
			lines = append(lines, e.line("removed"))
		}
	}
	if len(lines) == 0 {
		lines = append(lines, "changed the order of the document")
	}
	return lines
}

func byName(entries []entry) map[string]entry {
	all := map[string]entry{}
	for _, e := range entries {
		all[e.name] = e
	}
	return all
}

// sameText tells whether two values look the same in a document, where no list
// and an empty one do.
func sameText(a, b any) bool {
	textA, errA := yaml.Marshal(a)
	textB, errB := yaml.Marshal(b)
	return errA == nil && errB == nil && bytes.Equal(textA, textB)
}

func (e entry) line(what string) string {
	if e.words == "" {
		return what + " " + e.name
	}
	return fmt.Sprintf("%s %s (%s)", what, e.name, e.words)
}

// changedKeys is the keys whose values differ in two structs of one type.
func changedKeys(old, new any) []string {
	var keys []string
	a, b := reflect.ValueOf(old), reflect.ValueOf(new)
	for i := range a.NumField() {
		if sameText(a.Field(i).Interface(), b.Field(i).Interface()) {
			continue
		}
		key, _, _ := strings.Cut(a.Type().Field(i).Tag.Get("yaml"), ",")
		keys = append(keys, key)
	}
	return keys
}
