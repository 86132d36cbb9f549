package config

import (
	"reflect"
	"strings"
)

// keys says which keys a mapping may have, and the type behind each.
type keys interface {
	lookup(key string) (reflect.Type, bool)
	words() string
}

// anyKey is the keys of a map: free to choose, all of one type.
type anyKey struct{ value reflect.Type }

func (k anyKey) lookup(string) (reflect.Type, bool) { return k.value, true }
func (k anyKey) words() string                      { return "a mapping" }

// fieldKeys is the keys of a struct, in the order of its fields.
type fieldKeys []fieldKey

type fieldKey struct {
	name  string
	index []int // the field, as reflect's FieldByIndex takes it
	value reflect.Type
}

func (k fieldKeys) lookup(key string) (reflect.Type, bool) {
	for _, f := range k {
		if f.name == key {
			return f.value, true
		}
	}
	return nil, false
}

func (k fieldKeys) words() string {
	names := make([]string, len(k))
	for i, f := range k {
		names[i] = f.name
	}
	return strings.Join(names, ", ")
}

// keysOf reads the yaml tags of a struct.
func keysOf(t reflect.Type) fieldKeys {
	var keys fieldKeys
	for field := range t.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		if name == "-" || !field.IsExported() {
			continue
		}
		if strings.Contains(options, "inline") {
			for _, inner := range keysOf(field.Type) {
				inner.index = append(field.Index, inner.index...)
				keys = append(keys, inner)
			}
			continue
		}
		if name == "" {
			name = strings.ToLower(field.Name) // as the YAML package does
		}
		keys = append(keys, fieldKey{name, field.Index, field.Type})
	}
	return keys
}
