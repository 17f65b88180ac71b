package dialect

import (
	"encoding/binary"
	"slices"

	"github.com/ecgen/ecgen/codec"
)

// Uint returns a tag with an integer as the dialect's programs write a
// variable of width bytes: 1, 2, 4 or 8. From 2.2 on it is in the narrowest
// type that holds v; before, it has that width, and no type. Of v that is left
// which the width holds.
func (d Dialect) Uint(name codec.TagName, v uint64, width int, children ...codec.Tag) codec.Tag {
	if d.rules().narrow {
		return codec.NewUint(name, v, children...)
	}
	var data [8]byte
	binary.BigEndian.PutUint64(data[:], v)
	return codec.Tag{Name: name, Data: data[8-width:], Children: children}
}

// Hash returns a tag with a hash. The programs of 2.0.0-rc8 wrote it last byte
// first.
func (d Dialect) Hash(name codec.TagName, hash codec.Hash, children ...codec.Tag) codec.Tag {
	if d.rules().reversed {
		slices.Reverse(hash[:])
	}
	return d.untyped(codec.NewHash(name, hash, children...))
}

// Text returns a tag with text.
func (d Dialect) Text(name codec.TagName, text string, children ...codec.Tag) codec.Tag {
	return d.untyped(codec.NewString(name, text, children...))
}

// Double returns a tag with a number that has a fraction, which stands there
// as text. There is none in rc8 and 2.0.
func (d Dialect) Double(name codec.TagName, v codec.Double, children ...codec.Tag) codec.Tag {
	return d.untyped(codec.NewDoubleTag(name, v, children...))
}

// IPv4 returns a tag with an address and a port.
func (d Dialect) IPv4(name codec.TagName, v codec.IPv4, children ...codec.Tag) codec.Tag {
	return d.untyped(codec.NewIPv4(name, v, children...))
}

// Empty returns a tag without own data: a flag, or what its children stand in.
func (d Dialect) Empty(name codec.TagName, children ...codec.Tag) codec.Tag {
	return d.untyped(codec.NewCustom(name, nil, children...))
}

// untyped takes the type away where the dialect has none.
func (d Dialect) untyped(t codec.Tag) codec.Tag {
	if !d.Typed() {
		t.Type = codec.TypeUnknown
	}
	return t
}
