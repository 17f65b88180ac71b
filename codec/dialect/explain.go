package dialect

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"strings"

	"github.com/ecgen/ecgen/codec"
)

// Line is some bytes of a packet and what they mean.
type Line struct {
	Bytes []byte
	Depth int // of the tag that they belong to, 1 for the top level; 0 for the packet's own
	Text  string
}

// Explain takes one packet, which is all of b, apart into numbers and own data
// in the order in which they stand there. A zlib stream is one line, behind
// which stand the lines of what it inflates to. Names come from codes, which
// may be nil.
func (d Dialect) Explain(b []byte, codes *Codes, limits codec.Limits) ([]Line, error) {
	p, size, err := d.Consume(b, limits)
	if err != nil {
		return nil, err
	}
	if size < len(b) {
		return nil, &codec.Error{Err: codec.ErrTrailing, Offset: size}
	}
	e := explainer{dialect: d, codes: codes}
	e.head(b, p)
	body := b[d.HeadSize(p):]
	if p.Flags&codec.FlagZlib != 0 {
		if body, err = e.inflate(body); err != nil {
			return nil, err
		}
	}
	plain := &Packet{Flags: p.Flags &^ codec.FlagZlib, Accepts: p.Accepts}
	err = d.readTree(plain, newBytes(body), limits, func(part part) { e.part(body, part) })
	if rest := plain.Trailing; len(rest) > 0 {
		e.add(rest, 0, "behind the tree, which readers ignore")
	}
	return e.lines, err
}

type explainer struct {
	dialect Dialect
	codes   *Codes
	lines   []Line
}

func (e *explainer) add(b []byte, depth int, text string) {
	e.lines = append(e.lines, Line{Bytes: b, Depth: depth, Text: text})
}

// head explains what stands before the body.
func (e *explainer) head(b []byte, p *Packet) {
	framed := e.dialect.Framing() == ByLength
	word := func(text string) {
		size := 4
		if !framed {
			for size = 1; size < 4 && b[size-1]&0x80 != 0; size++ {
			}
		}
		e.add(b[:size], 0, text)
		b = b[size:]
	}
	word(fmt.Sprintf("flags %#x%s", uint32(p.Flags), e.flagNames(p.Flags)))
	if e.dialect.HasAccepts(p.Flags) {
		word(fmt.Sprintf("accepts %#x%s", uint32(p.Accepts), e.flagNames(p.Accepts)))
	}
	if framed {
		word("length of the body")
	}
}

func (e *explainer) flagNames(flags codec.Flags) string {
	names := e.dialect.FlagNames(flags)
	if len(names) == 0 {
		return ""
	}
	return ": " + strings.Join(names, ", ")
}

// FlagNames returns what the bits of flags mean in the dialect, apart from the
// one that all packets have and those that mean nothing.
func (d Dialect) FlagNames(flags codec.Flags) (names []string) {
	for _, bit := range []struct {
		flag codec.Flags
		name string
		has  bool
	}{
		{codec.FlagZlib, "zlib", true},
		{codec.FlagUTF8Numbers, "UTF-8 numbers", true},
		{FlagID, "number", d.rules().id},
		{FlagAccepts, "accepts word", d.rules().accepts},
		{codec.FlagLargeTagCount, "large tag count", d.rules().large},
	} {
		if bit.has && flags&bit.flag != 0 {
			names = append(names, bit.name)
		}
	}
	return names
}

// inflate explains a zlib stream and returns what it inflates to.
func (e *explainer) inflate(body []byte) ([]byte, error) {
	in := newBytes(body)
	stream, err := zlib.NewReader(in)
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(stream)
	e.add(body[:len(body)-in.Len()], 0, fmt.Sprintf("zlib stream of %d bytes, which follow", len(plain)))
	return plain, err
}

// part explains a part of the body.
func (e *explainer) part(body []byte, p part) {
	b := bytes.Clone(body[p.at : p.at+p.size])
	depth := p.depth + 1
	switch p.kind {
	case partID:
		e.add(b, 0, fmt.Sprintf("packet number %d", p.value))
	case partOpcode:
		e.add(b, 0, "opcode "+e.name(e.codes.opcodeName(codec.Opcode(p.value)), p.value, 2))
	case partCount:
		e.add(b, p.depth, plural(p.value, "tag"))
	case partName:
		e.add(b, depth, e.name(e.codes.tagName(p.tag.Name), uint64(p.tag.Name), 4))
	case partType:
		e.add(b, depth, "type "+p.tag.Type.String())
	case partLength:
		e.add(b, depth, fmt.Sprintf("length %d", p.value))
	case partData:
		e.add(b, depth, e.value(p.tag))
	}
}

func (e *explainer) name(name string, code uint64, digits int) string {
	text := fmt.Sprintf("0x%0*x", digits, code)
	if name == "" {
		return text
	}
	return name + " (" + text + ")"
}

// value returns own data as text for people.
func (e *explainer) value(t *codec.Tag) string {
	if e.codes != nil {
		t = &e.codes.Interpret(e.dialect, &codec.Packet{Tags: []codec.Tag{*t}}).Tags[0]
	}
	switch {
	case t.Type == codec.TypeUnknown:
		return plural(uint64(len(t.Data)), "byte")
	case t.Type == codec.TypeHash16 && e.dialect.rules().reversed:
		return "hash " + t.Value() + ", last byte first"
	default:
		return t.Value()
	}
}

func plural(n uint64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// opcodeName and tagName are the exported methods, for codes that may be nil.
func (c *Codes) opcodeName(op codec.Opcode) string {
	if c == nil {
		return ""
	}
	return c.OpcodeName(op)
}

func (c *Codes) tagName(name codec.TagName) string {
	if c == nil {
		return ""
	}
	return c.TagName(name)
}
