package dialect_test

import (
	"bytes"
	"encoding/hex"
	"math"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/dialect"
)

// Trees of all kinds are written as the old code wrote them, with the flags
// that it picked, and what it wrote is read as those trees.
func TestTreesAreWrittenAsTheOldCodeWroteThem(t *testing.T) {
	text, err := os.ReadFile("testdata/written.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for line := range strings.Lines(string(text)) {
		if line[0] == '#' {
			continue
		}
		lines++
		columns := strings.Fields(line)
		d, _ := dialect.Parse(columns[0])
		accepts, opcode, want := number(t, columns[1]), number(t, columns[2]), unhex(t, columns[3])
		p := &dialect.Packet{Packet: codec.Packet{Opcode: codec.Opcode(opcode)}}
		if columns[4] != "-" {
			p.Tags, _ = treeOf(t, d, columns[4])
		}
		p.Flags = d.Flags(&p.Packet, codec.Flags(accepts))
		if d == dialect.V20 && want[0]&byte(dialect.FlagAccepts) != 0 { // the first packet of a connection
			p.Flags |= dialect.FlagAccepts
			p.Accepts = d.Announces()
		}
		if d == dialect.Trunk {
			asOnTheTrunk(t, p, want)
		}
		if got := written(t, d, p); !bytes.Equal(got, want) {
			t.Errorf("%v writes\n%x, want\n%x", d, got, want)
		}
		if got := consume(t, d, want); !got.Equal(&p.Packet) || got.Flags != p.Flags || got.Accepts != p.Accepts {
			t.Errorf("%v reads\n%v, want\n%v", d, got, p)
		}
	}
	if lines < 210 {
		t.Errorf("there are only %d packets", lines)
	}
}

// asOnTheTrunk gives p the accepts word and the number that b begins with. The
// programs of the trunk that are driven by events announced 0x27, the others
// 0x23, and it is for the former to say which number a packet has.
func asOnTheTrunk(t *testing.T, p *dialect.Packet, b []byte) {
	t.Helper()
	read := consume(t, dialect.Trunk, b)
	if read.Flags&dialect.FlagAccepts != 0 && read.Accepts&^dialect.FlagID != 0x23 {
		t.Errorf("it announces %#x", uint32(read.Accepts))
	}
	p.Flags |= read.Flags & (dialect.FlagAccepts | dialect.FlagID)
	p.Accepts, p.ID = read.Accepts, read.ID
}

func number(t *testing.T, digits string) uint64 {
	t.Helper()
	v, err := strconv.ParseUint(digits, 16, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// treeOf returns the tags that text stands for, up to a closing bracket, and
// what follows.
func treeOf(t *testing.T, d dialect.Dialect, text string) (tags []codec.Tag, rest string) {
	for text != "" && text[0] != ']' {
		name, behind, _ := strings.Cut(text, "=")
		value, behind, _ := strings.Cut(behind, "[")
		children, behind := treeOf(t, d, behind)
		tags = append(tags, tagOf(t, d, codec.TagName(number(t, name)), value, children))
		text = behind[1:]
	}
	return tags, text
}

func tagOf(t *testing.T, d dialect.Dialect, name codec.TagName, value string, children []codec.Tag) codec.Tag {
	switch value[0] {
	case 'b', 'w', 'l', 'u':
		width := 1 << strings.IndexByte("bwlu", value[0])
		return d.Uint(name, number(t, value[1:]), width, children...)
	case 's':
		return d.Text(name, string(unhex(t, value[1:])), children...)
	case 'd':
		return d.Double(name, codec.NewDouble(math.Float64frombits(number(t, value[1:]))), children...)
	case 'i':
		address := netip.MustParseAddrPort(value[1:])
		return d.IPv4(name, codec.IPv4{Address: address.Addr().As4(), Port: address.Port()}, children...)
	case 'h':
		return d.Hash(name, codec.Hash(unhex(t, value[1:])), children...)
	case 'e':
		return d.Empty(name, children...)
	case 'c':
		tag := d.Empty(name, children...)
		tag.Data, _ = hex.DecodeString(value[1:])
		return tag
	default:
		t.Fatalf("there is no value %q", value)
		return codec.Tag{}
	}
}
