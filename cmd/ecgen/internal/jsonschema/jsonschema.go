// Package jsonschema writes JSON Schemas.
package jsonschema

import (
	"bytes"
	"encoding/json"
)

// Schema holds the keywords of JSON Schema that are of use here.
type Schema struct {
	Schema               string             `json:"$schema,omitempty"`
	Title                string             `json:"title,omitempty"`
	Description          string             `json:"description,omitempty"`
	Reference            string             `json:"$ref,omitempty"`
	Type                 any                `json:"type,omitempty"`
	Values               []string           `json:"enum,omitempty"`
	Minimum              *int               `json:"minimum,omitempty"`
	MinimumLength        int                `json:"minLength,omitempty"`
	Items                *Schema            `json:"items,omitempty"`
	Properties           map[string]*Schema `json:"properties,omitempty"`
	Required             []string           `json:"required,omitempty"`
	AdditionalProperties any                `json:"additionalProperties,omitempty"`
	Alternatives         []*Schema          `json:"anyOf,omitempty"`
	Definitions          map[string]*Schema `json:"$defs,omitempty"`
}

// Encode returns the schema as an indented document.
func (s *Schema) Encode() []byte {
	s.Schema = "https://json-schema.org/draft/2020-12/schema"
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(s); err != nil {
		panic(err)
	}
	return out.Bytes()
}
