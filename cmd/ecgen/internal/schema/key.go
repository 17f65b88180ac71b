package schema

import (
	"reflect"
	"strings"
)

// key is a key of a mapping: the field that it fills and what its tags say.
type key struct {
	name     string
	required bool
	choices  []string
	doc      string
	field    int
	of       reflect.Type
}

// keysOf returns the keys of a mapping that is read into a struct type.
func keysOf(structure reflect.Type) []key {
	var keys []key
	for i := range structure.NumField() {
		field := structure.Field(i)
		name, option, _ := strings.Cut(field.Tag.Get("key"), ",")
		if name == "" {
			continue
		}
		keys = append(keys, key{
			name:     name,
			required: option == "required",
			choices:  strings.Fields(field.Tag.Get("oneof")),
			doc:      field.Tag.Get("doc"),
			field:    i,
			of:       field.Type,
		})
	}
	return keys
}

// isNamed reports whether items of a type stand in a mapping, by their names,
// rather than in a list.
func isNamed(item reflect.Type) bool {
	name, ok := item.FieldByName("Name")
	return ok && name.Tag.Get("key") == ""
}
