// Package dissector writes a Wireshark dissector in Lua: tables from the
// resolved protocol, and the program that works by them, which is written by
// hand.
package dissector

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"text/template"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// Name is what the file is called.
const Name = "amule_ec.lua"

//go:embed amule_ec.lua.tmpl
var source string

var functions = template.FuncMap{
	"quote": quote,
	"inc":   func(i int) int { return i + 1 },
}

// parsed keeps the template that is parsed once.
var parsed = template.Must(template.New(Name).Funcs(functions).Parse(source))

// Generate returns the dissector. It fails when the spec lacks the login by
// which connections are known.
func Generate(p *model.Protocol) ([]byte, error) {
	t, err := newTables(p)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := parsed.Execute(&out, t); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// quote returns a text as a Lua string.
func quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(text) {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, "\\%03d", c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
