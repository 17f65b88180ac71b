package view

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecgen/ecgen/codec"
)

// layoutText prints spans one to a line: bytes, part, text.
func layoutText(l *Layout) string {
	var b strings.Builder
	for _, s := range l.Spans {
		label := ""
		if s.Tag >= 0 {
			label = strings.Repeat(" ", 1+l.Tags[s.Tag].Depth) + l.Tags[s.Tag].Label
		}
		fmt.Fprintf(&b, "%x %v%s: %s\n", l.Bytes[s.Begin:s.End], s.Part, label, s.Text)
	}
	return b.String()
}

func TestLayoutNamesEveryByte(t *testing.T) {
	packet := func(flags codec.Flags, body string) codec.Frame { return codec.Frame{Flags: flags, Body: []byte(body)} }
	for name, test := range map[string]struct {
		frame codec.Frame
		want  string
	}{
		"fixed numbers, a tag with children and own data": {
			packet(0x20, "\x0c\x00\x01\x00\x21\x02\x00\x00\x00\x09\x00\x01\x00\x22\x02\x00\x00\x00\x01\x07\x05"),
			`00000020 flags: 0x20 (none but the fixed one)
00000015 length: 21 bytes of body
0c opcode: 0x0c (0x0C)
0001 count: 1 tag
0021 name 0x0010: 0x0010 (0x0010), with children
02 type 0x0010: UINT8 (2)
00000009 taglen 0x0010: 9 bytes, children included
0001 count 0x0010: 1 child
0022 name  0x0011: 0x0011 (0x0011)
02 type  0x0011: UINT8 (2)
00000001 taglen  0x0011: 1 byte
07 data  0x0011: 7
05 data 0x0010: 5
`},
		"UTF-8 numbers, a count of 0, an extended count, bytes behind": {
			packet(0x32, "\x0c\xef\xbf\xbf\x01\xc8\x81\x01\x00\x00\xff"),
			`00000032 flags: 0x32 (UTF-8 numbers, large tag count)
0000000b length: 11 bytes of body
0c opcode: 0x0c (0x0C)
efbfbf01 count: 1 tag
c881 name 0x0100: 0x0100 (0x0100), with children
01 type 0x0100: CUSTOM (1)
00 taglen 0x0100: 0 bytes
00 count 0x0100: 0 children
ff rest: 1 byte that nobody reads
`},
	} {
		l, err := New(&codec.Protocol{}).Layout(codec.FromDaemon, test.frame)
		if err != nil {
			t.Fatal(name, err)
		}
		if diff := cmp.Diff(test.want, layoutText(l)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestLayoutRefusesWhatTheCodecRefuses(t *testing.T) {
	frame := codec.Frame{Flags: codec.FlagBase, Body: []byte("\x0c\x00\x01\x00")}
	if l, err := New(&codec.Protocol{}).Layout(codec.FromDaemon, frame); err == nil {
		t.Errorf("%x is laid out: %v", frame.Body, l)
	}
}

// rebuild makes the tree from a layout alone.
func rebuild(l *Layout) (tags []codec.Tag) {
	all := make([]codec.Tag, len(l.Tags))
	for i, place := range l.Tags {
		all[i] = codec.Tag{Name: place.Name, Type: place.Type}
	}
	for _, s := range l.Spans {
		if s.Part == PartData {
			all[s.Tag].Data = l.Bytes[s.Begin:s.End]
		}
	}
	for i, place := range slices.Backward(l.Tags) {
		if place.Parent == none {
			tags = slices.Insert(tags, 0, all[i])
		} else {
			parent := &all[place.Parent]
			parent.Children = slices.Insert(parent.Children, 0, all[i])
		}
	}
	return tags
}

func TestLayoutHasTheWholeTreeInEveryForm(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 3))
	protocol := testProtocol()
	viewer := New(protocol)
	for round := range 200 {
		from := codec.Direction(round % 2)
		for op, shape := range protocol.Messages[from] {
			packet := codec.Packet{Opcode: op, Tags: growTags(random, protocol, &protocol.Shapes[shape], 4)}
			for _, flags := range []codec.Flags{0x20, 0x22, 0x30, 0x32, 0x21, 0x33} {
				body, err := packet.AppendBody(nil, flags)
				if err != nil {
					t.Fatal(err)
				}
				l, err := viewer.Layout(from, codec.Frame{Flags: flags, Body: body})
				if err != nil {
					t.Fatal(err)
				}
				end := 0
				for _, s := range l.Spans {
					if s.Begin != end || s.End <= s.Begin || s.Text == "" && s.Part != PartData {
						t.Fatalf("flags %#x: span %+v behind %d", flags, s, end)
					}
					end = s.End
				}
				again := codec.Packet{Opcode: op, Tags: rebuild(l)}
				if end != len(l.Bytes) || !again.Equal(&packet) {
					t.Fatalf("flags %#x: %d of %d bytes, %v, want %v", flags, end, len(l.Bytes), again, packet)
				}
			}
		}
	}
}
