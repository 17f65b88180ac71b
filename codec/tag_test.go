package codec_test

import (
	"bytes"
	"fmt"
	"math"
	"net/netip"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/codec"
)

func TestTagsAreMadeAsAMuleMakesThem(t *testing.T) {
	address := codec.IPv4{Address: [4]byte{127, 0, 0, 1}, Port: 4662}
	for _, c := range []struct {
		tag   codec.Tag
		kind  codec.Type
		data  string
		value string // for people
	}{
		{codec.NewUint(1, 0), codec.TypeUint8, "00", "0"},
		{codec.NewUint(1, 0xff), codec.TypeUint8, "ff", "255"},
		{codec.NewUint(1, 0x100), codec.TypeUint16, "0100", "256"},
		{codec.NewUint(1, 0xffff), codec.TypeUint16, "ffff", "65535"},
		{codec.NewUint(1, 0x10000), codec.TypeUint32, "00010000", "65536"},
		{codec.NewUint(1, 0xffffffff), codec.TypeUint32, "ffffffff", "4294967295"},
		{codec.NewUint(1, 0x100000000), codec.TypeUint64, "0000000100000000", "4294967296"},
		{codec.NewUint(1, math.MaxUint64), codec.TypeUint64, "ffffffffffffffff", "18446744073709551615"},
		{codec.NewString(1, ""), codec.TypeString, "00", `""`},
		{codec.NewString(1, "ab\n"), codec.TypeString, "61620a00", `"ab\n"`},
		{codec.NewDoubleTag(1, "-nan"), codec.TypeDouble, "2d6e616e00", "-nan"},
		{codec.NewDoubleTag(1, "1.5"), codec.TypeDouble, "312e3500", "1.5"},
		{codec.NewHash(1, codec.Hash{1, 15: 2}), codec.TypeHash16, "01000000000000000000000000000002", "01000000000000000000000000000002"},
		{codec.NewUInt128(1, codec.UInt128{1, 15: 2}), codec.TypeUint128, "01000000000000000000000000000002", "01000000000000000000000000000002"},
		{codec.NewIPv4(1, address), codec.TypeIPv4, "7f0000011236", "127.0.0.1:4662"},
		{codec.NewCustom(1, nil), codec.TypeCustom, "", ""},
		{codec.NewCustom(1, []byte{1, 2}), codec.TypeCustom, "0102", "0102"},
	} {
		if got := fmt.Sprintf("%x", c.tag.Data); c.tag.Name != 1 || c.tag.Type != c.kind || got != c.data || c.tag.Children != nil {
			t.Errorf("%v: type %v, data %s; want %v, %s", &c.tag, c.tag.Type, got, c.kind, c.data)
		}
		if got := c.tag.Value(); got != c.value {
			t.Errorf("%v: value %s, want %s", &c.tag, got, c.value)
		}
	}
}

func TestTagsHaveTheChildrenTheyAreGiven(t *testing.T) {
	a, b := codec.NewUint(2, 1), codec.NewString(3, "b")
	for _, tag := range []codec.Tag{
		codec.NewUint(1, 5, a, b),
		codec.NewString(1, "text", a, b),
		codec.NewDoubleTag(1, "1", a, b),
		codec.NewHash(1, codec.Hash{}, a, b),
		codec.NewUInt128(1, codec.UInt128{}, a, b),
		codec.NewIPv4(1, codec.IPv4{}, a, b),
		codec.NewCustom(1, nil, a, b),
	} {
		if len(tag.Children) != 2 || !tag.Children[0].Equal(&a) || !tag.Children[1].Equal(&b) {
			t.Errorf("%v has the children %v", &tag, tag.Children)
		}
	}
}

func TestIntegersAreReadFromAnyWidth(t *testing.T) {
	for _, c := range []struct {
		kind codec.Type
		data string
		want uint64
		ok   bool
	}{
		{codec.TypeUint8, "07", 7, true},
		{codec.TypeUint16, "0007", 7, true},
		{codec.TypeUint32, "00000007", 7, true},
		{codec.TypeUint64, "0000000000000007", 7, true},
		{codec.TypeUint64, "ffffffffffffffff", math.MaxUint64, true},
		{codec.TypeUint8, "", 0, true},
		{codec.TypeUint64, "", 0, true},
		{codec.TypeCustom, "", 0, true},
		{codec.TypeCustom, "07", 0, false},
		{codec.TypeUint8, "0007", 0, false},
		{codec.TypeUint16, "07", 0, false},
		{codec.TypeUint32, "000007", 0, false},
		{codec.TypeUint64, "000000000000000007", 0, false},
		{codec.TypeString, "", 0, false},
		{codec.TypeUnknown, "", 0, false},
		{codec.TypeUint128, "", 0, false},
		{11, "07", 0, false},
	} {
		tag := codec.Tag{Name: 1, Type: c.kind, Data: unhex(t, c.data)}
		if got, ok := tag.Uint(); got != c.want || ok != c.ok {
			t.Errorf("%v: %d, %t; want %d, %t", &tag, got, ok, c.want, c.ok)
		}
	}
}

func TestTextsAreReadWithoutTheirNUL(t *testing.T) {
	for _, c := range []struct {
		kind codec.Type
		data string
		want string
		ok   bool
	}{
		{codec.TypeString, "abc\x00", "abc", true},
		{codec.TypeString, "\x00", "", true},
		{codec.TypeString, "a\x00b\x00", "a\x00b", true},
		{codec.TypeString, "\xff\x00", "\xff", true},
		{codec.TypeDouble, "1.5\x00", "1.5", true},
		{codec.TypeString, "abc", "", false},
		{codec.TypeString, "", "", false},
		{codec.TypeDouble, "1.5", "", false},
		{codec.TypeCustom, "abc\x00", "", false},
	} {
		tag := codec.Tag{Name: 1, Type: c.kind, Data: []byte(c.data)}
		if got, ok := tag.Text(); got != c.want || ok != c.ok {
			t.Errorf("%v: %q, %t; want %q, %t", &tag, got, ok, c.want, c.ok)
		}
	}
}

func TestAddressesAndHashesNeedTypeAndLength(t *testing.T) {
	address, hash := codec.IPv4{Address: [4]byte{10, 0, 0, 9}, Port: 1}, codec.Hash{1, 2, 3}
	good, data := codec.NewIPv4(1, address), codec.NewHash(1, hash)
	if got, ok := good.IPv4(); !ok || got != address || got.AddrPort() != netip.MustParseAddrPort("10.0.0.9:1") {
		t.Errorf("%v, %t; want %v", got, ok, address)
	}
	if got, ok := data.Hash(); !ok || got != hash {
		t.Errorf("%v, %t; want %v", got, ok, hash)
	}
	for _, tag := range []codec.Tag{
		{Type: codec.TypeIPv4}, {Type: codec.TypeIPv4, Data: make([]byte, 5)}, {Type: codec.TypeIPv4, Data: make([]byte, 7)},
		{Type: codec.TypeCustom, Data: make([]byte, 6)},
		{Type: codec.TypeHash16}, {Type: codec.TypeHash16, Data: make([]byte, 15)}, {Type: codec.TypeHash16, Data: make([]byte, 17)},
		{Type: codec.TypeUint128, Data: make([]byte, 16)},
	} {
		if _, ok := tag.IPv4(); ok {
			t.Errorf("%v is an address", &tag)
		}
		if _, ok := tag.Hash(); ok {
			t.Errorf("%v is a hash", &tag)
		}
	}
}

// tree is a packet of three levels, with one name in several places.
func tree() *codec.Packet {
	return &codec.Packet{Opcode: 0xc, Tags: []codec.Tag{
		codec.NewUint(1, 10, codec.NewUint(3, 11), codec.NewUint(3, 12, codec.NewString(4, "deep"))),
		codec.NewCustom(2, nil),
		codec.NewUint(1, 20),
		{Name: 5, Type: 99, Data: []byte{0xab}},
		{Name: 5, Type: codec.TypeUint16, Data: []byte{7}},
		{Name: 5, Type: codec.TypeString, Data: []byte("open")},
	}}
}

func TestFindReturnsTheFirst(t *testing.T) {
	p := tree()
	for _, c := range []struct {
		got  *codec.Tag
		want *codec.Tag
	}{
		{p.Find(1), &p.Tags[0]},
		{p.Find(2), &p.Tags[1]},
		{p.Find(3), nil}, // not at the top
		{p.Find(1).Find(3), &p.Tags[0].Children[0]},
		{p.Find(1).Find(4), nil},
		{p.Find(2).Find(1), nil},
	} {
		if c.got != c.want {
			t.Errorf("found %v, want %v", c.got, c.want)
		}
	}
}

func TestWalksGoDownBeforeTheyGoOn(t *testing.T) {
	p := tree()
	const want = "0:1 1:3 1:3 2:4 0:2 0:1 0:5 0:5 0:5"
	var steps []string
	for depth, tag := range p.All() {
		steps = append(steps, fmt.Sprintf("%d:%d", depth, tag.Name))
	}
	if got := strings.Join(steps, " "); got != want {
		t.Errorf("walked %s, want %s", got, want)
	}
	for stop := range len(steps) {
		var some []string
		for depth, tag := range p.All() {
			some = append(some, fmt.Sprintf("%d:%d", depth, tag.Name))
			if len(some) == stop+1 {
				break
			}
		}
		if got := strings.Join(some, " "); got != strings.Join(steps[:stop+1], " ") {
			t.Errorf("stopped after %d tags: %s", stop+1, got)
		}
	}
	steps = nil
	for depth, tag := range p.Tags[0].All() {
		steps = append(steps, fmt.Sprintf("%d:%d", depth, tag.Name))
	}
	if got := strings.Join(steps, " "); got != "0:1 1:3 1:3 2:4" {
		t.Errorf("below a tag: walked %s", got)
	}
	// What is walked can be changed.
	for _, tag := range p.All() {
		tag.Name = 9
	}
	if p.Tags[0].Children[1].Children[0].Name != 9 {
		t.Error("a walk gives copies of the tags")
	}
}

func TestPacketsAreEqualWhenTheirTreesAre(t *testing.T) {
	if !tree().Equal(tree()) {
		t.Error("a packet is not equal to itself")
	}
	empty := tree()
	empty.Tags[1].Data, empty.Tags[1].Children = []byte{}, []codec.Tag{}
	if !empty.Equal(tree()) {
		t.Error("no data and data of no bytes are not equal")
	}
	for name, change := range map[string]func(p *codec.Packet){
		"opcode":        func(p *codec.Packet) { p.Opcode++ },
		"name":          func(p *codec.Packet) { p.Tags[0].Name++ },
		"type":          func(p *codec.Packet) { p.Tags[1].Type++ },
		"data":          func(p *codec.Packet) { p.Tags[0].Children[1].Children[0].Data[0]++ },
		"more data":     func(p *codec.Packet) { p.Tags[1].Data = []byte{0} },
		"a tag more":    func(p *codec.Packet) { p.Tags = append(p.Tags, codec.Tag{}) },
		"a child fewer": func(p *codec.Packet) { p.Tags[0].Children = p.Tags[0].Children[:1] },
		"order":         func(p *codec.Packet) { p.Tags[0], p.Tags[1] = p.Tags[1], p.Tags[0] },
	} {
		p := tree()
		change(p)
		if p.Equal(tree()) || tree().Equal(p) {
			t.Errorf("with another %s the packets are equal", name)
		}
	}
}

func TestPacketsPrintAsATree(t *testing.T) {
	const want = `0x0c
  0x0001 UINT8 10
    0x0003 UINT8 11
    0x0003 UINT8 12
      0x0004 STRING "deep"
  0x0002 CUSTOM
  0x0001 UINT8 20
  0x0005 99 ab
  0x0005 UINT16 07
  0x0005 STRING 6f70656e`
	if got := tree().String(); got != want {
		t.Errorf("printed as\n%s\nwant\n%s", got, want)
	}
}

func TestDoublesAreWrittenAsAMuleWritesThem(t *testing.T) {
	for _, c := range []struct {
		value float64
		want  codec.Double
	}{
		{0, "0"}, {1.5, "1.5"}, {1.0 / 3, "0.333333"}, {1234567, "1.23457e+06"}, {999999, "999999"}, {1e-5, "1e-05"},
		{-2, "-2"}, {1e100, "1e+100"}, {math.NaN(), "nan"}, {math.Copysign(math.NaN(), -1), "-nan"}, {math.Inf(1), "inf"}, {math.Inf(-1), "-inf"},
		{math.MaxFloat64, "1.79769e+308"},
	} {
		if got := codec.NewDouble(c.value); got != c.want {
			t.Errorf("%v is written as %s, want %s", c.value, got, c.want)
		}
	}
	for _, c := range []struct {
		text codec.Double
		want float64
	}{{"", 0}, {"1.23457e+06", 1234570}, {"-0", 0}, {"inf", math.Inf(1)}} {
		if got, err := c.text.Float64(); got != c.want || err != nil {
			t.Errorf("%q reads as %v, %v; want %v", c.text, got, err, c.want)
		}
	}
	for _, text := range []codec.Double{"nan", "-nan"} {
		if got, err := text.Float64(); got == got || err != nil {
			t.Errorf("%q reads as %v, %v; want no number", text, got, err)
		}
	}
	if _, err := codec.Double("1,5").Float64(); err == nil {
		t.Error("1,5 reads as a number")
	}
}

func TestTheStatesOfASwitch(t *testing.T) {
	for _, c := range []struct {
		state       codec.Switch
		present, on bool
		text        string
	}{
		{codec.SwitchAbsent, false, false, "absent"},
		{codec.SwitchEmpty, true, false, "empty"},
		{codec.SwitchOff, true, false, "off"},
		{codec.SwitchOn, true, true, "on"},
		{codec.SwitchOf(true), true, true, "on"},
		{codec.SwitchOf(false), true, false, "off"},
	} {
		if c.state.Present() != c.present || c.state.On() != c.on || c.state.String() != c.text {
			t.Errorf("%v: present %t, on %t; want %s, %t, %t", c.state, c.state.Present(), c.state.On(), c.text, c.present, c.on)
		}
	}
}

// A packet that was read once is written as the same bytes, and has the size
// that it says, in every form.
func TestTreesComeBackInEveryForm(t *testing.T) {
	p := tree()
	for _, form := range forms {
		body := written(t, p, form.flags)
		got := read(t, body, form.flags)
		if !got.Equal(p) {
			t.Errorf("%s: read as\n%v\nwant\n%v", form.name, got, p)
		}
		if plain := written(t, got, form.flags&^zip); got.SizeBody(form.flags) != len(plain) || !bytes.Equal(plain, written(t, p, form.flags&^zip)) {
			t.Errorf("%s: written again it has %d bytes, SizeBody is %d", form.name, len(plain), got.SizeBody(form.flags))
		}
	}
}

// With Merge the tags are added to those that are there, of the same opcode.
func TestPacketsAreMerged(t *testing.T) {
	first, second := written(t, &worked[0].packet, utf8), written(t, tree(), utf8)
	p := tree()
	if err := p.Decode(second, utf8, codec.Merge, codec.DefaultLimits()); err != nil {
		t.Fatal(err)
	}
	twice := codec.Packet{Opcode: 0xc, Tags: append(tree().Tags, tree().Tags...)}
	if !p.Equal(&twice) {
		t.Errorf("merged it is\n%v", p)
	}
	if err := p.Decode(first, utf8, codec.Merge, codec.DefaultLimits()); err == nil || !p.Equal(&twice) {
		t.Errorf("with another opcode: %v\n%v", err, p)
	}
}
