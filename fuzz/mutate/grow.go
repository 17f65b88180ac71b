package mutate

import (
	"encoding/binary"
	"maps"
	"math/bits"
	"slices"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/generated/ec"
)

// Source makes choices: random ones, or those that the bytes of an input say.
type Source interface {
	IntN(n int) int // from 0 to n-1
	Uint64() uint64
}

// Grow returns a packet of the protocol, as source chooses: with tags in
// their places, misplaced, doubled, of odd types and unknown.
func Grow(source Source) loose.Packet {
	g := grower{source}
	from := codec.Direction(g.IntN(2))
	op := Opcodes[from][g.IntN(len(Opcodes[from]))]
	return GrowMessage(source, from, op)
}

// GrowMessage is Grow for one message.
func GrowMessage(source Source, from codec.Direction, op codec.Opcode) loose.Packet {
	g := grower{source}
	p := loose.Packet{Flags: uint32(loose.FlagBase | 2*g.IntN(2) | 16*g.IntN(2)), Opcode: byte(op)}
	p.Tags = g.tags(ec.Protocol.Message(from, op), 5)
	return p
}

// Opcodes are those of the messages of each direction.
var Opcodes = [2][]codec.Opcode{
	slices.Sorted(maps.Keys(ec.Protocol.Messages[codec.FromClient])),
	slices.Sorted(maps.Keys(ec.Protocol.Messages[codec.FromDaemon])),
}

// names are those of all tags.
var names = slices.Sorted(maps.Keys(ec.Protocol.Tags))

// grower makes tags.
type grower struct{ Source }

// oneIn returns true in one of n cases; never when its source has run dry.
func (g grower) oneIn(n int) bool { return g.IntN(n) == n-1 }

// tags returns tags that may stand in a tag of this shape, and others.
func (g grower) tags(shape *codec.Shape, depth int) (tags []loose.Tag) {
	if depth == 0 {
		return nil
	}
	for range g.IntN(7) {
		tags = append(tags, g.some(shape, depth)...)
	}
	return tags
}

// some returns one tag or a few of one name.
func (g grower) some(shape *codec.Shape, depth int) (tags []loose.Tag) {
	if shape == nil || len(shape.Fields) == 0 || g.oneIn(8) {
		return []loose.Tag{g.odd(g.name(), g.tags(shape, depth-1))}
	}
	f := &shape.Fields[g.IntN(len(shape.Fields))]
	name := f.Tag
	if len(f.Also) > 0 && g.oneIn(2) {
		name = f.Also[g.IntN(len(f.Also))]
	}
	for range 1 + g.IntN(3)/2 {
		tags = append(tags, g.field(f, name, depth)...)
	}
	return tags
}

// name returns the name of some tag, or a small one that is of none.
func (g grower) name() codec.TagName {
	if g.oneIn(4) {
		return codec.TagName(g.IntN(0x20))
	}
	return names[g.IntN(len(names))]
}

func (g grower) field(f *codec.Field, name codec.TagName, depth int) (tags []loose.Tag) {
	switch {
	case g.oneIn(12):
		return []loose.Tag{g.odd(name, nil)}
	case f.Kind == codec.KindObject:
		return []loose.Tag{g.object(&ec.Protocol.Shapes[f.Children], name, depth)}
	case f.Kind == codec.KindPositions:
		for i := range f.Positions {
			tags = append(tags, g.leaf(&f.Positions[i], name))
		}
		return tags
	}
	t := g.leaf(f, name)
	if g.oneIn(20) {
		t.Children.Tags = []loose.Tag{g.odd(9, nil)}
	}
	return []loose.Tag{t}
}

func (g grower) object(shape *codec.Shape, name codec.TagName, depth int) loose.Tag {
	t := newTag(name, codec.TypeCustom, nil)
	if n := len(shape.Own); n > 0 && !g.oneIn(4) {
		t = g.leaf(&shape.Own[g.IntN(n)], name)
	}
	if g.oneIn(12) {
		t = g.odd(name, nil)
	}
	t.Children.Tags = g.tags(shape, depth-1)
	return t
}

// leaf returns a tag that the field takes, mostly.
func (g grower) leaf(f *codec.Field, name codec.TagName) loose.Tag {
	switch f.Kind {
	case codec.KindUint, codec.KindBool, codec.KindSwitch:
		return g.integer(name, f.Most)
	case codec.KindString:
		return newTag(name, codec.TypeString, append(g.text(), 0))
	case codec.KindDouble:
		text := []string{"1", "-0", "1.5e+06", "-nan", "inf", "", ".5", "0x1p4"}[g.IntN(8)]
		return newTag(name, codec.TypeDouble, append([]byte(text), 0))
	case codec.KindIPv4:
		return newTag(name, codec.TypeIPv4, []byte{127, 0, 0, byte(g.IntN(256)), byte(g.IntN(256)), 1})
	case codec.KindHash16:
		return newTag(name, codec.TypeHash16, append(make([]byte, 15), byte(g.IntN(256))))
	case codec.KindUint128:
		return newTag(name, codec.TypeUint128, append(make([]byte, 15), byte(g.IntN(256))))
	case codec.KindBytes:
		return newTag(name, codec.TypeCustom, g.text())
	default:
		return newTag(name, codec.TypeCustom, nil)
	}
}

// integer returns a tag with an integer, mostly of at most most and in the
// narrowest type.
func (g grower) integer(name codec.TagName, most uint64) loose.Tag {
	v := uint64(g.IntN(4))
	if g.oneIn(2) {
		v = g.Uint64() >> g.IntN(64)
	}
	wider := 0
	switch g.IntN(8) {
	case 7:
		return newTag(name, codec.TypeCustom, nil)
	case 6:
		return uintTag(name, v, 0)
	case 5:
		wider = g.IntN(4)
	}
	if most < 1<<64-1 {
		v %= most + 1
	}
	return uintTag(name, v, wider)
}

// text returns a few letters and odd bytes.
func (g grower) text() []byte {
	text := make([]byte, g.IntN(6)*(1+g.IntN(6)))
	for i := range text {
		text[i] = "ab\x00\xc3\xa9\xff\"\\"[g.IntN(8)]
	}
	return text
}

// odd returns a tag of any type and length.
func (g grower) odd(name codec.TagName, children []loose.Tag) loose.Tag {
	data := make([]byte, g.IntN(18))
	for i := range data {
		data[i] = byte(g.IntN(3))
	}
	t := newTag(name, codec.Type(g.IntN(13)), data)
	t.Children.Tags = children
	return t
}

func newTag(name codec.TagName, t codec.Type, data []byte) loose.Tag {
	return loose.Tag{Name: uint16(name), Type: byte(t), Data: data}
}

// uintTag returns an integer in the narrowest type, or so many types wider.
func uintTag(name codec.TagName, v uint64, wider int) loose.Tag {
	class := min(3, bits.Len8(uint8((bits.Len64(v|1)-1)/8))+wider)
	data := binary.BigEndian.AppendUint64(nil, v)
	return newTag(name, codec.TypeUint8+codec.Type(class), data[8-1<<class:])
}
