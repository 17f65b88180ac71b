package codec

import (
	"encoding/binary"
	"iter"
	"math/bits"
)

// Tag is one node of the untyped tree: what a body holds, with nothing left
// out and nothing interpreted.
type Tag struct {
	Name     TagName
	Type     Type
	Data     []byte // own data, which stands behind the children on the wire
	Children []Tag
}

// NewUint returns a tag with an integer in the narrowest of the types UINT8
// to UINT64 that holds v, as aMule writes it.
func NewUint(name TagName, v uint64, children ...Tag) Tag {
	class := integerClass(v)
	var data [8]byte
	binary.BigEndian.PutUint64(data[:], v)
	return Tag{Name: name, Type: TypeUint8 + Type(class), Data: data[8-1<<class:], Children: children}
}

// NewString returns a STRING tag.
func NewString(name TagName, text string, children ...Tag) Tag {
	return Tag{Name: name, Type: TypeString, Data: append([]byte(text), 0), Children: children}
}

// NewDoubleTag returns a DOUBLE tag.
func NewDoubleTag(name TagName, value Double, children ...Tag) Tag {
	return Tag{Name: name, Type: TypeDouble, Data: append([]byte(value), 0), Children: children}
}

// NewHash returns a HASH16 tag.
func NewHash(name TagName, hash Hash, children ...Tag) Tag {
	return Tag{Name: name, Type: TypeHash16, Data: hash[:], Children: children}
}

// NewUInt128 returns a UINT128 tag.
func NewUInt128(name TagName, value UInt128, children ...Tag) Tag {
	return Tag{Name: name, Type: TypeUint128, Data: value[:], Children: children}
}

// NewIPv4 returns an IPV4 tag.
func NewIPv4(name TagName, value IPv4, children ...Tag) Tag {
	data := binary.BigEndian.AppendUint16(value.Address[:], value.Port)
	return Tag{Name: name, Type: TypeIPv4, Data: data, Children: children}
}

// NewCustom returns a CUSTOM tag. Without data it is a flag, whose presence
// is what it says, or a container of its children.
func NewCustom(name TagName, data []byte, children ...Tag) Tag {
	return Tag{Name: name, Type: TypeCustom, Data: data, Children: children}
}

// integerClass returns 0 to 3 for the narrowest of UINT8, UINT16, UINT32 and
// UINT64 that holds v.
func integerClass(v uint64) int {
	return bits.Len8(uint8((bits.Len64(v|1) - 1) >> 3))
}

// Uint returns the tag's integer, of any width, and whether it has one: own
// data of type UINT8 to UINT64 of exactly that length, or none at all, which
// reads as 0.
func (t *Tag) Uint() (v uint64, ok bool) {
	if len(t.Data) == 0 {
		return 0, t.Type >= TypeCustom && t.Type <= TypeUint64
	}
	class := t.Type - TypeUint8
	if class > TypeUint64-TypeUint8 || len(t.Data) != 1<<class {
		return 0, false
	}
	for _, c := range t.Data {
		v = v<<8 | uint64(c)
	}
	return v, true
}

// Text returns the text of a STRING or DOUBLE tag without its NUL, and
// whether it is one.
func (t *Tag) Text() (text string, ok bool) {
	n := len(t.Data)
	if t.Type != TypeString && t.Type != TypeDouble || n == 0 || t.Data[n-1] != 0 {
		return "", false
	}
	return string(t.Data[:n-1]), true
}

// IPv4 returns the address and port of an IPV4 tag, and whether it is one.
func (t *Tag) IPv4() (value IPv4, ok bool) {
	if t.Type != TypeIPv4 || len(t.Data) != 6 {
		return IPv4{}, false
	}
	return IPv4{Address: [4]byte(t.Data), Port: binary.BigEndian.Uint16(t.Data[4:])}, true
}

// Hash returns the bytes of a HASH16 tag, and whether it is one.
func (t *Tag) Hash() (value Hash, ok bool) {
	if t.Type != TypeHash16 || len(t.Data) != len(value) {
		return Hash{}, false
	}
	return Hash(t.Data), true
}

// Find returns the first child of this name, or nil.
func (t *Tag) Find(name TagName) *Tag { return find(t.Children, name) }

func find(tags []Tag, name TagName) *Tag {
	for i := range tags {
		if tags[i].Name == name {
			return &tags[i]
		}
	}
	return nil
}

// All walks t and everything below it, parents before their children, each
// with its depth: 0 for t itself.
func (t *Tag) All() iter.Seq2[int, *Tag] {
	return func(yield func(int, *Tag) bool) { t.walk(0, yield) }
}

func (t *Tag) walk(depth int, yield func(int, *Tag) bool) bool {
	if !yield(depth, t) {
		return false
	}
	for i := range t.Children {
		if !t.Children[i].walk(depth+1, yield) {
			return false
		}
	}
	return true
}

// Equal reports whether both tags and all below them are the same. Own data
// of nil and of no bytes are equal.
func (t *Tag) Equal(u *Tag) bool {
	return t.Name == u.Name && t.Type == u.Type && string(t.Data) == string(u.Data) && equalTags(t.Children, u.Children)
}

func equalTags(a, b []Tag) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !a[i].Equal(&b[i]) {
			return false
		}
	}
	return true
}
