package fuzz

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/targets"
	"github.com/ecgen/ecgen/generated/ec"
)

// Bytes that fuzzing makes up are seldom packets of the protocol. These are:
// with tags in their places, misplaced, doubled, of odd types and unknown.
func TestTargetsHoldForPackets(t *testing.T) {
	const rounds = 15
	for _, from := range []codec.Direction{codec.FromClient, codec.FromDaemon} {
		for op, shape := range ec.Protocol.Messages[from] {
			t.Run(fmt.Sprint(from, "/", ec.Protocol.Opcodes[op].Protocol), func(t *testing.T) {
				random := rand.New(rand.NewPCG(uint64(from), uint64(op)))
				for range rounds {
					flags := []codec.Flags{0x20, 0x22, 0x30, 0x32}[random.IntN(4)]
					a, b := packet(t, random, op, shape, flags), packet(t, random, op, shape, flags)
					one := append([]byte{byte(flags)}, a...)
					two := append([]byte{byte(flags), byte(len(a) >> 8), byte(len(a))}, append(a, b...)...)
					if len(a) > 0xFFFF {
						continue
					}
					for _, run := range []struct {
						target targets.Target
						data   []byte
					}{{targets.Body, one}, {targets.Typed, one}, {targets.Prefix, one}, {targets.Zlib, one}, {targets.Merge, two}} {
						if err := run.target.Run(run.data); err != nil {
							t.Fatalf("%s of %x: %v", run.target.Name, run.data, err)
						}
					}
				}
			})
		}
	}
}

// packet returns the body of a random packet.
func packet(t *testing.T, random *rand.Rand, op codec.Opcode, shape int, flags codec.Flags) []byte {
	t.Helper()
	p := codec.Packet{Opcode: op, Tags: grower{random}.tags(&ec.Protocol.Shapes[shape], 5)}
	body, err := p.AppendBody(nil, flags)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// grower makes random tags.
type grower struct{ *rand.Rand }

// oneIn returns true in one of n cases.
func (g grower) oneIn(n int) bool { return g.IntN(n) == 0 }

// tags returns tags that may stand in a tag of this shape, and others.
func (g grower) tags(shape *codec.Shape, depth int) (tags []codec.Tag) {
	if depth == 0 {
		return nil
	}
	for range g.IntN(7) {
		if len(shape.Fields) == 0 || g.oneIn(8) {
			tags = append(tags, g.odd(codec.TagName(g.IntN(0x20)), g.tags(shape, depth-1)))
			continue
		}
		f := &shape.Fields[g.IntN(len(shape.Fields))]
		name := f.Tag
		if len(f.Also) > 0 && g.oneIn(2) {
			name = f.Also[g.IntN(len(f.Also))]
		}
		for range 1 + g.IntN(3)/2 {
			tags = append(tags, g.field(f, name, depth)...)
		}
	}
	return tags
}

func (g grower) field(f *codec.Field, name codec.TagName, depth int) (tags []codec.Tag) {
	switch {
	case g.oneIn(12):
		return []codec.Tag{g.odd(name, nil)}
	case f.Kind == codec.KindObject:
		return []codec.Tag{g.object(&ec.Protocol.Shapes[f.Children], name, depth)}
	case f.Kind == codec.KindPositions:
		for i := range f.Positions {
			tags = append(tags, g.leaf(&f.Positions[i], name))
		}
		return tags
	}
	t := g.leaf(f, name)
	if g.oneIn(20) {
		t.Children = []codec.Tag{g.odd(9, nil)}
	}
	return []codec.Tag{t}
}

func (g grower) object(shape *codec.Shape, name codec.TagName, depth int) codec.Tag {
	t := codec.NewCustom(name, nil)
	if n := len(shape.Own); n > 0 && !g.oneIn(4) {
		t = g.leaf(&shape.Own[g.IntN(n)], name)
	}
	if g.oneIn(12) {
		t = g.odd(name, nil)
	}
	t.Children = g.tags(shape, depth-1)
	return t
}

// leaf returns a tag that the field takes, mostly.
func (g grower) leaf(f *codec.Field, name codec.TagName) codec.Tag {
	number := g.Uint64() >> g.IntN(64)
	text := make([]byte, g.IntN(6)*g.IntN(6))
	for i := range text {
		text[i] = "ab\x00\xc3\xa9\xff\"\\"[g.IntN(8)]
	}
	switch f.Kind {
	case codec.KindUint, codec.KindBool, codec.KindSwitch:
		switch {
		case g.oneIn(8):
			return codec.NewCustom(name, nil)
		case g.oneIn(8):
			return codec.NewUint(name, number)
		case g.oneIn(8):
			return codec.Tag{Name: name, Type: codec.TypeUint32, Data: []byte{0, 0, 0, byte(min(number, f.Most))}}
		case f.Most < 1<<64-1:
			number %= f.Most + 1
		}
		return codec.NewUint(name, number)
	case codec.KindString:
		return codec.NewString(name, string(text))
	case codec.KindDouble:
		return codec.NewDoubleTag(name, codec.Double([]string{"1", "-0", "1.5e+06", "-nan", "inf", "", ".5", "0x1p4", string(text)}[g.IntN(9)]))
	case codec.KindIPv4:
		return codec.NewIPv4(name, codec.IPv4{Address: [4]byte{byte(number), 0, 0, 1}, Port: uint16(number)})
	case codec.KindHash16:
		return codec.NewHash(name, codec.Hash{byte(number)})
	case codec.KindUint128:
		return codec.NewUInt128(name, codec.UInt128{byte(number)})
	case codec.KindBytes:
		return codec.NewCustom(name, text)
	default:
		return codec.NewCustom(name, nil)
	}
}

// odd returns a tag of any type and length.
func (g grower) odd(name codec.TagName, children []codec.Tag) codec.Tag {
	data := make([]byte, g.IntN(18))
	for i := range data {
		data[i] = byte(g.IntN(3))
	}
	return codec.Tag{Name: name, Type: codec.Type(g.IntN(13)), Data: data, Children: children}
}
