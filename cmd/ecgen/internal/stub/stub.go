// Package stub writes the beginnings of a spec for codes that it does not place.
package stub

import (
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// Write writes a spec file with an entry for each opcode and tag that nothing
// places, and as comments the values that enums lack. It can be read as it is;
// what is a guess or missing is marked with TODO. When there is nothing to
// write, it writes nothing.
func Write(w io.Writer, p *model.Protocol) error {
	var b strings.Builder
	values(&b, p.Enums)
	messages(&b, p)
	tags(&b, p)
	if b.Len() == 0 {
		return nil
	}
	_, err := fmt.Fprintf(w, "# What the spec lacks. Each entry goes where it belongs; TODO marks what is to be decided.\n%s", &b)
	return err
}

func values(b *strings.Builder, enums []*model.Enum) {
	for _, enum := range enums {
		for i, value := range enum.Missing {
			if i == 0 {
				fmt.Fprintf(b, "\n# For the values of %s in %s:\n", enum.Name, path.Base(enum.Position.File))
			}
			fmt.Fprintf(b, "#      - {name: %s, value: %#x, doc: TODO}\n", value.Name, value.Value)
		}
	}
}

func messages(b *strings.Builder, p *model.Protocol) {
	for i, code := range model.Unplaced(p.Opcodes) {
		if i == 0 {
			b.WriteString("\nmessages:\n")
		} else {
			b.WriteString("\n")
		}
		from := "client"
		if has(p.Opcodes, "GET_"+code.Name) {
			from = "daemon"
		}
		fmt.Fprintf(b, "  # EC_OP_%s = %#02x\n  - opcode: %s\n    from: %s # TODO: client, daemon or both\n", code.Name, code.Value, code.Name, from)
		fmt.Fprintf(b, "    doc: TODO\n    since: TODO\n    # TODO: replies of a request, pushed if it is sent unasked\n    tags: []\n")
	}
}

func has(codes []*model.Code, name string) bool {
	return slices.ContainsFunc(codes, func(c *model.Code) bool { return c.Name == name })
}

func tags(b *strings.Builder, p *model.Protocol) {
	for i, code := range model.Unplaced(p.Tags) {
		if i == 0 {
			b.WriteString("\ngroups:\n  new_tags:\n    doc: Tags that are to be placed.\n    tags:\n")
		}
		fmt.Fprintf(b, "      # EC_TAG_%s = 0x%04x%s\n", code.Name, code.Value, beside(p, code))
		fmt.Fprintf(b, "      - tag: %s\n        type: %s # TODO: a guess by the name\n        since: TODO\n        doc: TODO\n", code.Name, guess(code.Name))
	}
}

// beside says where the tag of the same hundred stands whose number is nearest
// below.
func beside(p *model.Protocol, code *model.Code) string {
	var nearest *model.Field
	var in *model.Struct
	for _, s := range p.Shapes() {
		for _, f := range s.Fields {
			near := f.Tag.Value < code.Value && f.Tag.Value>>8 == code.Value>>8
			if near && (nearest == nil || f.Tag.Value > nearest.Tag.Value) {
				nearest, in = f, s
			}
		}
	}
	if nearest == nil {
		return ""
	}
	return fmt.Sprintf("; %s stands in %s of %s", nearest.Tag.Name, in.Name, path.Base(in.Position.File))
}

// guesses are the types that words at the end of a tag's name suggest.
var guesses = []struct{ endings, typeName string }{
	{"HASH HASHES", "hash16"},
	{"NAME FILENAME TITLE COMMENT DESC URL PATH DIR LINK TEXT MESSAGE STR ARTIST ALBUM CODEC", "string"},
	{"IP", "ipv4"},
	{"PORT", "uint16"},
	{"SIZE BYTES XFERRED", "uint64"},
	{"ENABLED ACTIVE AUTO", "bool"},
}

func guess(name string) string {
	if strings.HasPrefix(name, "CAN_") {
		return "empty"
	}
	last := name[strings.LastIndex(name, "_")+1:]
	for _, g := range guesses {
		if slices.Contains(strings.Fields(g.endings), last) {
			return g.typeName
		}
	}
	return "uint32"
}
