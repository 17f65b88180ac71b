package schema

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// JSONSchema returns the language as a JSON Schema, by which editors complete
// and check spec files. What it cannot say, such as that names are unique, only
// Read checks.
func JSONSchema() []byte {
	d := definitions{}
	root := d.object("", keysOf(reflect.TypeFor[Spec]()))
	root.Schema = "https://json-schema.org/draft/2020-12/schema"
	root.Title = "ecgen spec"
	root.Definitions = d

	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(root); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// jsonSchema holds the keywords of JSON Schema that are of use here.
type jsonSchema struct {
	Schema               string                 `json:"$schema,omitempty"`
	Title                string                 `json:"title,omitempty"`
	Description          string                 `json:"description,omitempty"`
	Reference            string                 `json:"$ref,omitempty"`
	Type                 any                    `json:"type,omitempty"`
	Values               []string               `json:"enum,omitempty"`
	Minimum              *int                   `json:"minimum,omitempty"`
	MinimumLength        int                    `json:"minLength,omitempty"`
	Items                *jsonSchema            `json:"items,omitempty"`
	Properties           map[string]*jsonSchema `json:"properties,omitempty"`
	Required             []string               `json:"required,omitempty"`
	AdditionalProperties any                    `json:"additionalProperties,omitempty"`
	Alternatives         []*jsonSchema          `json:"anyOf,omitempty"`
	Definitions          definitions            `json:"$defs,omitempty"`
}

// definitions are schemas that others refer to, by the names of their types.
type definitions map[string]*jsonSchema

// value returns the schema of a value of any type of the language.
func (d definitions) value(of reflect.Type) *jsonSchema {
	switch of {
	case reflect.TypeFor[Text](), reflect.TypeFor[Word]():
		return d.text()
	case reflect.TypeFor[Number]():
		return &jsonSchema{Type: "integer", Minimum: new(int)}
	case reflect.TypeFor[Flag]():
		return &jsonSchema{Type: "boolean"}
	}
	switch {
	case of.Kind() == reflect.Pointer:
		return d.value(of.Elem())
	case of.Kind() == reflect.Slice && isNamed(of.Elem()):
		return &jsonSchema{Type: "object", AdditionalProperties: d.value(of.Elem())}
	case of.Kind() == reflect.Slice:
		return &jsonSchema{Type: "array", Items: d.value(of.Elem())}
	default:
		return d.structure(of)
	}
}

// text defines text, which any scalar is.
func (d definitions) text() *jsonSchema {
	d["text"] = &jsonSchema{Type: []string{"string", "number", "boolean"}, MinimumLength: 1}
	return &jsonSchema{Reference: "#/$defs/text"}
}

// structure defines a struct type and returns a reference to it.
func (d definitions) structure(of reflect.Type) *jsonSchema {
	name := strings.ToLower(of.Name()[:1]) + of.Name()[1:]
	if _, defined := d[name]; !defined {
		if of == reflect.TypeFor[Entry]() {
			d[name] = d.entry(keysOf(of))
		} else {
			d[name] = d.object("", keysOf(of))
		}
	}
	return &jsonSchema{Reference: "#/$defs/" + name}
}

func (d definitions) object(title string, keys []key) *jsonSchema {
	object := &jsonSchema{
		Title:                title,
		Type:                 "object",
		Properties:           make(map[string]*jsonSchema),
		AdditionalProperties: false,
	}
	for _, k := range keys {
		property := d.value(k.of)
		property.Description = k.doc
		if len(k.choices) > 0 {
			property = &jsonSchema{Description: k.doc, Values: k.choices}
		}
		object.Properties[k.name] = property
		if k.required {
			object.Required = append(object.Required, k.name)
		}
	}
	return object
}

// entry is any of the forms of an Entry, each with its own keys.
func (d definitions) entry(keys []key) *jsonSchema {
	entry := new(jsonSchema)
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
