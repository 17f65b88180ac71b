package schema

import (
	"reflect"
	"slices"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/jsonschema"
)

// JSONSchema returns the language as a JSON Schema, by which editors complete
// and check spec files. What it cannot say, such as that names are unique, only
// Read checks.
func JSONSchema() []byte {
	d := definitions{}
	root := d.object("", keysOf(reflect.TypeFor[Spec]()))
	root.Title = "ecgen spec"
	root.Definitions = d
	return root.Encode()
}

// definitions are schemas that others refer to, by the names of their types.
type definitions map[string]*jsonschema.Schema

// value returns the schema of a value of any type of the language.
func (d definitions) value(of reflect.Type) *jsonschema.Schema {
	switch of {
	case reflect.TypeFor[Text](), reflect.TypeFor[Word]():
		return d.text()
	case reflect.TypeFor[Number]():
		return &jsonschema.Schema{Type: "integer", Minimum: new(int)}
	case reflect.TypeFor[Flag]():
		return &jsonschema.Schema{Type: "boolean"}
	}
	switch {
	case of.Kind() == reflect.Pointer:
		return d.value(of.Elem())
	case of.Kind() == reflect.Slice && isNamed(of.Elem()):
		return &jsonschema.Schema{Type: "object", AdditionalProperties: d.value(of.Elem())}
	case of.Kind() == reflect.Slice:
		return &jsonschema.Schema{Type: "array", Items: d.value(of.Elem())}
	default:
		return d.structure(of)
	}
}

// text defines text, which any scalar is.
func (d definitions) text() *jsonschema.Schema {
	d["text"] = &jsonschema.Schema{Type: []string{"string", "number", "boolean"}, MinimumLength: 1}
	return &jsonschema.Schema{Reference: "#/$defs/text"}
}

// structure defines a struct type and returns a reference to it.
func (d definitions) structure(of reflect.Type) *jsonschema.Schema {
	name := strings.ToLower(of.Name()[:1]) + of.Name()[1:]
	if _, defined := d[name]; !defined {
		if of == reflect.TypeFor[Entry]() {
			d[name] = d.entry(keysOf(of))
		} else {
			d[name] = d.object("", keysOf(of))
		}
	}
	return &jsonschema.Schema{Reference: "#/$defs/" + name}
}

func (d definitions) object(title string, keys []key) *jsonschema.Schema {
	object := &jsonschema.Schema{
		Title:                title,
		Type:                 "object",
		Properties:           make(map[string]*jsonschema.Schema),
		AdditionalProperties: false,
	}
	for _, k := range keys {
		property := d.value(k.of)
		property.Description = k.doc
		if len(k.choices) > 0 {
			property = &jsonschema.Schema{Description: k.doc, Values: k.choices}
		}
		object.Properties[k.name] = property
		if k.required {
			object.Required = append(object.Required, k.name)
		}
	}
	return object
}

// entry is any of the forms of an Entry, each with its own keys.
func (d definitions) entry(keys []key) *jsonschema.Schema {
	entry := new(jsonschema.Schema)
	for _, f := range entryForms {
		var own []key
		for _, k := range keys {
			if f.takes(k.name) {
				k.required = k.name == f.mark || slices.Contains(f.needs, k.name)
				own = append(own, k)
			}
		}
		entry.Alternatives = append(entry.Alternatives, d.object(f.mark, own))
	}
	return entry
}
