package mutate

import (
	"slices"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/generated/ec"
)

// Every returns a packet with each tag that a message knows, three levels deep:
// single ones once, repeated ones twice, and an unknown one behind them in each
// list. Packets with other salts differ in values, not in lengths.
func Every(from codec.Direction, op codec.Opcode, salt byte) loose.Packet {
	p := loose.Packet{Flags: loose.FlagBase | loose.FlagUTF8Numbers, Opcode: byte(op)}
	p.Tags = every{salt}.tags(ec.Protocol.Message(from, op), 3)
	return p
}

// EveryOdd returns a packet with each tag that a message knows, three levels
// deep, in a form that its field does not hold, and behind them those of the
// top that it does hold.
func EveryOdd(from codec.Direction, op codec.Opcode) loose.Packet {
	p := loose.Packet{Flags: loose.FlagBase, Opcode: byte(op)}
	shape := ec.Protocol.Message(from, op)
	p.Tags = append(oddTags(shape, 3), every{1}.tags(shape, 1)...)
	return p
}

// EveryTwice returns a packet with each tag that a message knows, three levels
// deep, and in each list with those without children again, with another value.
func EveryTwice(from codec.Direction, op codec.Opcode) loose.Packet {
	p := loose.Packet{Flags: loose.FlagBase | loose.FlagUTF8Numbers, Opcode: byte(op)}
	p.Tags = twiceTags(ec.Protocol.Message(from, op), 3)
	return p
}

func twiceTags(shape *codec.Shape, depth int) (tags []loose.Tag) {
	for i := range shape.Fields {
		f := &shape.Fields[i]
		if f.Kind != codec.KindObject {
			tags = append(tags, every{0}.field(f, 1)...)
		} else if depth > 1 {
			t := every{0}.object(f, 1)
			t.Children.Tags = twiceTags(&ec.Protocol.Shapes[f.Children], depth-1)
			tags = append(tags, t)
		}
	}
	return append(tags, every{1}.tags(shape, 1)...)
}

// EveryEmpty returns a packet with each tag that a message knows, three levels
// deep, without own data.
func EveryEmpty(from codec.Direction, op codec.Opcode) loose.Packet {
	p := Every(from, op, 0)
	emptyTags(p.Tags)
	return p
}

func emptyTags(tags []loose.Tag) {
	for i := range tags {
		tags[i].Type, tags[i].Data = byte(codec.TypeCustom), nil
		emptyTags(tags[i].Children.Tags)
	}
}

// EveryElement returns a packet whose tags are for the object with this shape:
// with each alternative for its own data, with odd own data, with each of its
// children, each twice, each in an odd form, and none.
func EveryElement(shape *codec.Shape, op byte) loose.Packet {
	p := loose.Packet{Flags: loose.FlagBase | loose.FlagUTF8Numbers, Opcode: op}
	bare := newTag(1, codec.TypeCustom, nil)
	whole, odd, empty := bare, newTag(1, codec.TypeUint128, []byte{1}), bare
	whole.Children.Tags = every{0}.tags(shape, 2)
	odd.Children.Tags = oddTags(shape, 2)
	empty.Children.Tags = every{0}.tags(shape, 2)
	emptyTags(empty.Children.Tags)
	twice := bare
	twice.Children.Tags = twiceTags(shape, 2)
	hollow := odd
	hollow.Data = nil
	p.Tags = []loose.Tag{whole, twice, odd, hollow, bare, empty}
	for i := range shape.Own {
		leaf := every{1}.leaf(&shape.Own[i], 1)
		parent := leaf
		parent.Children.Tags = []loose.Tag{bare}
		p.Tags = append(p.Tags, leaf, parent)
	}
	return p
}

// EveryBare returns a packet with each tag that has children in a message, but
// without them.
func EveryBare(from codec.Direction, op codec.Opcode) loose.Packet {
	p := loose.Packet{Flags: loose.FlagBase | loose.FlagUTF8Numbers, Opcode: byte(op)}
	for _, f := range ec.Protocol.Message(from, op).Fields {
		if f.Kind == codec.KindObject {
			p.Tags = append(p.Tags, every{}.object(&f, 1))
		}
	}
	return p
}

// every makes tags from a salt.
type every struct{ salt byte }

func (e every) tags(shape *codec.Shape, depth int) (tags []loose.Tag) {
	for i := range shape.Fields {
		f := &shape.Fields[i]
		tags = append(tags, e.field(f, depth)...)
		if f.Repeated {
			tags = append(tags, e.field(f, depth)...)
		}
	}
	return append(tags, newTag(codec.MaxTagName, codec.TypeCustom, []byte{e.salt}))
}

func (e every) field(f *codec.Field, depth int) (tags []loose.Tag) {
	switch {
	case f.Kind == codec.KindPositions:
		for i := range f.Positions {
			tags = append(tags, e.leaf(&f.Positions[i], f.Tag))
		}
	case f.Kind != codec.KindObject:
		tags = append(tags, e.leaf(f, f.Tag))
	case depth > 1:
		tags = append(tags, e.object(f, depth))
	}
	return tags
}

// object returns a tag with children, or at depth 1 without them.
func (e every) object(f *codec.Field, depth int) loose.Tag {
	shape := &ec.Protocol.Shapes[f.Children]
	t := newTag(f.Tag, codec.TypeCustom, nil)
	if len(shape.Own) > 0 {
		t = e.leaf(&shape.Own[0], f.Tag)
	}
	if depth > 1 {
		t.Children.Tags = e.tags(shape, depth-1)
	}
	return t
}

// leaf returns a tag that the field holds.
func (e every) leaf(f *codec.Field, name codec.TagName) loose.Tag {
	switch f.Kind {
	case codec.KindUint:
		return uintTag(name, min(f.Most, 0x1200+uint64(e.salt)), 0)
	case codec.KindBool, codec.KindSwitch:
		return uintTag(name, uint64(e.salt&1), 0)
	case codec.KindString:
		return newTag(name, codec.TypeString, []byte{'a' + e.salt, 'b', 0})
	case codec.KindDouble:
		return newTag(name, codec.TypeDouble, []byte{'1' + e.salt, '.', '5', 0})
	case codec.KindIPv4:
		return newTag(name, codec.TypeIPv4, []byte{127, 0, 0, 1, 2, e.salt})
	case codec.KindHash16:
		return newTag(name, codec.TypeHash16, append(make([]byte, 15), e.salt))
	case codec.KindUint128:
		return newTag(name, codec.TypeUint128, append(make([]byte, 15), e.salt))
	case codec.KindBytes:
		return newTag(name, codec.TypeCustom, []byte{1, e.salt})
	default:
		return newTag(name, codec.TypeCustom, nil)
	}
}

func oddTags(shape *codec.Shape, depth int) (tags []loose.Tag) {
	for i := range shape.Fields {
		f := &shape.Fields[i]
		if f.Kind == codec.KindObject && depth > 1 {
			t := every{}.object(f, 1)
			t.Data = append(slices.Clip(t.Data), 1)
			t.Children.Tags = oddTags(&ec.Protocol.Shapes[f.Children], depth-1)
			tags = append(tags, t)
		}
		tags = append(tags, oddForm(f))
	}
	return tags
}

// oddForm returns a tag that the field all but holds: a number one too large,
// text without its NUL, a hash too short.
func oddForm(f *codec.Field) loose.Tag {
	t := every{1}.leaf(f, f.Tag)
	switch f.Kind {
	case codec.KindUint, codec.KindBool, codec.KindSwitch:
		if f.Most == 1<<64-1 {
			return newTag(f.Tag, codec.TypeUint8, []byte{0, 1})
		}
		return uintTag(f.Tag, f.Most+1, 0)
	case codec.KindEmpty, codec.KindBytes:
		t.Type = byte(codec.TypeUint64) + 1
	case codec.KindObject, codec.KindPositions:
		t.Type = byte(codec.TypeUint128)
	default:
		t.Data = t.Data[:len(t.Data)-1]
	}
	return t
}
