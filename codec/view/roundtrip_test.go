package view

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/ecgen/ecgen/codec"
)

// growTags returns random tags: such as shape knows, such as it does not, and
// misfits. Integers have the narrowest type.
func growTags(random *rand.Rand, p *codec.Protocol, shape *codec.Shape, depth int) (tags []codec.Tag) {
	if depth == 0 {
		return nil
	}
	for range random.IntN(8) {
		if random.IntN(6) == 0 || len(shape.Fields) == 0 {
			tags = append(tags, growOdd(random, codec.TagName(random.IntN(int(tagNameless)+2)), growTags(random, p, shape, depth-2+depth%2)))
			continue
		}
		f := &shape.Fields[random.IntN(len(shape.Fields))]
		name := f.Tag
		if len(f.Also) > 0 && random.IntN(2) == 0 {
			name = f.Also[0]
		}
		for range 1 + random.IntN(2) {
			tags = append(tags, growField(random, p, f, name, depth)...)
		}
	}
	return tags
}

func growField(random *rand.Rand, p *codec.Protocol, f *codec.Field, name codec.TagName, depth int) (tags []codec.Tag) {
	switch f.Kind {
	case codec.KindObject:
		shape := &p.Shapes[f.Children]
		t := codec.NewCustom(name, nil)
		if n := len(shape.Own); n > 0 && random.IntN(4) > 0 {
			t = growLeaf(random, &shape.Own[random.IntN(n)], name)
		}
		if random.IntN(12) == 0 {
			t = growOdd(random, name, nil)
		}
		t.Children = growTags(random, p, shape, depth-1)
		return list(t)
	case codec.KindPositions:
		for i := range f.Positions {
			tags = append(tags, growLeaf(random, &f.Positions[i], name))
		}
		return tags
	default:
		return list(growLeaf(random, f, name))
	}
}

func growLeaf(random *rand.Rand, f *codec.Field, name codec.TagName) codec.Tag {
	data := make([]byte, random.IntN(5))
	for i := range data {
		data[i] = "ab\x00\xc3\xa9\xff\"\\"[random.IntN(8)]
	}
	number := random.Uint64() >> random.IntN(64)
	switch f.Kind {
	case codec.KindUint, codec.KindBool, codec.KindSwitch:
		if random.IntN(8) == 0 {
			return codec.NewCustom(name, nil)
		}
		if random.IntN(8) > 0 && f.Most < 1<<64-1 {
			number %= f.Most + 1
		}
		return codec.NewUint(name, number)
	case codec.KindString:
		return codec.NewString(name, string(data))
	case codec.KindDouble:
		return codec.NewDoubleTag(name, codec.Double([]string{"1", "-0", "1.5e+06", "nan", "", ".5", string(data)}[random.IntN(7)]))
	case codec.KindIPv4:
		return codec.NewIPv4(name, codec.IPv4{Address: [4]byte{byte(number), 2, 3, 4}, Port: uint16(number >> 8)})
	case codec.KindHash16:
		return codec.NewHash(name, codec.Hash{byte(number)})
	case codec.KindUint128:
		return codec.NewUInt128(name, codec.UInt128{byte(number)})
	case codec.KindBytes:
		return codec.NewCustom(name, data)
	default:
		return codec.NewCustom(name, nil)
	}
}

func growOdd(random *rand.Rand, name codec.TagName, children []codec.Tag) codec.Tag {
	t := codec.Tag{Name: name, Type: codec.Type(random.IntN(12)), Data: make([]byte, random.IntN(20)), Children: children}
	if v, ok := t.Uint(); ok && len(t.Data) > 0 {
		return codec.NewUint(name, v, children...)
	}
	return t
}

func TestNothingIsLost(t *testing.T) {
	p := testProtocol()
	random := rand.New(rand.NewPCG(1, 2))
	packets := 3_000
	if testing.Short() {
		t.Log("a sixth of the packets only, because of -short")
		packets = 500
	}
	for range packets {
		m := report(growTags(random, p, &p.Shapes[0], 5)...)
		for _, text := range [][]byte{testViewer.AppendJSON(nil, m), AppendRaw(nil, m)} {
			if !json.Valid(text) {
				t.Fatalf("no JSON: %s", text)
			}
			got, err := testViewer.ParseJSON(text)
			if err != nil {
				t.Fatalf("%v in\n%s", err, text)
			}
			if !got.Packet.Equal(&m.Packet) || got.Flags != m.Flags {
				t.Fatalf("%s\nreads as\n%v, want\n%v", text, &got.Packet, &m.Packet)
			}
		}
	}
}

func TestWideIntegersBecomeNarrow(t *testing.T) {
	text := testViewer.AppendJSON(nil, report(odd(tagSpeed, codec.TypeUint32, "\x00\x00\x00\x05"), odd(5, codec.TypeUint32, "\x00\x00\x00\x05")))
	checkParses(t, string(text), report(codec.NewUint(tagSpeed, 5), odd(5, codec.TypeUint32, "\x00\x00\x00\x05")))
}

// FuzzParseJSON looks for texts that are read, but not read again as the same
// once they were written.
func FuzzParseJSON(f *testing.F) {
	for _, c := range typedCases {
		f.Add(testViewer.AppendJSON(nil, report(c.tags...)))
		f.Add(AppendRaw(nil, report(c.tags...)))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := testViewer.ParseJSON(text)
		if err != nil {
			return
		}
		for _, again := range [][]byte{testViewer.AppendJSON(nil, m), AppendRaw(nil, m)} {
			got, err := testViewer.ParseJSON(again)
			if err != nil {
				t.Fatalf("%s\nis written as\n%s: %v", text, again, err)
			}
			if string(AppendRaw(nil, got)) != string(AppendRaw(nil, m)) && string(testViewer.AppendJSON(nil, got)) != string(testViewer.AppendJSON(nil, m)) {
				t.Fatalf("%s\nis written as\n%s", text, again)
			}
		}
		testViewer.AppendTree(nil, m, true)
	})
}
