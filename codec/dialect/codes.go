package dialect

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/ecgen/ecgen/codec"
)

// Codes are the names of the codes of some releases, and what their tags
// hold. It is not changed after it was made and may be used by several
// goroutines at once.
type Codes struct {
	opcodes map[codec.Opcode]string
	tags    map[codec.TagName]tagCode
}

// tagCode is what is known of the tags of one name.
type tagCode struct {
	name     string
	types    []codec.Type // of own data, the likeliest first; TypeCustom for bytes
	empty    bool         // it may stand there without own data
	children bool
}

// ParseCodes reads a table of codes: a line for each, with tabs between the
// columns, as in
//
//	opcode	0x0c	STATS
//	tag	0x0009	CONNSTATE	uint8|uint32	children
//
// Lines that begin with # are left out. Package spec has such tables.
func ParseCodes(text string) (*Codes, error) {
	c := &Codes{opcodes: make(map[codec.Opcode]string), tags: make(map[codec.TagName]tagCode)}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		if err := c.parse(strings.Split(line, "\t")); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	return c, nil
}

func (c *Codes) parse(columns []string) error {
	if len(columns) < 3 {
		return fmt.Errorf("want a kind, a number and a name")
	}
	code, err := strconv.ParseUint(columns[1], 0, 16)
	if err != nil {
		return err
	}
	switch columns[0] {
	case "opcode":
		c.opcodes[codec.Opcode(code)] = columns[2]
	case "tag":
		t := tagCode{name: columns[2], children: len(columns) > 4 && columns[4] == "children"}
		if len(columns) > 3 && columns[3] != "" {
			err = t.parseTypes(columns[3])
		}
		c.tags[codec.TagName(code)] = t
	default:
		err = fmt.Errorf("want opcode or tag, not %q", columns[0])
	}
	return err
}

var typeWords = map[string][]codec.Type{
	"integer": {codec.TypeUint8, codec.TypeUint16, codec.TypeUint32, codec.TypeUint64},
	"uint8":   {codec.TypeUint8}, "uint16": {codec.TypeUint16}, "uint32": {codec.TypeUint32}, "uint64": {codec.TypeUint64},
	"string": {codec.TypeString}, "double": {codec.TypeDouble}, "ipv4": {codec.TypeIPv4}, "hash": {codec.TypeHash16},
	"uint128": {codec.TypeUint128}, "bytes": {codec.TypeCustom},
}

func (t *tagCode) parseTypes(words string) error {
	for word := range strings.SplitSeq(words, "|") {
		types, ok := typeWords[word]
		switch {
		case ok:
			t.types = append(t.types, types...)
		case word == "empty":
			t.empty = true
		default:
			return fmt.Errorf("there is no type %q", word)
		}
	}
	return nil
}

// OpcodeName returns the protocol's name of an opcode, or "".
func (c *Codes) OpcodeName(op codec.Opcode) string { return c.opcodes[op] }

// TagName returns the protocol's name of a tag, or "".
func (c *Codes) TagName(name codec.TagName) string { return c.tags[name].name }

// Interpret returns a copy of p as a program of the dialect understands it:
// tags without a type have the one that the codes give them, as far as own
// data is of its form, and hashes have their usual order.
func (c *Codes) Interpret(d Dialect, p *codec.Packet) *codec.Packet {
	return &codec.Packet{Opcode: p.Opcode, Tags: c.interpretTags(d.rules(), p.Tags)}
}

func (c *Codes) interpretTags(r *rules, tags []codec.Tag) []codec.Tag {
	tags = slices.Clone(tags)
	for i := range tags {
		t := &tags[i]
		if !r.typed {
			t.Type, _ = c.typeOf(t)
		}
		if r.reversed && t.Type == codec.TypeHash16 {
			t.Data = slices.Clone(t.Data)
			slices.Reverse(t.Data)
		}
		t.Children = c.interpretTags(r, t.Children)
	}
	return tags
}

// typeOf returns the type of a tag without one, and whether its data is of a
// form that the codes know.
func (c *Codes) typeOf(t *codec.Tag) (kind codec.Type, fits bool) {
	code, known := c.tags[t.Name]
	if len(t.Data) == 0 {
		return codec.TypeCustom, known
	}
	for _, kind := range code.types {
		if isOf(kind, t.Data) {
			return kind, true
		}
	}
	wide := integerOf(len(t.Data))
	if wide != codec.TypeUnknown && slices.ContainsFunc(code.types, isInteger) {
		return wide, true
	}
	return codec.TypeUnknown, known && len(code.types) == 0 && !code.empty
}

func isInteger(kind codec.Type) bool { return kind >= codec.TypeUint8 && kind <= codec.TypeUint64 }

// integerOf returns the type of an integer of this many bytes, or TypeUnknown.
func integerOf(size int) codec.Type {
	switch size {
	case 1:
		return codec.TypeUint8
	case 2:
		return codec.TypeUint16
	case 4:
		return codec.TypeUint32
	case 8:
		return codec.TypeUint64
	default:
		return codec.TypeUnknown
	}
}

// isOf reports whether data is of the form of a type.
func isOf(kind codec.Type, data []byte) bool {
	switch kind {
	case codec.TypeString:
		return slices.Index(data, 0) == len(data)-1
	case codec.TypeDouble:
		text, ok := (&codec.Tag{Type: kind, Data: data}).Text()
		_, err := codec.Double(text).Float64()
		return ok && text != "" && err == nil
	case codec.TypeIPv4:
		return len(data) == 6
	case codec.TypeHash16, codec.TypeUint128:
		return len(data) == 16
	case codec.TypeCustom:
		return true
	default:
		return integerOf(len(data)) == kind
	}
}

// Protocol returns the codes as package codec/view wants them. Since nothing
// is known of which tags stand where, any tag may stand anywhere.
func (c *Codes) Protocol() *codec.Protocol {
	p := &codec.Protocol{
		Opcodes: make(map[codec.Opcode]codec.Label, len(c.opcodes)),
		Tags:    make(map[codec.TagName]codec.Label, len(c.tags)),
		Shapes:  []codec.Shape{{Name: "Message"}},
	}
	for from := range p.Messages {
		p.Messages[from] = make(map[codec.Opcode]int, len(c.opcodes))
	}
	for op, name := range c.opcodes {
		p.Opcodes[op] = codec.Label{Protocol: name, Go: name}
		p.Messages[codec.FromClient][op], p.Messages[codec.FromDaemon][op] = 0, 0
	}
	var fields []codec.Field
	for name, t := range c.tags {
		p.Tags[name] = codec.Label{Protocol: t.name, Go: t.name}
		f, own := t.field(name)
		if f.Kind == codec.KindObject {
			f.Children = len(p.Shapes)
			p.Shapes = append(p.Shapes, codec.Shape{Name: t.name, Own: own})
		}
		fields = append(fields, f)
	}
	slices.SortFunc(fields, func(a, b codec.Field) int { return int(a.Tag) - int(b.Tag) })
	for i := range p.Shapes {
		p.Shapes[i].Fields = fields
	}
	return p
}

// field returns what the tag is to package codec: a list, unless it may be
// empty; with several types or children an object, and its own data.
func (t *tagCode) field(name codec.TagName) (f codec.Field, own []codec.Field) {
	for _, kind := range t.types {
		if leaf := leafKind(kind); !slices.ContainsFunc(own, func(f codec.Field) bool { return f.Kind == leaf }) {
			own = append(own, codec.Field{Kind: leaf, Most: math.MaxUint64})
		}
	}
	f = codec.Field{Tag: name, Name: t.name, Repeated: true, Most: math.MaxUint64}
	switch {
	case t.children || len(own) > 1 || t.empty && len(own) == 1 && own[0].Kind != codec.KindUint:
		f.Kind = codec.KindObject
	case t.empty && len(own) == 1:
		f.Kind, f.Repeated = codec.KindSwitch, false
	case t.empty:
		f.Kind = codec.KindEmpty
	case len(own) == 1:
		f.Kind = own[0].Kind
	default:
		f.Kind = codec.KindObject
	}
	return f, own
}

func leafKind(kind codec.Type) codec.Kind {
	switch kind {
	case codec.TypeString:
		return codec.KindString
	case codec.TypeDouble:
		return codec.KindDouble
	case codec.TypeIPv4:
		return codec.KindIPv4
	case codec.TypeHash16:
		return codec.KindHash16
	case codec.TypeUint128:
		return codec.KindUint128
	case codec.TypeCustom:
		return codec.KindBytes
	default:
		return codec.KindUint
	}
}

// CodesOf returns the codes of a protocol, such as ec.Protocol of package
// generated/ec, whose names are the dialect of 3.0.
func CodesOf(p *codec.Protocol) *Codes {
	c := &Codes{opcodes: make(map[codec.Opcode]string), tags: make(map[codec.TagName]tagCode)}
	for op, label := range p.Opcodes {
		c.opcodes[op] = label.Protocol
	}
	for name, label := range p.Tags {
		c.tags[name] = tagCode{name: label.Protocol}
	}
	return c
}
