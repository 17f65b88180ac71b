package dialect_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/dialect"
)

var update = flag.Bool("update", false, "write the generated parts of spec/DIALECTS.md")

const page = "../../spec/DIALECTS.md"

// What stands in spec/DIALECTS.md between <!-- begin NAME --> and <!-- end -->
// is made here.
func TestPageIsMadeByTheDecoder(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	was := string(text)
	made := replacePart(t, was, "eras", eras())
	made = replacePart(t, made, "recognised", recognisedTable(t))
	made = replacePart(t, made, "samples", annotated(t))
	if made == was {
		return
	}
	if !*update {
		t.Fatalf("%s is not what the decoder makes; go test ./codec/dialect -run Page -update writes it", page)
	}
	if err := os.WriteFile(page, []byte(made), 0o666); err != nil {
		t.Fatal(err)
	}
}

func replacePart(t *testing.T, text, name, part string) string {
	begin, end := "<!-- begin "+name+" -->\n", "<!-- end -->\n"
	before, rest, ok := strings.Cut(text, begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no part %q", page, name)
	}
	return before + begin + part + end + after
}

// eras is the table of what the code knows of each dialect.
func eras() string {
	tag := codec.Tag{Name: 5, Type: codec.TypeCustom, Children: []codec.Tag{{Name: 6, Type: codec.TypeUint8, Data: []byte{1}}}}
	rows := []struct {
		name string
		cell func(dialect.Dialect) string
	}{
		{"releases", dialect.Dialect.Releases},
		{"protocol version at login", func(d dialect.Dialect) string { return fmt.Sprintf("%#04x", d.Protocol()) }},
		{"the end of a packet", func(d dialect.Dialect) string {
			if d.Framing() == dialect.ByLength {
				return "a length in the header"
			}
			return "the end of its tree"
		}},
		{"plain packet 1 of a tag 5 with a child 6 of one byte", func(d dialect.Dialect) string {
			return bytesOf(d, &dialect.Packet{Flags: 0x20, Packet: codec.Packet{Opcode: 1, Tags: []codec.Tag{tag}}})
		}},
		{"the same with UTF-8 numbers", func(d dialect.Dialect) string {
			return bytesOf(d, &dialect.Packet{Flags: 0x22, Packet: codec.Packet{Opcode: 1, Tags: []codec.Tag{tag}}})
		}},
		{"an empty packet with an accepts word", func(d dialect.Dialect) string {
			if !d.HasAccepts(dialect.FlagAccepts) {
				return "has none"
			}
			return bytesOf(d, &dialect.Packet{Flags: 0x30, Accepts: 0x23, Packet: codec.Packet{Opcode: 1}})
		}},
		{"sends an accepts word", func(d dialect.Dialect) string {
			if word := d.Announces(); word != 0 {
				return fmt.Sprintf("%#x, first packet", uint32(word))
			}
			return "never"
		}},
		{"an empty packet with a number", func(d dialect.Dialect) string {
			if !d.HasID(dialect.FlagID) {
				return "has none"
			}
			return bytesOf(d, &dialect.Packet{Flags: 0x26, ID: 1, Packet: codec.Packet{Opcode: 1}})
		}},
		{"tags have a type", func(d dialect.Dialect) string { return yes(d.Typed()) }},
		{"the integer 7 of 16 bits", func(d dialect.Dialect) string { return fmt.Sprintf("%x", d.Uint(1, 7, 2).Data) }},
		{"the hash 00 01 ... 0f", func(d dialect.Dialect) string {
			hash := codec.Hash{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
			data := d.Hash(1, hash).Data
			return fmt.Sprintf("%02x ... %02x", data[0], data[15])
		}},
		{"flags for 1,024 bytes, nothing known of the peer", picks(1024, 0)},
		{"flags for 1,025 bytes, nothing known of the peer", picks(1025, 0)},
		{"flags for 1,024 bytes, the peer reads all", picks(1024, 0x33)},
		{"flags for 1,025 bytes, the peer reads all", picks(1025, 0x33)},
		{"flags for 1,025 bytes, the peer reads UTF-8 numbers", picks(1025, 0x22)},
		{"readers refuse the flags", func(d dialect.Dialect) string {
			var refused codec.Flags
			for bit := codec.Flags(1); bit != 0; bit <<= 1 {
				if bit&0x60 == 0 && d.Check(codec.FlagBase|bit) != nil {
					refused |= bit
				}
			}
			return fmt.Sprintf("%#08x", uint32(refused))
		}},
		{"readers take a body of at most", func(d dialect.Dialect) string {
			if d.Framing() == dialect.SelfDelimiting {
				return "any size"
			}
			for mebibytes := uint32(16); ; mebibytes *= 2 {
				head := codec.AppendHeader(nil, codec.Header{Flags: codec.FlagBase, Length: mebibytes<<20 + 1})
				if _, _, err := d.Consume(head, codec.DefaultLimits()); err.(*codec.Error).Err == codec.ErrBodyTooLarge {
					return fmt.Sprintf("%d MiB", mebibytes)
				}
			}
		}},
	}
	var b strings.Builder
	b.WriteString("| |")
	for _, d := range dialect.All() {
		fmt.Fprintf(&b, " %v |", d)
	}
	b.WriteString("\n| --- |" + strings.Repeat(" --- |", len(dialect.All())) + "\n")
	for _, row := range rows {
		fmt.Fprintf(&b, "| %s |", row.name)
		for _, d := range dialect.All() {
			fmt.Fprintf(&b, " %s |", row.cell(d))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func bytesOf(d dialect.Dialect, p *dialect.Packet) string {
	b, err := d.Append(nil, p)
	if err != nil {
		return "refused"
	}
	return fmt.Sprintf("`%x`", b)
}

func picks(size int, accepts codec.Flags) func(dialect.Dialect) string {
	return func(d dialect.Dialect) string {
		head := 6
		if d.Typed() {
			head = 7
		}
		known := accepts
		if d == dialect.V22 && accepts == 0 {
			known = 0x23 // until it is told otherwise
		}
		p := codec.Packet{Tags: []codec.Tag{{Name: 1, Data: make([]byte, size-head)}}}
		return fmt.Sprintf("%#x", uint32(d.Flags(&p, known)))
	}
}

// recognisedTable says how Detect tells the samples apart.
func recognisedTable(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| sample |")
	for _, d := range dialect.All() {
		fmt.Fprintf(&b, " %v |", d)
	}
	b.WriteString("\n| --- |" + strings.Repeat(" --- |", len(dialect.All())) + "\n")
	for _, s := range samples(t) {
		candidates := dialect.Detect(s.bytes, false, codesOf, codec.DefaultLimits())
		best, likely, sure := dialect.Recognised(candidates)
		fmt.Fprintf(&b, "| %s |", s.name)
		for _, c := range candidates {
			cell := "could be"
			switch {
			case c.Refused != nil:
				wrong := c.Refused.(*codec.Error)
				cell = fmt.Sprintf("%s at %d", refusals[wrong.Err], wrong.Offset)
			case sure && c.Dialect == best:
				cell = "**yes**"
			case sure || len(c.Doubts) > len(likely[0].Doubts):
				cell = "*" + c.Doubts[0] + "*"
			}
			fmt.Fprintf(&b, " %s |", cell)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// refusals are the reasons in short.
var refusals = map[error]string{
	codec.ErrFlags: "flags", codec.ErrTruncated: "end", codec.ErrNumber: "number", codec.ErrLength: "TAGLEN",
	codec.ErrBodyTooLarge: "length", codec.ErrZlib: "zlib",
}

// annotated has each sample byte by byte.
func annotated(t *testing.T) string {
	var b strings.Builder
	for _, s := range samples(t) {
		if s.of == 0 {
			fmt.Fprintf(&b, "### %s\n\nNo release wrote this, and no dialect reads it:\n\n    %x\n\n", s.name, s.bytes)
			continue
		}
		tables := codesOf(s.of)
		lines, err := s.of.Explain(s.bytes, tables[0], codec.DefaultLimits())
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		fmt.Fprintf(&b, "### %s\n\n%v, %d bytes.\n\n", s.name, s.of, len(s.bytes))
		for i, line := range lines {
			if len(lines) > mostLines && i >= firstLines && i < len(lines)-lastLines {
				if i == firstLines {
					fmt.Fprintf(&b, "    ... %d more\n", len(lines)-firstLines-lastLines)
				}
				continue
			}
			bytes := fmt.Sprintf("%x", line.Bytes)
			if len(bytes) > mostDigits {
				bytes = bytes[:mostDigits-4] + "..."
			}
			fmt.Fprintf(&b, "    %-*s %s%s\n", mostDigits, bytes, strings.Repeat("  ", line.Depth), line.Text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

const (
	mostLines  = 60 // of a packet that is not cut
	firstLines = 9
	lastLines  = 3
	mostDigits = 36
)

// The lines of a packet are all its bytes, in their order.
func TestExplainedLinesAreAllBytes(t *testing.T) {
	for _, s := range samples(t) {
		if s.of == 0 {
			continue
		}
		for _, codes := range append(codesOf(s.of), nil) {
			lines, err := s.of.Explain(s.bytes, codes, codec.DefaultLimits())
			if err != nil {
				t.Fatalf("%s: %v", s.name, err)
			}
			var all []byte
			for _, line := range lines {
				if !strings.HasPrefix(line.Text, "zlib stream") {
					all = append(all, line.Bytes...)
				}
			}
			want := inflated(t, s.bytes)
			if s.of.Framing() == dialect.ByLength && len(want) != len(s.bytes) {
				want = append(s.bytes[:8:8], want[4:]...)
			}
			if string(all) != string(want) {
				t.Errorf("%s: the lines are\n%x, want\n%x", s.name, all, want)
			}
		}
	}
}
