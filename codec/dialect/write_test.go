package dialect_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/dialect"
)

// All but one of the samples were written with the flags that the program
// picked itself.
func TestFlagsArePickedAsThenPicked(t *testing.T) {
	for _, s := range samples(t) {
		if s.of == 0 || s.of == dialect.Trunk {
			continue
		}
		accepts := codec.Flags(0x23)
		switch {
		case s.of == dialect.V20 && !strings.HasSuffix(s.name, "_big_packet") && !strings.Contains(s.name, "second") && !strings.Contains(s.name, "server"),
			s.of == dialect.V23 && !strings.Contains(s.name, "zlib") && !strings.Contains(s.name, "both") && !strings.Contains(s.name, "utf8"),
			strings.HasSuffix(s.name, "accepts_20"):
			accepts = codec.FlagBase // nothing was heard of the peer
		}
		p := consume(t, s.of, s.bytes)
		var stream bytes.Buffer
		w := dialect.NewWriter(s.of, &stream)
		w.Accepts = accepts
		if p.Flags&dialect.FlagAccepts == 0 && s.of == dialect.V20 {
			if err := w.Write(&codec.Packet{Opcode: 1}); err != nil { // the first packet, which announces
				t.Fatal(err)
			}
			stream.Reset()
		}
		if err := w.Write(&p.Packet); err != nil || !bytes.Equal(stream.Bytes(), s.bytes) {
			t.Errorf("%s is written as\n%x, %v, want\n%x", s.name, stream.Bytes(), err, s.bytes)
		}
	}
}

// The form changes at a nominal size of 1,024 bytes.
func TestFormChangesAt1024Bytes(t *testing.T) {
	for _, c := range []struct {
		d       dialect.Dialect
		accepts codec.Flags
		small   codec.Flags
		large   codec.Flags
	}{
		{dialect.RC8, 0x33, 0x20, 0x20},
		{dialect.V20, 0, 0x20, 0x20},
		{dialect.V20, 0x23, 0x22, 0x21},
		{dialect.V20, 0x22, 0x22, 0x20},
		{dialect.V20, 0x21, 0x20, 0x21},
		{dialect.V21, 0, 0x22, 0x21},
		{dialect.V22, 0x23, 0x22, 0x21},
		{dialect.V22, 0x20, 0x20, 0x20},
		{dialect.V22, 0x03, 0x22, 0x21},
		{dialect.V23, 0x20, 0x20, 0x20},
		{dialect.V23, 0x22, 0x22, 0x22},
		{dialect.V23, 0x21, 0x20, 0x21},
		{dialect.V23, 0x33, 0x22, 0x21},
		{dialect.V30, 0x33, 0x32, 0x31},
	} {
		head := 6
		if c.d.Typed() {
			head = 7
		}
		for size, want := range map[int]codec.Flags{1024: c.small, 1025: c.large} {
			// Two heads, and the count of the one with a child.
			inner := codec.Tag{Name: 1, Data: make([]byte, size-2*head-2)}
			p := codec.Packet{Opcode: 1, Tags: []codec.Tag{{Name: 1, Children: []codec.Tag{inner}}}}
			if got := c.d.Flags(&p, c.accepts); got != want {
				t.Errorf("%v, %d bytes for a peer that accepts %#x: flags %#x, want %#x", c.d, size, c.accepts, got, want)
			}
		}
	}
}

func TestValuesAreThoseOfTheSamples(t *testing.T) {
	hash := codec.Hash{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
	for _, s := range samples(t) {
		d := s.of
		var tags []codec.Tag
		switch s.name {
		case "v213_scalars", "v226_scalars", "v233_scalars":
			name := consume(t, d, s.bytes).Tags[0].Name
			tags = []codec.Tag{
				d.Uint(name, 7, 1), d.Uint(name, 7, 2), d.Uint(name, 0x12345, 4), d.Uint(name, 0x123456789a, 8),
				d.Double(name, "1.23457e+06"), d.Text(name, "é"), d.Empty(name),
			}
		case "rc8_hash_tag", "v200_hash_tag":
			tags = []codec.Tag{d.Hash(consume(t, d, s.bytes).Tags[0].Name, hash)}
		case "rc8_connstate_plain_first", "v200_connstate_plain_first", "v213_connstate", "v226_connstate":
			was := consume(t, d, s.bytes).Tags[0]
			address := codec.IPv4{Address: [4]byte{0xc3, 0xf5, 0xf4, 0xf3}, Port: 4661}
			tags = []codec.Tag{d.Uint(was.Name, 0x90cc8352, 4,
				d.IPv4(was.Children[0].Name, address,
					d.Text(was.Children[0].Children[0].Name, "Razorback 2.0")))}
		default:
			continue
		}
		p := consume(t, d, s.bytes)
		p.Tags = tags
		if got := written(t, d, p); !bytes.Equal(got, s.bytes) {
			t.Errorf("%s is\n%x, want\n%x", s.name, got, s.bytes)
		}
	}
}

func TestWhatCannotBeWritten(t *testing.T) {
	long := make([]codec.Tag, 0x10000)
	for _, d := range dialect.All() {
		for _, c := range []struct {
			name string
			p    dialect.Packet
			want error
		}{
			{"flags", dialect.Packet{Flags: 0x60}, codec.ErrFlags},
			{"no base flag", dialect.Packet{}, codec.ErrFlags},
			{"name", dialect.Packet{Flags: 0x20, Packet: codec.Packet{Tags: []codec.Tag{{Name: 0x8000}}}}, codec.ErrTagName},
			{"name of a child", dialect.Packet{Flags: 0x20, Packet: codec.Packet{Tags: []codec.Tag{{Children: []codec.Tag{{Name: 0x8000}}}}}}, codec.ErrTagName},
			{"long list", dialect.Packet{Flags: 0x20, Packet: codec.Packet{Tags: long}}, codec.ErrNotEncodable},
			{"long list of children", dialect.Packet{Flags: 0x20, Packet: codec.Packet{Tags: []codec.Tag{{Children: long}}}}, codec.ErrNotEncodable},
		} {
			if strings.HasPrefix(c.name, "long") && d == dialect.V30 {
				continue // cut, as package codec says
			}
			before := []byte("before")
			if got, err := d.Append(before, &c.p); !errors.Is(err, c.want) || string(got) != "before" {
				t.Errorf("%v, %s: %.20q, %v, want %v", d, c.name, got, err, c.want)
			}
		}
	}
	for _, d := range []dialect.Dialect{dialect.RC8, dialect.V20} {
		p := dialect.Packet{Flags: 0x8020} // a second byte that the first does not announce
		if got, err := d.Append(nil, &p); !errors.Is(err, codec.ErrFlags) {
			t.Errorf("%v: %x, %v", d, got, err)
		}
	}
}

// The longest list that has a count in the fixed form. Only 3.0 leaves its last
// element out; AddTag of 2.3.2 and 2.3.3 still takes the 65,535th.
func TestLongestList(t *testing.T) {
	for _, d := range dialect.All() {
		want := 0xFFFF
		if d == dialect.V30 {
			want--
		}
		for _, flags := range []codec.Flags{0x20, 0x22} {
			if d.Check(flags) != nil {
				continue // rc8 has no UTF-8 numbers
			}
			p := &dialect.Packet{Flags: flags, Packet: codec.Packet{Opcode: 6, Tags: make([]codec.Tag, 0xFFFF)}}
			if got := consume(t, d, written(t, d, p)); len(got.Tags) != want {
				t.Errorf("%v, flags %#x: %d tags", d, flags, len(got.Tags))
			}
		}
	}
}

// Flags of several bytes, which no program wrote but all readers of the time
// take.
func TestFlagsOfSeveralBytes(t *testing.T) {
	for _, c := range []struct {
		bytes string
		flags codec.Flags
	}{
		{"20", 0x20}, {"a000", 0xa0}, {"a08000", 0x80a0}, {"a0808000", 0x8080a0},
	} {
		b := unhex(t, c.bytes+"010000")
		for _, d := range []dialect.Dialect{dialect.RC8, dialect.V20} {
			p := consume(t, d, b)
			if p.Flags != c.flags || p.Opcode != 1 {
				t.Errorf("%v: %s reads as flags %#x, opcode %#x", d, c.bytes, p.Flags, p.Opcode)
			}
			if again := written(t, d, p); !bytes.Equal(again, b) {
				t.Errorf("%v: written again as %x, want %x", d, again, b)
			}
		}
	}
	for _, text := range []string{"a001", "a0807f", "a0808001", "a0808080", "60", "40", "00", "24", "28"} {
		if p, size, err := dialect.V20.Consume(unhex(t, text+"010000"), codec.DefaultLimits()); !errors.Is(err, codec.ErrFlags) || size != 0 {
			t.Errorf("%s: %v, %d bytes, %v", text, p, size, err)
		}
	}
}

// The example of dialects that queued a packet behind another, from a run of
// 2.2.6.
func TestQueuedPacketsAreFound(t *testing.T) {
	b := unhex(t, "00000022 0000001a 1101 0a0404deadbeef 00000022 00000000 2201 0c0404cafebabe")
	p := consume(t, dialect.V22, b)
	if p.Opcode != 0x11 || hex.EncodeToString(p.Tags[0].Data) != "deadbeef" {
		t.Errorf("the first is %v", p)
	}
	queued := dialect.V22.Queued(p, codec.DefaultLimits())
	if len(queued) != 1 || queued[0].Opcode != 0x22 || hex.EncodeToString(queued[0].Tags[0].Data) != "cafebabe" {
		t.Errorf("behind it stands %v", queued)
	}
	if again := written(t, dialect.V22, p); !bytes.Equal(again, b) {
		t.Errorf("written again as\n%x, want\n%x", again, b)
	}
}
