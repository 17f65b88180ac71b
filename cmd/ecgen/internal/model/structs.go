package model

import (
	"slices"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/schema"
)

// structs makes the types of messages and objects. Objects are named before
// anything refers to them, for they may contain each other.
func (b *builder) structs() {
	for i := range b.spec.Objects {
		from := &b.spec.Objects[i]
		s := &Struct{
			Origin:   b.origin(from.Since, Origin{}),
			Name:     from.Name.Value,
			Doc:      from.Doc.Value,
			File:     subject(from.Name.Position),
			Position: from.Name.Position,
		}
		b.declare(s.Name, s.Position)
		b.objects[s.Name] = s
		b.protocol.Objects = append(b.protocol.Objects, s)
	}
	for i := range b.spec.Messages {
		b.message(&b.spec.Messages[i])
	}
	for i := range b.spec.Objects {
		b.object(&b.spec.Objects[i])
	}
	for i, s := range b.protocol.Shapes() {
		s.Index = i
	}
	for _, s := range b.protocol.Messages {
		for _, from := range s.From {
			writtenBy(from, s.Fields)
		}
	}
}

// writtenBy notes at the objects of the fields who writes them.
func writtenBy(from Direction, fields []*Field) {
	for _, f := range fields {
		if f.Object != nil && !slices.Contains(f.Object.From, from) {
			f.Object.From = append(f.Object.From, from)
			writtenBy(from, f.Object.Fields)
		}
	}
}

func (b *builder) message(from *schema.Message) {
	s := &Struct{
		Origin:   b.origin(from.Since, Origin{}),
		Doc:      from.Doc.Value,
		File:     subject(from.Position),
		Pushed:   from.Pushed.Value,
		Refusal:  from.Refusal.Value,
		Position: from.Opcode.Position,
	}
	s.Opcode = b.opcodes[from.Opcode.Value]
	if s.Opcode == nil {
		b.unknown(from.Opcode, "opcode", keys(b.opcodes))
		s.Opcode = &Code{Name: from.Opcode.Value, Go: b.spelling.camel(from.Opcode.Value)}
	}
	s.Opcode.used = true
	s.Name = s.Opcode.Go
	if from.Go.Given() {
		s.Name, s.Position = from.Go.Value, from.Go.Position
	}
	b.declare(s.Name, s.Position)
	s.From = []Direction{Direction(from.From.Value)}
	if from.From.Value == "both" {
		s.From = []Direction{"client", "daemon"}
	}
	for _, direction := range s.From {
		key := messageKey{s.Opcode.Name, direction}
		if other := b.messages[key]; other != nil {
			b.findings.Add(s.Position, "%s from the %s has a meaning already at %s", s.Opcode.Name, direction, other.Position)
		}
		b.messages[key] = s
	}
	if from.Capability.Given() {
		s.Capability = b.tag(from.Capability)
		if s.From[0] != "client" {
			b.findings.Add(from.Capability.Position, "capability is for requests; %s is written by the daemon", s.Opcode.Name)
		}
	}
	b.fields(s, from.Prefixes, from.Tags)
	b.protocol.Messages = append(b.protocol.Messages, s)
}

func (b *builder) object(from *schema.Object) {
	s := b.objects[from.Name.Value]
	b.fields(s, from.Prefixes, from.Tags)
	for i, own := range from.Own {
		f := b.own(s, own)
		f.Required = i == 0 && own.Presence.Value != "optional"
		if f.Kind == KindSwitch || f.Kind == KindEmpty {
			f.Required = false
		}
		s.Own = append(s.Own, f)
	}
	for i, f := range s.Own {
		f.Bit = len(s.Fields) + i
	}
	b.fieldNames(s)
	if from.Order != nil {
		b.order(s, from.Order)
	}
}

// own makes a field without a tag: an alternative for own data, or a position.
func (b *builder) own(s *Struct, from schema.Own) *Field {
	f := &Field{Origin: s.Origin, Name: from.Name.Value, Doc: from.Doc.Value, Position: from.Name.Position}
	if !isExported(f.Name) {
		b.findings.Add(from.Name.Position, "%q is not an exported Go name", f.Name)
	}
	scalar, ok := scalars[from.Type.Value]
	if !ok {
		b.unknown(from.Type, "type", keys(scalars))
	}
	f.Kind, f.Width = scalar.kind, scalar.width
	b.enumOf(f, from.Enum)
	return f
}

func (b *builder) order(s *Struct, from *schema.Order) {
	for _, own := range s.Own {
		if own.Name == from.Own.Value {
			s.FirstIf = own
		}
	}
	if s.FirstIf == nil {
		b.findings.Add(from.Own.Position, "%s has no own data %q", s.Name, from.Own.Value)
	}
	for _, tag := range from.Tags {
		i := slices.IndexFunc(s.Fields, func(f *Field) bool { return f.Tag != nil && f.Tag.Name == tag.Value })
		if i < 0 {
			b.findings.Add(tag.Position, "%s has no tag %s", s.Name, tag.Value)
			continue
		}
		s.First = append(s.First, s.Fields[i])
	}
}

// fields fills in the fields of s from the entries, groups laid out.
func (b *builder) fields(s *Struct, prefixes []schema.Text, entries []schema.Entry) {
	var texts []string
	for _, prefix := range prefixes {
		texts = append(texts, prefix.Value)
	}
	b.entries(s, texts, entries, nil)
	seen := map[string]diag.Position{}
	for i, f := range s.Fields {
		f.Bit = i
		for _, tag := range append([]*Code{f.Tag}, f.Also...) {
			if other, taken := seen[tag.Name]; taken {
				b.findings.Add(f.Position, "%s stands twice in %s; the other is at %s", tag.Name, s.Name, other)
			}
			seen[tag.Name] = f.Position
		}
	}
	if s.Opcode != nil {
		b.fieldNames(s)
	}
}

// entries appends the fields of entries. Via are the entries that brought in
// the group in which these stand, outermost first.
func (b *builder) entries(s *Struct, prefixes []string, entries []schema.Entry, via []schema.Entry) {
	for _, entry := range entries {
		switch {
		case entry.Group.Given():
			group := b.groups[entry.Group.Value]
			if group == nil {
				b.unknown(entry.Group, "group", keys(b.groups))
				continue
			}
			if slices.ContainsFunc(via, func(e schema.Entry) bool { return e.Group.Value == entry.Group.Value }) {
				b.findings.Add(entry.Group.Position, "group %s contains itself", entry.Group.Value)
				continue
			}
			b.entries(s, prefixes, group.Tags, append(slices.Clone(via), entry))
		case entry.List.Given():
			b.list(s, entry, via)
		default:
			if f := b.field(s, prefixes, entry, via); f != nil {
				s.Fields = append(s.Fields, f)
			}
		}
	}
}

// field makes the field of an entry with a tag.
func (b *builder) field(s *Struct, prefixes []string, entry schema.Entry, via []schema.Entry) *Field {
	f := &Field{
		Origin:   s.Origin,
		Doc:      entry.Doc.Value,
		Unit:     entry.Unit.Value,
		Required: entry.Presence.Value == "required",
		Repeated: entry.Presence.Value == "repeated",
		Position: entry.Tag.Position,
	}
	if f.Tag = b.tag(entry.Tag); f.Tag == nil {
		return nil
	}
	f.Name = b.spelling.fieldName(f.Tag.Name, prefixes, f.Repeated)
	if entry.Go.Given() {
		f.Name = entry.Go.Value
	}
	if !isExported(f.Name) {
		b.findings.Add(f.Position, "the Go name %q of %s is not an exported one; give it with go:", f.Name, f.Tag.Name)
	}
	for _, also := range entry.AlsoNamed {
		if tag := b.tag(also); tag != nil {
			f.Also = append(f.Also, tag)
		}
	}
	b.typeOf(f, s, entry)
	b.enumOf(f, entry.Enum)
	for _, e := range append(slices.Clone(via), entry) {
		b.conditions(f, e)
	}
	if len(f.Also) > 0 && f.Kind != KindObject {
		b.findings.Add(entry.AlsoNamed[0].Position, "also_named is for objects; %s is %s", f.Tag.Name, entry.Type.Value)
	}
	return f
}

// typeOf sets what the field holds.
func (b *builder) typeOf(f *Field, s *Struct, entry schema.Entry) {
	if len(entry.Positions) > 0 {
		f.Kind, f.Repeated = KindPositions, true
		item := &Struct{Origin: s.Origin, Name: entry.Element.Value, Doc: f.Doc, File: s.File, Item: true, Position: entry.Element.Position}
		b.declare(item.Name, item.Position)
		for i, position := range entry.Positions {
			own := b.own(item, position)
			own.Bit = i
			item.Own = append(item.Own, own)
		}
		f.Object = item
		b.protocol.Objects = append(b.protocol.Objects, item)
		return
	}
	if scalar, ok := scalars[entry.Type.Value]; ok {
		f.Kind, f.Width = scalar.kind, scalar.width
		if f.Repeated && (f.Kind == KindSwitch || f.Kind == KindEmpty) {
			b.findings.Add(entry.Type.Position, "%s cannot be repeated", entry.Type.Value)
		}
		return
	}
	f.Kind, f.Object = KindObject, b.objects[entry.Type.Value]
	if f.Object == nil {
		b.unknown(entry.Type, "type", append(keys(scalars), keys(b.objects)...))
		f.Object = &Struct{Name: entry.Type.Value}
	}
}

// enumOf sets the field's enum. Its values must fit into the field.
func (b *builder) enumOf(f *Field, name schema.Text) {
	if !name.Given() {
		return
	}
	f.Enum = b.enums[name.Value]
	switch {
	case f.Enum == nil:
		b.unknown(name, "enum", keys(b.enums))
	case f.Kind != KindUint:
		b.findings.Add(name.Position, "only an integer can have an enum")
	case f.Width > f.Enum.Width:
		b.findings.Add(name.Position, "the enum %s has %d bits, but the field %d", f.Enum.Name, f.Enum.Width, f.Width)
	}
}

// conditions adds what an entry says about when its tags are there.
func (b *builder) conditions(f *Field, entry schema.Entry) {
	for _, level := range entry.Detail {
		if detail := b.enums["DetailLevel"]; detail != nil && !slices.ContainsFunc(detail.Values, func(v EnumValue) bool { return v.Name == level.Value }) {
			b.unknown(level, "detail level", enumNames(detail))
		}
	}
	if len(entry.Detail) > 0 {
		f.Detail = nil
		for _, level := range entry.Detail {
			f.Detail = append(f.Detail, level.Value)
		}
	}
	if entry.Capability.Given() {
		f.Capability = b.tag(entry.Capability)
	}
	f.Incremental = f.Incremental || entry.Incremental.Value
	f.Origin = b.origin(entry.Since, f.Origin)
	switch {
	case !entry.When.Given():
	case f.When == "":
		f.When = entry.When.Value
	default:
		f.When += ", and " + entry.When.Value
	}
}

func enumNames(enum *Enum) []string {
	var names []string
	for _, value := range enum.Values {
		names = append(names, value.Name)
	}
	return names
}

// list makes one Go list of tags of different names.
func (b *builder) list(s *Struct, entry schema.Entry, via []schema.Entry) {
	list := &List{Name: entry.List.Value, Element: entry.Element.Value, Doc: entry.Doc.Value}
	b.declare(list.Element, entry.Element.Position)
	for _, kind := range entry.Of {
		f := &Field{
			Origin:   s.Origin,
			Name:     kind.Type.Value,
			Tag:      b.tag(kind.Tag),
			Kind:     KindObject,
			Object:   b.objects[kind.Type.Value],
			List:     list,
			Repeated: true,
			Doc:      list.Doc,
			Position: kind.Tag.Position,
		}
		if f.Object == nil {
			b.unknown(kind.Type, "object", keys(b.objects))
		}
		for _, e := range append(slices.Clone(via), entry) {
			b.conditions(f, e)
		}
		if f.Tag != nil && f.Object != nil {
			list.Fields = append(list.Fields, f)
			s.Fields = append(s.Fields, f)
		}
	}
	s.Lists = append(s.Lists, list)
}

// tag finds a tag by name and notes that it is used.
func (b *builder) tag(name schema.Text) *Code {
	tag := b.tags[name.Value]
	if tag == nil {
		b.unknown(name, "tag", keys(b.tags))
		return nil
	}
	tag.used = true
	return tag
}

// reserved are the names that methods and fields of every generated type have.
var reserved = []string{
	"Opcode", "UnmarshalBody", "DecodeBody", "AppendBody", "SizeBody", "Reset", "Present", "SetPresent",
	"String", "MarshalJSON", "UnmarshalJSON", "ReadElement", "AppendTag", "Unknown", "Tag", "Reply",
}

// fieldNames reports Go names that clash within a struct.
func (b *builder) fieldNames(s *Struct) {
	taken := map[string]string{}
	for _, name := range reserved {
		taken[name] = "every generated type has one"
	}
	for _, list := range s.Lists {
		taken[list.Name] = "it is a list of the same type"
	}
	for _, f := range append(slices.Clone(s.Fields), s.Own...) {
		if f.List != nil {
			continue
		}
		if why, clash := taken[f.Name]; clash {
			b.findings.Add(f.Position, "the Go name %s clashes in %s: %s; give another with go:", f.Name, s.Name, why)
			continue
		}
		if taken[f.Name] = "it is own data"; f.Tag != nil {
			taken[f.Name] = "it is " + f.Tag.Name
		}
	}
}

// replies resolves the answers to each request.
func (b *builder) replies() {
	for i := range b.spec.Messages {
		from := &b.spec.Messages[i]
		s := b.protocol.Messages[i]
		for _, reply := range from.Replies {
			message := b.messages[messageKey{reply.Opcode.Value, "daemon"}]
			if message == nil {
				b.unknown(reply.Opcode, "message from the daemon", b.messageNames("daemon"))
				continue
			}
			s.Replies = append(s.Replies, Reply{Origin: b.origin(reply.Since, s.Origin), Message: message, When: reply.When.Value})
		}
	}
}

func (b *builder) messageNames(from Direction) []string {
	var names []string
	for key := range b.messages {
		if key.from == from {
			names = append(names, key.opcode)
		}
	}
	slices.Sort(names)
	return names
}
