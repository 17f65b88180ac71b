// Package describe writes the resolved protocol as one JSON file, from which
// programs in any language can be generated or checked, and the JSON Schema of
// that file.
package describe

import (
	"fmt"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// The struct types of this file are the file's form. Their tags name the keys
// and explain them; what may be absent has omitempty. The schema is made from
// them.

// SchemaName is what the description calls its schema, beside which it stands.
const SchemaName = "protocol.schema.json"

// Protocol is the whole file.
type Protocol struct {
	Schema   string    `json:"$schema" doc:"The schema of this file."`
	Version  uint64    `json:"protocol_version" doc:"What the login names as PROTOCOL_VERSION."`
	Releases []Release `json:"releases" doc:"The releases that since may name, oldest first."`
	Flags    []Code    `json:"flags" doc:"The bits of the packet header, without EC_FLAG_."`
	TagTypes []Code    `json:"tag_types" doc:"How the data of a tag are written, without EC_TAGTYPE_."`
	Opcodes  []Code    `json:"opcodes" doc:"Without EC_OP_."`
	Tags     []Code    `json:"tags" doc:"The tag names, without EC_TAG_. On the wire each is shifted left by a bit, which says whether the tag has children."`
	Enums    []Enum    `json:"enums" doc:"Named values of integers."`
	Messages []Message `json:"messages" doc:"What an opcode means in a direction."`
	Objects  []Object  `json:"objects" doc:"Tags with children, or with own data of several types."`
}

// Release is a version of aMule that brought something.
type Release struct {
	Name        string `json:"name" doc:"The version."`
	Doc         string `json:"doc" doc:"What it is."`
	Provisional bool   `json:"provisional,omitempty" doc:"It is in development: what it brings may change."`
}

// Code is a number with a name.
type Code struct {
	Name       string `json:"name" doc:"In capitals."`
	Value      uint64 `json:"value" doc:"The number."`
	Identifier string `json:"identifier,omitempty" doc:"The name as the generated Go code spells it. Of opcodes and tags."`
	Origin
	Doc    string `json:"doc,omitempty" doc:"What the code lists say of it."`
	Alias  bool   `json:"alias,omitempty" doc:"Another name for the number of a code that is in use."`
	Unused string `json:"unused,omitempty" doc:"Why no message has it."`
}

// Origin is the release that brought something.
type Origin struct {
	Since       string `json:"since,omitempty" doc:"The release that brought it; absent for 2.3.3 and older."`
	Provisional bool   `json:"provisional,omitempty" doc:"That release is in development."`
}

// Enum has named values.
type Enum struct {
	Name string `json:"name" doc:"As the generated Go code spells it."`
	Type string `json:"type" oneof:"uint8 uint16 uint32 uint64" doc:"The width of its widest field."`
	Bits bool   `json:"bits,omitempty" doc:"The values are bits that are or-ed."`
	Origin
	Doc    string  `json:"doc" doc:"What the values are of."`
	Values []Value `json:"values" doc:"In the order of their numbers."`
}

// Value is one of an Enum.
type Value struct {
	Name  string `json:"name" doc:"In capitals."`
	Value uint64 `json:"value" doc:"The number."`
	Origin
	Doc string `json:"doc" doc:"What it means."`
}

// Message is what an opcode means.
type Message struct {
	Name   string   `json:"name" doc:"The type in the generated Go code."`
	Opcode string   `json:"opcode" doc:"Without EC_OP_."`
	From   []string `json:"from" oneof:"client daemon" doc:"Who writes it."`
	Origin
	Capability string  `json:"capability,omitempty" doc:"Of a request: only to a daemon that sent this tag at login."`
	Doc        string  `json:"doc" doc:"What it does or tells."`
	Pushed     string  `json:"pushed,omitempty" doc:"When the daemon sends it unasked."`
	Replies    []Reply `json:"replies,omitempty" doc:"Of a request: what answers it."`
	Tags       []Field `json:"tags" doc:"In the order in which they are written."`
}

// Reply is an answer to a Message.
type Reply struct {
	Message string `json:"message" doc:"Name of the message."`
	Opcode  string `json:"opcode" doc:"Without EC_OP_."`
	When    string `json:"when,omitempty" doc:"The condition, in words."`
	Origin
}

// Object is a tag with children.
type Object struct {
	Name string `json:"name" doc:"The type in the generated Go code."`
	Origin
	Doc   string  `json:"doc" doc:"What it is."`
	Own   []Own   `json:"own,omitempty" doc:"Alternatives for the tag's own data. Absent for a container."`
	Order *Order  `json:"order,omitempty" doc:"Another order of the tags for one kind of own data."`
	Tags  []Field `json:"tags" doc:"In the order in which they are written."`
}

// Order puts some tags first when the own data are of a certain kind.
type Order struct {
	Own  string   `json:"own" doc:"The alternative's name."`
	Tags []string `json:"tags" doc:"The tags that come first, in this order."`
}

// Own is a value without a tag name of its own.
type Own struct {
	Name     string `json:"name" doc:"The field in the generated Go code."`
	Type     string `json:"type" doc:"As of tags, but not object and items." oneof:"uint8 uint16 uint32 uint64 bool switch empty string double ipv4 hash16 uint128 bytes"`
	Optional bool   `json:"optional,omitempty" doc:"The tag may come without own data."`
	Enum     string `json:"enum,omitempty" doc:"What the values of an integer stand for."`
	Doc      string `json:"doc" doc:"What it means."`
}

// Field is a tag that stands in a Message or an Object.
type Field struct {
	Tag       string   `json:"tag" doc:"Without EC_TAG_."`
	AlsoNamed []string `json:"also_named,omitempty" doc:"Other tag names that are taken in this place."`
	Name      string   `json:"name" doc:"The field in the generated Go code."`
	Type      string   `json:"type" oneof:"uint8 uint16 uint32 uint64 bool switch empty string double ipv4 hash16 uint128 bytes object items" doc:"The widest integer, which is written in the narrowest tag type that holds it; bool: an integer 0 or 1; switch: the same, or an empty tag for true; empty: a tag whose presence is what it says; double: text; object: a tag with children; items: several siblings that belong together."`
	Object    string   `json:"object,omitempty" doc:"Name of the object, of type object."`
	Positions []Own    `json:"positions,omitempty" doc:"Of type items: what each of so many siblings holds."`
	Element   string   `json:"element,omitempty" doc:"Of type items: the type of an item in the generated Go code."`
	Enum      string   `json:"enum,omitempty" doc:"What the values of an integer stand for."`
	Unit      string   `json:"unit,omitempty" doc:"What an integer or double counts."`
	Presence  string   `json:"presence" oneof:"required optional repeated" doc:"How often the tag stands here."`
	List      string   `json:"list,omitempty" doc:"Tags of one list stand in one order, whatever their names. The list's name."`
	Origin
	Detail      []string `json:"detail,omitempty" doc:"The detail levels at which the daemon writes it; absent for all."`
	Capability  string   `json:"capability,omitempty" doc:"In what the daemon writes: only for a client that sent this tag at login; in a request: only to a daemon that did."`
	Incremental bool     `json:"incremental,omitempty" doc:"Left out when unchanged since the last report on this connection."`
	When        string   `json:"when,omitempty" doc:"A further condition, in words."`
	Doc         string   `json:"doc" doc:"What it means: range, special values, byte order."`
}

// From describes a protocol.
func From(p *model.Protocol) *Protocol {
	d := &Protocol{
		Schema:   SchemaName,
		Version:  p.Version,
		Flags:    codes(p, p.Flags),
		TagTypes: codes(p, p.TagTypes),
		Opcodes:  codes(p, p.Opcodes),
		Tags:     codes(p, p.Tags),
	}
	d.Releases = collect(p.Releases, func(r *model.Release) Release { return Release{r.Name, r.Doc, r.Provisional} })
	d.Enums = collect(p.Enums, enum)
	d.Messages = collect(p.Messages, message)
	for _, s := range p.Objects {
		if !s.Item {
			d.Objects = append(d.Objects, object(s))
		}
	}
	return d
}

// collect makes a list, never nil, of what becomes of each item.
func collect[From, To any](items []From, convert func(From) To) []To {
	list := make([]To, 0, len(items))
	for _, item := range items {
		list = append(list, convert(item))
	}
	return list
}

func codes(p *model.Protocol, list []*model.Code) []Code {
	unused := map[*model.Code]bool{}
	for _, code := range p.Unused {
		unused[code] = true
	}
	return collect(list, func(code *model.Code) Code {
		c := Code{Name: code.Name, Value: code.Value, Identifier: code.Go, Origin: Origin(code.Origin), Doc: code.Doc, Alias: code.Alias}
		if unused[code] {
			c.Doc, c.Unused = "", code.Doc
		}
		return c
	})
}

func enum(e *model.Enum) Enum {
	return Enum{
		Name: e.Name, Type: fmt.Sprintf("uint%d", e.Width), Bits: e.Bits, Origin: Origin(e.Origin), Doc: e.Doc,
		Values: collect(e.Values, func(v model.EnumValue) Value { return Value{v.Name, v.Value, Origin(v.Origin), v.Doc} }),
	}
}

func message(s *model.Struct) Message {
	m := Message{
		Name: s.Name, Opcode: s.Opcode.Name, Origin: Origin(s.Origin), Capability: nameOf(s.Capability), Doc: s.Doc, Pushed: s.Pushed,
		From: collect(s.From, func(d model.Direction) string { return string(d) }),
		Tags: collect(s.Fields, field),
	}
	for _, reply := range s.Replies {
		m.Replies = append(m.Replies, Reply{reply.Message.Name, reply.Message.Opcode.Name, reply.When, Origin(reply.Origin)})
	}
	return m
}

func object(s *model.Struct) Object {
	o := Object{Name: s.Name, Origin: Origin(s.Origin), Doc: s.Doc, Own: collect(s.Own, own), Tags: collect(s.Fields, field)}
	if len(o.Own) > 0 {
		o.Own[0].Optional = !s.Own[0].Required
	}
	if s.FirstIf != nil {
		o.Order = &Order{s.FirstIf.Name, collect(s.First, func(f *model.Field) string { return f.Tag.Name })}
	}
	return o
}

func own(f *model.Field) Own {
	o := Own{Name: f.Name, Type: f.TypeName(), Doc: f.Doc}
	if f.Enum != nil {
		o.Enum = f.Enum.Name
	}
	return o
}

func field(f *model.Field) Field {
	d := Field{
		Tag: f.Tag.Name, Name: f.Name, Type: f.TypeName(), Unit: f.Unit, Presence: "optional", Origin: Origin(f.Origin), Detail: f.Detail,
		Capability: nameOf(f.Capability), Incremental: f.Incremental, When: f.When, Doc: f.Doc,
		AlsoNamed: collect(f.Also, nameOf),
	}
	switch {
	case f.Required:
		d.Presence = "required"
	case f.Repeated:
		d.Presence = "repeated"
	}
	switch f.Kind {
	case model.KindObject:
		d.Type, d.Object = "object", f.Object.Name
	case model.KindPositions:
		d.Type, d.Element, d.Positions = "items", f.Object.Name, collect(f.Object.Own, own)
	}
	if f.Enum != nil {
		d.Enum = f.Enum.Name
	}
	if f.List != nil {
		d.List = f.List.Name
	}
	return d
}

func nameOf(code *model.Code) string {
	if code == nil {
		return ""
	}
	return code.Name
}
