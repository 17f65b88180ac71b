// Package model resolves what the code headers and spec/*.yaml say into one
// description of the protocol, in which every name is final: what the emitters
// read.
package model

import "github.com/ecgen/ecgen/cmd/ecgen/internal/diag"

// Protocol is the whole description. Opcodes and tags stand in the order of
// the headers, types in the order of the spec.
type Protocol struct {
	Releases []*Release
	Version  uint64  // of the protocol, which the login names
	Flags    []*Code // of the packet header
	TagTypes []*Code
	Opcodes  []*Code
	Tags     []*Code
	Enums    []*Enum
	Objects  []*Struct
	Messages []*Struct
	Unused   []*Code // opcodes and tags that the spec lists as unused

	unreleased diag.List // mentions of releases that are not listed
}

// Release is a version of aMule that brought something.
type Release struct {
	Name        string
	Doc         string
	Provisional bool // in development: what it brings may change
}

// Origin says which release brought something. Since is empty for what all
// releases have that the spec is about.
type Origin struct {
	Since       string
	Provisional bool // the release is in development
}

// Code is an opcode, a tag name, a flag or a type of tags. Opcodes and tag names
// are as old as the oldest place where they stand.
type Code struct {
	Origin
	Name     string // without its prefix: PARTFILE_NAME
	Go       string // PartFileName, of opcodes and tag names
	Constant string // TagPartFileName, of opcodes and tag names
	Value    uint64
	Doc      string // from the header, or the reason why it is unused
	Alias    bool   // another name for the value of a code that is used
	Position diag.Position

	used bool
}

// Enum is a Go type with named values.
type Enum struct {
	Origin
	Name   string
	Doc    string
	Width  int // 8, 16, 32 or 64
	Bits   bool
	Values []EnumValue
	Index  int // among the enums

	Header  string  // the enum of the headers that it is, if any
	Missing []*Code // values that it lacks of that; Lint says so

	Position diag.Position
}

// EnumValue is one value of an Enum.
type EnumValue struct {
	Origin
	Name  string // PAUSED
	Go    string // PartFileStatusPaused
	Value uint64
	Doc   string
}

// Struct is a Go type: of a message, of a tag with children, or of one item
// of several siblings.
type Struct struct {
	Origin
	Name  string
	Doc   string
	Index int    // among the shapes
	File  string // base name of the spec file, without extension

	From []Direction // of an object: of the messages that it stands in

	// Of a message.
	Opcode     *Code
	Capability *Code // of a request: the tag by which a daemon says at login that it knows it
	Pushed     string
	Refusal    bool // it answers requests that failed
	Replies    []Reply

	Own     []*Field // of an object: alternatives for its own data
	First   []*Field // written first when FirstIf is the own data
	FirstIf *Field
	Fields  []*Field // in the order in which they are written
	Lists   []*List  // the lists that mix tags

	// Item marks a type that stands for several siblings of one name, which
	// are Own; it has no shape.
	Item bool

	Position diag.Position
}

// Direction is "client" or "daemon": who writes a message.
type Direction string

// Reply is an answer to a message.
type Reply struct {
	Origin
	Message *Struct
	When    string
}

// Success returns the messages that answer the request s unless it failed.
func (s *Struct) Success() []*Struct {
	var messages []*Struct
	for _, reply := range s.Replies {
		if !reply.Message.Refusal {
			messages = append(messages, reply.Message)
		}
	}
	return messages
}

// List is a Go list whose elements are tags of different names.
type List struct {
	Name    string
	Element string
	Doc     string
	Fields  []*Field
}

// Field is one tag of a Struct, or one alternative of its own data.
type Field struct {
	Origin
	Name string // of the Go field
	Tag  *Code  // nil for own data and positions
	Also []*Code
	Bit  int // index among the fields, then the own data, of the struct

	Kind   Kind
	Width  int     // KindUint: 8, 16, 32 or 64
	Enum   *Enum   // KindUint, may be nil
	Object *Struct // KindObject; KindPositions: the item
	List   *List   // the list that mixes this tag with others, or nil

	Required bool
	Repeated bool

	Doc         string
	Unit        string
	When        string
	Detail      []string
	Capability  *Code
	Incremental bool
	Position    diag.Position
}

// Kind says what a field makes of a tag.
type Kind int

// The kinds, as package codec defines them.
const (
	KindUint Kind = iota
	KindBool
	KindSwitch
	KindEmpty
	KindString
	KindDouble
	KindIPv4
	KindHash16
	KindUint128
	KindBytes
	KindObject
	KindPositions
)

// scalars are the types of the spec that are not objects.
var scalars = map[string]struct {
	kind  Kind
	width int
}{
	"uint8":   {KindUint, 8},
	"uint16":  {KindUint, 16},
	"uint32":  {KindUint, 32},
	"uint64":  {KindUint, 64},
	"bool":    {KindBool, 8},
	"switch":  {KindSwitch, 8},
	"empty":   {KindEmpty, 0},
	"string":  {KindString, 0},
	"double":  {KindDouble, 0},
	"ipv4":    {KindIPv4, 0},
	"hash16":  {KindHash16, 0},
	"uint128": {KindUint128, 0},
	"bytes":   {KindBytes, 0},
}

// TypeName returns the field's type as the spec names it: of an object, its Go
// type.
func (f *Field) TypeName() string {
	if f.Object != nil {
		return f.Object.Name
	}
	for name, scalar := range scalars {
		if scalar.kind == f.Kind && scalar.width == f.Width {
			return name
		}
	}
	return ""
}

// Most returns the largest number that the field holds, 0 when it holds none.
func (f *Field) Most() uint64 {
	switch f.Kind {
	case KindUint:
		return ^uint64(0) >> (64 - f.Width)
	case KindBool, KindSwitch:
		return 1
	default:
		return 0
	}
}

// Shapes returns all structs that have a shape, messages first, in the order
// of their Index.
func (p *Protocol) Shapes() []*Struct {
	var shapes []*Struct
	for _, s := range append(append([]*Struct{}, p.Messages...), p.Objects...) {
		if !s.Item {
			shapes = append(shapes, s)
		}
	}
	return shapes
}

// Bits returns how many presence bits the struct needs.
func (s *Struct) Bits() int { return len(s.Fields) + len(s.Own) }
