package describe

import (
	"reflect"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/jsonschema"
)

// JSONSchema returns the schema of descriptions.
func JSONSchema() []byte {
	d := definitions{}
	root := d.object(reflect.TypeFor[Protocol]())
	root.Title = "aMule's External Connections protocol"
	root.Definitions = d
	return root.Encode()
}

// definitions are schemas that others refer to, by the names of their types.
type definitions map[string]*jsonschema.Schema

// object returns the schema of a struct type.
func (d definitions) object(of reflect.Type) *jsonschema.Schema {
	object := &jsonschema.Schema{Type: "object", Properties: map[string]*jsonschema.Schema{}, AdditionalProperties: false}
	for _, f := range reflect.VisibleFields(of) {
		name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous {
			continue // its fields are visible, too
		}
		property := d.value(f.Type)
		property.Description = f.Tag.Get("doc")
		if choices := strings.Fields(f.Tag.Get("oneof")); len(choices) > 0 {
			chosen := property
			if property.Items != nil {
				chosen = property.Items
			}
			chosen.Values = choices
		}
		object.Properties[name] = property
		if option != "omitempty" {
			object.Required = append(object.Required, name)
		}
	}
	return object
}

// value returns the schema of a value of any type of the form.
func (d definitions) value(of reflect.Type) *jsonschema.Schema {
	switch of.Kind() {
	case reflect.String:
		return &jsonschema.Schema{Type: "string"}
	case reflect.Bool:
		return &jsonschema.Schema{Type: "boolean"}
	case reflect.Uint64:
		return &jsonschema.Schema{Type: "integer", Minimum: new(int)}
	case reflect.Slice:
		return &jsonschema.Schema{Type: "array", Items: d.value(of.Elem())}
	case reflect.Pointer:
		return d.value(of.Elem())
	default:
		name := strings.ToLower(of.Name()[:1]) + of.Name()[1:]
		if d[name] == nil {
			d[name] = d.object(of)
		}
		return &jsonschema.Schema{Reference: "#/$defs/" + name}
	}
}
