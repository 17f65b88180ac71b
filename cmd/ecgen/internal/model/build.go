package model

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/schema"
)

// Build resolves the headers and the spec. The protocol is complete only when
// there are no findings.
func Build(headers []*header.File, spec *schema.Spec) (*Protocol, diag.List) {
	b := &builder{
		spec:      spec,
		protocol:  &Protocol{},
		spelling:  spelling{},
		opcodes:   map[string]*Code{},
		tags:      map[string]*Code{},
		enums:     map[string]*Enum{},
		groups:    map[string]*schema.Group{},
		objects:   map[string]*Struct{},
		messages:  map[messageKey]*Struct{},
		goNames:   map[string]diag.Position{},
		fromEnums: map[string]header.Enum{},
	}
	for _, name := range []string{"Capability", "Message", "New", "Packet", "Protocol", "Read", "Request"} {
		b.goNames[name] = diag.Position{File: "every generated package"}
	}
	b.names()
	b.releases()
	b.codes(headers)
	b.enumTypes()
	b.groupNames()
	b.structs()
	b.replies()
	b.aliases(b.protocol.Opcodes)
	b.aliases(b.protocol.Tags)
	b.unused()
	b.codeOrigins()
	b.findings.Sort()
	return b.protocol, b.findings
}

type messageKey struct {
	opcode string
	from   Direction
}

type builder struct {
	spec      *schema.Spec
	protocol  *Protocol
	findings  diag.List
	spelling  spelling
	opcodes   map[string]*Code
	tags      map[string]*Code
	enums     map[string]*Enum
	fromEnums map[string]header.Enum // the headers' enums by name
	groups    map[string]*schema.Group
	objects   map[string]*Struct
	messages  map[messageKey]*Struct
	goNames   map[string]diag.Position // of the package level
}

// The enums of the headers that define codes, and what their names begin
// with.
const (
	opcodeEnum   = "ECOpCodes"
	tagEnum      = "ECTagNames"
	opcodePrefix = "EC_OP_"
	tagPrefix    = "EC_TAG_"
	flagPrefix   = "EC_FLAG_"
	typePrefix   = "EC_TAGTYPE_"
	versionName  = "EC_CURRENT_PROTOCOL_VERSION"
)

// names takes over the spelling of words.
func (b *builder) names() {
	for _, word := range b.spec.Names {
		if !isExported(word.Go.Value) {
			b.findings.Add(word.Go.Position, "%q cannot stand in an exported Go name", word.Go.Value)
		}
		b.spelling[word.Name.Value] = word.Go.Value
	}
}

// releases takes over the releases.
func (b *builder) releases() {
	for _, from := range b.spec.Releases {
		b.protocol.Releases = append(b.protocol.Releases, &Release{
			Name: from.Name.Value, Doc: from.Doc.Value, Provisional: from.Provisional.Value,
		})
	}
}

// origin resolves a since. Without one, a thing is as old as what it stands in.
// An unknown release is kept, for Lint to report.
func (b *builder) origin(since schema.Text, around Origin) Origin {
	if !since.Given() {
		return around
	}
	for _, release := range b.protocol.Releases {
		if release.Name == since.Value {
			return Origin{release.Name, release.Provisional}
		}
	}
	found := b.protocol.unreleased.Add(since.Position, "%q is not one of the releases", since.Value)
	found.Hint = diag.DidYouMean(since.Value, releaseNames(b.protocol))
	return Origin{Since: since.Value}
}

func releaseNames(p *Protocol) []string {
	var names []string
	for _, release := range p.Releases {
		names = append(names, release.Name)
	}
	return names
}

// codes takes the opcodes, the tags and what is around them from the headers.
func (b *builder) codes(headers []*header.File) {
	for _, file := range headers {
		for _, enum := range file.Enums {
			b.fromEnums[enum.Name] = enum
			for _, value := range enum.Values {
				switch {
				case strings.HasPrefix(value.Name, opcodePrefix):
					code := b.code(value, opcodePrefix, "Op")
					b.protocol.Opcodes = append(b.protocol.Opcodes, code)
					b.opcodes[code.Name] = code
					b.atMost(value, 1<<8-1)
				case strings.HasPrefix(value.Name, tagPrefix):
					code := b.code(value, tagPrefix, "Tag")
					b.protocol.Tags = append(b.protocol.Tags, code)
					b.tags[code.Name] = code
					b.atMost(value, 1<<15-1)
				case strings.HasPrefix(value.Name, flagPrefix):
					b.protocol.Flags = append(b.protocol.Flags, plain(value, flagPrefix))
				case strings.HasPrefix(value.Name, typePrefix):
					b.protocol.TagTypes = append(b.protocol.TagTypes, plain(value, typePrefix))
				case value.Name == versionName:
					b.protocol.Version = value.Value
				}
			}
		}
	}
	if len(b.opcodes) == 0 || len(b.tags) == 0 {
		b.findings.Add(diag.Position{File: "headers"}, "no EC_OP_ or no EC_TAG_ codes found")
	}
}

func (b *builder) code(value header.Enumerator, prefix, constant string) *Code {
	name := strings.TrimPrefix(value.Name, prefix)
	spelt := b.spelling.camel(name)
	code := &Code{
		Name:     name,
		Go:       spelt,
		Constant: constant + spelt,
		Value:    value.Value,
		Doc:      value.Doc,
		Position: value.Position,
	}
	b.declare(code.Constant, value.Position)
	return code
}

// plain makes the code of an enumerator that has no Go name of its own.
func plain(value header.Enumerator, prefix string) *Code {
	return &Code{Name: strings.TrimPrefix(value.Name, prefix), Value: value.Value, Doc: value.Doc, Position: value.Position}
}

func (b *builder) atMost(value header.Enumerator, most uint64) {
	if value.Negative || value.Value > most {
		b.findings.Add(value.Position, "%s is %s, but the wire carries 0 to %d", value.Name, value.Decimal(), most)
	}
}

// aliases marks all but one of the codes that have the same value: the first
// that is used stays. A reader could not tell two used ones apart.
func (b *builder) aliases(codes []*Code) {
	chosen := map[uint64]*Code{}
	for _, code := range codes {
		other := chosen[code.Value]
		switch {
		case other == nil:
			chosen[code.Value] = code
		case other.used && code.used:
			b.findings.Add(code.Position, "%s has the same value %#x as %s", code.Name, code.Value, other.Name)
		case code.used:
			chosen[code.Value] = code
		}
	}
	for _, code := range codes {
		code.Alias = chosen[code.Value] != code
	}
}

// declare notes a name at the package level of the generated code.
func (b *builder) declare(name string, at diag.Position) {
	if !isExported(name) {
		b.findings.Add(at, "%q is not an exported Go name", name)
		return
	}
	if other, taken := b.goNames[name]; taken {
		b.findings.Add(at, "the Go name %s is already taken at %s", name, other)
		return
	}
	b.goNames[name] = at
}

// enumTypes makes the enums, and compares those that stand in the headers.
func (b *builder) enumTypes() {
	for i := range b.spec.Enums {
		from := &b.spec.Enums[i]
		enum := &Enum{
			Name:  from.Name.Value,
			Doc:   from.Doc.Value,
			Width: scalars[from.Type.Value].width,
			Bits:  from.Bits.Value,
			Index: len(b.protocol.Enums),

			Origin:   b.origin(from.Since, Origin{}),
			Header:   from.Header.Value,
			Position: from.Name.Position,
		}
		b.declare(enum.Name, from.Name.Position)
		names, numbers := map[string]bool{}, map[uint64]string{}
		for _, value := range from.Values {
			name, number := value.Name.Value, value.Value.Value
			if names[name] {
				b.findings.Add(value.Name.Position, "%s is listed twice", name)
			}
			if other, taken := numbers[number]; taken {
				b.findings.Add(value.Value.Position, "%s has the same value as %s", name, other)
			}
			if enum.Width < 64 && number>>enum.Width != 0 {
				b.findings.Add(value.Value.Position, "%d does not fit in %s", number, from.Type.Value)
			}
			names[name], numbers[number] = true, name
			spelt := enum.Name + b.spelling.camel(name)
			b.declare(spelt, value.Name.Position)
			enum.Values = append(enum.Values, EnumValue{
				Origin: b.origin(value.Since, enum.Origin), Name: name, Go: spelt, Value: number, Doc: value.Doc.Value,
			})
		}
		b.sameAsHeader(from, enum)
		b.enums[enum.Name] = enum
		b.protocol.Enums = append(b.protocol.Enums, enum)
	}
}

// sameAsHeader compares an enum with that of the headers of which it says to
// be the same.
func (b *builder) sameAsHeader(from *schema.Enum, enum *Enum) {
	if !from.Header.Given() {
		return
	}
	theirs, ok := b.fromEnums[from.Header.Value]
	if !ok {
		b.unknown(from.Header, "enum of the headers", keys(b.fromEnums))
		return
	}
	prefix := theirs.Prefix()
	numbers := map[string]uint64{}
	for _, value := range theirs.Values {
		name := strings.TrimPrefix(value.Name, prefix)
		numbers[name] = value.Value
		if !slices.ContainsFunc(enum.Values, func(v EnumValue) bool { return v.Name == name }) {
			enum.Missing = append(enum.Missing, plain(value, prefix))
		}
	}
	for i, value := range enum.Values {
		number, ok := numbers[value.Name]
		switch {
		case !ok:
			b.findings.Add(from.Values[i].Name.Position, "%s has no %s%s", from.Header.Value, prefix, value.Name)
		case number != value.Value:
			b.findings.Add(from.Values[i].Value.Position, "%s%s is %#x in the headers", prefix, value.Name, number)
		}
	}
}

func (b *builder) groupNames() {
	for i := range b.spec.Groups {
		b.groups[b.spec.Groups[i].Name.Value] = &b.spec.Groups[i]
	}
}

// unused marks the codes that the spec lists as unused.
func (b *builder) unused() {
	mark := func(list []schema.UnusedCode, codes map[string]*Code, what string) {
		for _, item := range list {
			code := codes[item.Name.Value]
			switch {
			case code == nil:
				b.unknown(item.Name, what, keys(codes))
			case code.used:
				b.findings.Add(item.Name.Position, "%s is used, so it cannot be listed as unused", code.Name)
			default:
				code.used = true
				code.Doc = item.Reason.Value
				b.protocol.Unused = append(b.protocol.Unused, code)
			}
		}
	}
	mark(b.spec.Unused.Opcodes, b.opcodes, "opcode")
	mark(b.spec.Unused.Tags, b.tags, "tag")
}

// codeOrigins finds out which release brought each opcode and tag name. Of unused
// ones that is not known.
func (b *builder) codeOrigins() {
	names := releaseNames(b.protocol)
	age := func(o Origin) int { return slices.Index(names, o.Since) }
	seen := map[*Code]bool{}
	standsIn := func(code *Code, place Origin) {
		if !seen[code] || age(place) < age(code.Origin) {
			code.Origin, seen[code] = place, true
		}
	}
	for _, shape := range b.protocol.Shapes() {
		if shape.Opcode != nil {
			standsIn(shape.Opcode, shape.Origin)
		}
		for _, f := range shape.Fields {
			standsIn(f.Tag, f.Origin)
			for _, other := range f.Also {
				standsIn(other, f.Origin)
			}
		}
	}
}

// unknown reports a name that means nothing, and the nearest one that does.
func (b *builder) unknown(name schema.Text, what string, known []string) {
	b.findings.Add(name.Position, "unknown %s %q", what, name.Value).Hint = diag.DidYouMean(name.Value, known)
}

// subject is the base name of a spec file without its extension. Generated
// files are named after it.
func subject(at diag.Position) string {
	return strings.TrimSuffix(path.Base(at.File), path.Ext(at.File))
}

func keys[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.SortFunc(names, cmp.Compare[string])
	return names
}
