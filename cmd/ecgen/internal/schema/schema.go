// Package schema reads spec/*.yaml: what stands in the files, each value with
// its position, checked for form only. What the names refer to is package
// model's concern.
//
// The struct types of this file are the language. Their field tags name the
// keys, say which are required, and explain them; the reader and the JSON
// Schema for editors are both made from them.
package schema

import "github.com/ecgen/ecgen/cmd/ecgen/internal/diag"

// Text is a scalar with its position. An absent key leaves it zero.
type Text struct {
	Value    string
	Position diag.Position
}

// String returns the value.
func (t Text) String() string { return t.Value }

// Given reports whether the key was there.
func (t Text) Given() bool { return t.Position.File != "" }

// Number is a non-negative integer with its position.
type Number struct {
	Value    uint64
	Position diag.Position
}

// Flag is true or false with its position.
type Flag struct {
	Value    bool
	Position diag.Position
}

// Spec is all files together. Items of one kind stand in the order of the
// sorted file names and, within a file, of its lines.
type Spec struct {
	Releases []Release `key:"releases" doc:"The aMule releases that since may name, oldest first."`
	Names    []Word    `key:"names" doc:"How words of protocol names are spelt in Go. A word is what stands between underscores; one that is not listed gets a capital letter."`
	Enums    []Enum    `key:"enums" doc:"Named values of integer tags."`
	Groups   []Group   `key:"groups" doc:"Sets of tags that several places share. They are not Go types."`
	Objects  []Object  `key:"objects" doc:"Tags with children, or with own data of several types: each a Go type."`
	Messages []Message `key:"messages" doc:"What an opcode means in a direction."`
	Unused   Unused    `key:"unused" doc:"Codes of the headers that no message places."`
}

// Release is one of releases, whose key is Name: the version.
type Release struct {
	Name        Text
	Doc         Text `key:"doc,required" doc:"What it brought."`
	Provisional Flag `key:"provisional" doc:"It is in development: what it brings may change until it is released."`
}

// Word is one line of names: the word and its Go spelling.
type Word struct {
	Name Text
	Go   Text
}

// Enum is one of enums, whose key is Name.
type Enum struct {
	Name   Text
	Doc    Text    `key:"doc,required" doc:"What the values are of. The Go comment."`
	Type   Text    `key:"type,required" oneof:"uint8 uint16 uint32 uint64" doc:"Width of the Go type: that of its widest field."`
	Bits   Flag    `key:"bits" doc:"The values are bits that are or-ed."`
	Header Text    `key:"header" doc:"The enum of the code headers with the same names and values."`
	Since  Text    `key:"since" doc:"The aMule release that brought it; absent for as old as what it stands in, or else 2.3.3 and older."`
	Values []Value `key:"values,required" doc:"In the order of their numbers."`
}

// Value is one value of an Enum.
type Value struct {
	Position diag.Position
	Name     Text   `key:"name,required" doc:"In capitals with underscores."`
	Value    Number `key:"value,required" doc:"The number on the wire."`
	Since    Text   `key:"since" doc:"The aMule release that brought it; absent for as old as what it stands in, or else 2.3.3 and older."`
	Doc      Text   `key:"doc,required" doc:"What it means."`
}

// Group is one of groups, whose key is Name.
type Group struct {
	Name Text
	Doc  Text    `key:"doc,required" doc:"What the tags have in common."`
	Tags []Entry `key:"tags,required" doc:"In the order in which the daemon writes them."`
}

// Object is one of objects, whose key is Name: the Go type.
type Object struct {
	Name     Text
	Doc      Text    `key:"doc,required" doc:"What the object is. The Go comment."`
	Since    Text    `key:"since" doc:"The aMule release that brought it; absent for as old as what it stands in, or else 2.3.3 and older."`
	Prefixes []Text  `key:"prefixes" doc:"Left off from tag names to make Go field names; the first that fits."`
	Own      []Own   `key:"own" doc:"Alternatives for the tag's own data. Absent for a container."`
	Order    *Order  `key:"order" doc:"Another order of the tags for one kind of own data."`
	Tags     []Entry `key:"tags,required" doc:"In the order in which the daemon writes them."`
}

// Own is a value without a tag name of its own: an alternative for own data,
// or one of the positions of an Entry.
type Own struct {
	Position diag.Position
	Name     Text `key:"name,required" doc:"The Go field name."`
	Type     Text `key:"type,required" doc:"A type that is not an object."`
	Presence Text `key:"presence" oneof:"required optional" doc:"optional: the tag may come without own data."`
	Enum     Text `key:"enum" doc:"The Go type of an integer."`
	Doc      Text `key:"doc,required" doc:"What it means."`
}

// Order puts some tags first when the own data is a certain alternative.
type Order struct {
	Position diag.Position
	Own      Text   `key:"own,required" doc:"The alternative's name."`
	Tags     []Text `key:"tags,required" doc:"The tags that come first, in this order."`
}

// Message is one of messages.
type Message struct {
	Position   diag.Position
	Opcode     Text    `key:"opcode,required" doc:"Without EC_OP_."`
	From       Text    `key:"from,required" oneof:"client daemon both" doc:"Who writes it."`
	Go         Text    `key:"go" doc:"The Go type, where the opcode's words do not serve."`
	Doc        Text    `key:"doc,required" doc:"What the message does or tells. The Go comment."`
	Since      Text    `key:"since" doc:"The aMule release that brought it; absent for 2.3.3 and older."`
	Capability Text    `key:"capability" doc:"Of a request: only to a daemon that answered this tag at login."`
	Prefixes   []Text  `key:"prefixes" doc:"As for objects."`
	Replies    []Reply `key:"replies" doc:"Of a request: the opcodes that answer it."`
	Refusal    Flag    `key:"refusal" doc:"It answers a request that failed."`
	Pushed     Text    `key:"pushed" doc:"When the daemon sends it unasked."`
	Tags       []Entry `key:"tags,required" doc:"In the order in which the daemon writes them."`
}

// Reply is one of a message's replies.
type Reply struct {
	Position diag.Position
	Opcode   Text `key:"opcode,required" doc:"Without EC_OP_."`
	When     Text `key:"when" doc:"The condition, in words."`
	Since    Text `key:"since" doc:"The aMule release that brought it; absent for as old as what it stands in, or else 2.3.3 and older."`
}

// Entry is one line of tags: a group, a tag, or a list that mixes tags.
type Entry struct {
	Position    diag.Position
	Group       Text   `key:"group" doc:"The group's tags stand here. The other keys add to each of them."`
	Tag         Text   `key:"tag" doc:"Without EC_TAG_."`
	List        Text   `key:"list" doc:"Go name of one ordered list of tags of different names."`
	Type        Text   `key:"type" doc:"uint8, uint16, uint32, uint64, bool, switch, empty, string, double, ipv4, hash16, uint128, bytes, or an object."`
	Presence    Text   `key:"presence" oneof:"required optional repeated" doc:"How often the tag stands here; optional when absent."`
	Detail      []Text `key:"detail" doc:"The detail levels at which the daemon writes it."`
	Capability  Text   `key:"capability" doc:"Only for a client that sent this tag at login; in a request, only to a daemon that answered it."`
	Incremental Flag   `key:"incremental" doc:"Left out when unchanged since the last report on this connection."`
	When        Text   `key:"when" doc:"A further condition. It reads on after 'Present when'."`
	Enum        Text   `key:"enum" doc:"The Go type of an integer."`
	Unit        Text   `key:"unit" doc:"What an integer or double counts."`
	Since       Text   `key:"since" doc:"The aMule release that brought it; absent for as old as what it stands in, or else 2.3.3 and older."`
	Go          Text   `key:"go" doc:"The Go field name, where the rule's does not serve."`
	AlsoNamed   []Text `key:"also_named" doc:"Other tag names that are taken in this place. Objects only."`
	Element     Text   `key:"element" doc:"Go type of the elements of a list, or of an item of positions."`
	Of          []Kind `key:"of" doc:"The tags of a list."`
	Positions   []Own  `key:"positions" doc:"What each of so many siblings of this name holds; together they are one item."`
	Doc         Text   `key:"doc" doc:"What it means: range, special values, byte order."`
}

// Kind is one of the tags of a list that mixes names.
type Kind struct {
	Position diag.Position
	Tag      Text `key:"tag,required" doc:"Without EC_TAG_."`
	Type     Text `key:"type,required" doc:"An object."`
}

// Unused lists the codes that no message places.
type Unused struct {
	Opcodes []UnusedCode `key:"opcodes" doc:"Without EC_OP_."`
	Tags    []UnusedCode `key:"tags" doc:"Without EC_TAG_."`
}

// UnusedCode is a code and why it is not used.
type UnusedCode struct {
	Position diag.Position
	Name     Text `key:"name,required" doc:"Without its prefix."`
	Reason   Text `key:"reason,required" doc:"Why no message has it."`
}
