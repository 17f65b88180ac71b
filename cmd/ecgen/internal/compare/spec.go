package compare

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// specs compares enums, objects and messages, and then what stands in them.
// Opcodes and tags are the same when the code lists say so, whatever they are
// called.
func (c *comparison) specs(old, new *model.Protocol) {
	before := spec{old, c.now}
	now := spec{new, func(_ What, label string) string { return label }}

	c.items(before.enums(), now.enums(), namesake, sameMembers)
	c.items(before.values(), now.values(), unmoved, sameNumber)
	c.items(before.objects(), now.objects(), namesake, sameMembers)
	c.items(before.messages(), now.messages(), unmoved, namesake)

	oldNesting, newNesting := before.nesting(), now.nesting()
	nested := func(old, new *item) bool {
		link := [2]string{old.where, new.where}
		slices.Sort(link[:])
		return old.name == new.name && (oldNesting[link] || newNesting[link])
	}
	c.items(before.tags(), now.tags(), unmoved, nested)
}

// spec is one side's protocol, and what the new side calls its things.
type spec struct {
	protocol *model.Protocol
	now      func(What, string) string
}

func (s spec) enums() []item {
	var items []item
	for _, enum := range s.protocol.Enums {
		i := item{what: Enum, name: enum.Name, position: enum.Position, aspects: []aspect{
			{"type", fmt.Sprintf("uint%d", enum.Width), always(Nothing, "the tags say what is on the wire")},
			{"use", choose(enum.Bits, "bits", "numbers"), always(Breaks, "")},
		}}
		for _, value := range enum.Values {
			i.members = append(i.members, value.Name)
		}
		items = append(items, i)
	}
	return items
}

func (s spec) values() []item {
	var items []item
	for _, enum := range s.protocol.Enums {
		for _, value := range enum.Values {
			items = append(items, item{
				what: Value, name: value.Name, where: s.now(Enum, enum.Name),
				value: fmt.Sprint(value.Value), position: enum.Position,
			})
		}
	}
	return items
}

func (s spec) objects() []item {
	var items []item
	for _, object := range s.protocol.Objects {
		i := item{what: Object, name: object.Name, position: object.Position, aspects: []aspect{
			{"own data", s.own(object), setMeaning},
		}}
		for _, f := range object.Fields {
			i.members = append(i.members, s.tag(f.Tag))
		}
		for _, f := range object.Own {
			i.members = append(i.members, f.Name)
		}
		items = append(items, i)
	}
	return items
}

func (s spec) messages() []item {
	var items []item
	for _, m := range s.protocol.Messages {
		var replies []string
		for _, reply := range m.Replies {
			replies = append(replies, s.opcode(reply.Message.Opcode))
		}
		slices.Sort(replies)
		items = append(items, item{
			what: Message, name: s.opcode(m.Opcode), where: writer(m), position: m.Position,
			aspects: []aspect{
				{"replies", join(replies), repliesMeaning},
				{"sent", choose(m.Pushed != "", "also unasked", "when asked"), pushedMeaning},
				{"capability", s.needed(m.Capability), requestMeaning},
			},
		})
	}
	return items
}

// tags are the tags of all messages and objects.
func (s spec) tags() []item {
	var items []item
	for _, shape := range s.protocol.Shapes() {
		for _, f := range shape.Fields {
			i := item{what: Tag, name: s.tag(f.Tag), where: s.label(shape), position: f.Position}
			for _, a := range tagAspects {
				i.aspects = append(i.aspects, aspect{a.name, a.text(s, f), a.meaning})
			}
			items = append(items, i)
		}
	}
	return items
}

// nesting tells of each message and object which objects stand in it. The two
// labels of a link are sorted.
func (s spec) nesting() map[[2]string]bool {
	links := map[[2]string]bool{}
	for _, shape := range s.protocol.Shapes() {
		for _, f := range shape.Fields {
			if f.Object != nil {
				link := [2]string{s.label(shape), s.label(f.Object)}
				slices.Sort(link[:])
				links[link] = true
			}
		}
	}
	return links
}

// label names a message or an object as the new side does.
func (s spec) label(shape *model.Struct) string {
	if shape.Opcode == nil {
		return s.now(Object, shape.Name)
	}
	return s.now(Message, s.opcode(shape.Opcode)+" from "+writer(shape))
}

func (s spec) opcode(code *model.Code) string {
	return strings.TrimPrefix(s.now(Code, "EC_OP_"+code.Name), "EC_OP_")
}

func (s spec) tag(code *model.Code) string {
	return strings.TrimPrefix(s.now(Code, "EC_TAG_"+code.Name), "EC_TAG_")
}

// writer is who writes a message: client, daemon or both.
func writer(m *model.Struct) string {
	if len(m.From) == 2 {
		return "both"
	}
	return string(m.From[0])
}

// tagAspects are what can change of a tag where it stands.
var tagAspects = []struct {
	name    string
	text    func(spec, *model.Field) string
	meaning meaningOf
}{
	{"type", spec.typeName, typeMeaning},
	{"presence", func(_ spec, f *model.Field) string { return presence(f) }, presenceMeaning},
	{"capability", func(s spec, f *model.Field) string { return s.needed(f.Capability) }, capabilityMeaning},
	{"detail levels", func(_ spec, f *model.Field) string { return join(f.Detail) }, detailMeaning},
	{"reported", func(_ spec, f *model.Field) string { return choose(f.Incremental, "when changed", "always") }, reportedMeaning},
	{"values", spec.enum, valuesMeaning},
	{"unit", func(_ spec, f *model.Field) string { return f.Unit }, always(Breaks, "")},
	{"other names", spec.alsoNamed, setMeaning},
}

func (s spec) typeName(f *model.Field) string {
	if f.Object != nil {
		return s.now(Object, f.TypeName())
	}
	return f.TypeName()
}

func presence(f *model.Field) string {
	switch {
	case f.Repeated:
		return "repeated"
	case f.Required:
		return "required"
	default:
		return "optional"
	}
}

// needed is the capability that a message or a tag needs, if any.
func (s spec) needed(capability *model.Code) string {
	if capability == nil {
		return ""
	}
	return s.tag(capability)
}

func (s spec) enum(f *model.Field) string {
	if f.Enum == nil {
		return ""
	}
	return s.now(Enum, f.Enum.Name)
}

func (s spec) alsoNamed(f *model.Field) string {
	var names []string
	for _, tag := range f.Also {
		names = append(names, s.tag(tag))
	}
	return join(names)
}

// own says what the own data of an object can be.
func (s spec) own(object *model.Struct) string {
	var types []string
	for _, f := range object.Own {
		types = append(types, s.typeName(f))
	}
	if len(object.Own) > 0 && !object.Own[0].Required && !object.Item {
		types = append(types, "none")
	}
	return join(types)
}

func join(names []string) string { return strings.Join(names, ", ") }

func choose(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}
