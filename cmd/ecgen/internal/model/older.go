package model

import (
	"slices"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/schema"
)

// LeaveOut takes out of a spec what needs codes that its own headers have and
// others, of an older aMule, do not: messages, tags, values of enums, and the
// types of which nothing is left. It returns the names of these codes. A name
// that its own headers do not have either stays, for Build to report.
func LeaveOut(spec *schema.Spec, own, others []*header.File) []string {
	there := map[string]bool{}
	for _, code := range enumerators(others) {
		there[code.Name] = true
	}
	c := cut{gone: map[string]bool{}}
	var names []string
	for _, code := range enumerators(own) {
		if !there[code.Name] {
			c.gone[code.Name] = true
			names = append(names, code.Name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	before := mentions(spec)
	c.enums(spec, own, others)
	c.messages(spec)
	for i := range spec.Groups {
		spec.Groups[i].Tags = c.entries(spec.Groups[i].Tags)
	}
	for i := range spec.Objects {
		object := &spec.Objects[i]
		object.Tags = c.entries(object.Tags)
		if object.Order != nil {
			object.Order.Tags = slices.DeleteFunc(object.Order.Tags, c.tag)
		}
	}
	spec.Unused.Opcodes = slices.DeleteFunc(spec.Unused.Opcodes, func(u schema.UnusedCode) bool { return c.opcode(u.Name) })
	spec.Unused.Tags = slices.DeleteFunc(spec.Unused.Tags, func(u schema.UnusedCode) bool { return c.tag(u.Name) })

	after := mentions(spec)
	orphan := func(name schema.Text) bool { return before[name.Value] && !after[name.Value] }
	spec.Objects = slices.DeleteFunc(spec.Objects, func(o schema.Object) bool { return orphan(o.Name) })
	spec.Enums = slices.DeleteFunc(spec.Enums, func(e schema.Enum) bool { return orphan(e.Name) })
	return names
}

func enumerators(headers []*header.File) []header.Enumerator {
	var all []header.Enumerator
	for _, file := range headers {
		for _, enum := range file.Enums {
			all = append(all, enum.Values...)
		}
	}
	return all
}

// cut knows the names of the headers that are gone.
type cut struct{ gone map[string]bool }

func (c cut) opcode(name schema.Text) bool { return c.gone[opcodePrefix+name.Value] }
func (c cut) tag(name schema.Text) bool    { return c.gone[tagPrefix+name.Value] }

// enums takes out values, and says of an enum that is gone as a whole no longer
// that it is one of the headers.
func (c cut) enums(spec *schema.Spec, own, others []*header.File) {
	ours, theirs := enumsByName(own), enumsByName(others)
	for i := range spec.Enums {
		enum := &spec.Enums[i]
		from, known := ours[enum.Header.Value]
		if !known {
			continue
		}
		if _, there := theirs[enum.Header.Value]; !there {
			enum.Header = schema.Text{}
			continue
		}
		prefix := from.Prefix()
		enum.Values = slices.DeleteFunc(enum.Values, func(v schema.Value) bool { return c.gone[prefix+v.Name.Value] })
	}
}

func enumsByName(headers []*header.File) map[string]header.Enum {
	byName := map[string]header.Enum{}
	for _, file := range headers {
		for _, enum := range file.Enums {
			byName[enum.Name] = enum
		}
	}
	return byName
}

func (c cut) messages(spec *schema.Spec) {
	spec.Messages = slices.DeleteFunc(spec.Messages, func(m schema.Message) bool { return c.opcode(m.Opcode) || c.tag(m.Capability) })
	for i := range spec.Messages {
		message := &spec.Messages[i]
		message.Tags = c.entries(message.Tags)
		message.Replies = slices.DeleteFunc(message.Replies, func(r schema.Reply) bool { return c.opcode(r.Opcode) })
	}
}

func (c cut) entries(entries []schema.Entry) []schema.Entry {
	for i := range entries {
		entry := &entries[i]
		entry.AlsoNamed = slices.DeleteFunc(entry.AlsoNamed, c.tag)
		entry.Of = slices.DeleteFunc(entry.Of, func(k schema.Kind) bool { return c.tag(k.Tag) })
	}
	return slices.DeleteFunc(entries, func(e schema.Entry) bool {
		return c.tag(e.Tag) || c.tag(e.Capability) || e.List.Given() && len(e.Of) == 0
	})
}

// mentions returns the names of the objects and enums that messages need.
func mentions(spec *schema.Spec) map[string]bool {
	groups, objects := map[string]schema.Group{}, map[string]schema.Object{}
	for _, group := range spec.Groups {
		groups[group.Name.Value] = group
	}
	for _, object := range spec.Objects {
		objects[object.Name.Value] = object
	}
	found, foundGroups := map[string]bool{}, map[string]bool{}
	first := func(found map[string]bool, name string) bool {
		again := found[name]
		found[name] = true
		return !again
	}
	var visit func(entries []schema.Entry)
	enums := func(values []schema.Own) {
		for _, value := range values {
			found[value.Enum.Value] = true
		}
	}
	object := func(name schema.Text) {
		if first(found, name.Value) {
			enums(objects[name.Value].Own)
			visit(objects[name.Value].Tags)
		}
	}
	visit = func(entries []schema.Entry) {
		for _, entry := range entries {
			if first(foundGroups, entry.Group.Value) {
				visit(groups[entry.Group.Value].Tags)
			}
			object(entry.Type)
			for _, kind := range entry.Of {
				object(kind.Type)
			}
			found[entry.Enum.Value] = true
			enums(entry.Positions)
		}
	}
	for _, message := range spec.Messages {
		visit(message.Tags)
	}
	return found
}
