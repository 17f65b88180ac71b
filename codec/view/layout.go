package view

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"math/bits"

	"github.com/ecgen/ecgen/codec"
)

// Layout says of a packet which bytes mean what.
type Layout struct {
	Bytes []byte // the header as transmitted, and the body after inflating
	Spans []Span // one behind the other, from the first byte to the last
	Tags  []Place
}

// Span is a run of bytes that says one thing.
type Span struct {
	Begin, End int // offsets in Layout.Bytes
	Part       Part
	Tag        int    // index into Layout.Tags; -1 for what belongs to the packet
	Text       string // what the bytes say: "UINT16 (3)"
}

// Place is a tag of the packet, parents before their children.
type Place struct {
	Name   codec.TagName
	Label  string // the protocol's name, or the number in hex
	Parent int    // index of the tag that it stands in, or -1
	Depth  int    // 0 at the top level
	Type   codec.Type
	Value  string // own data as AppendTree prints it; empty when there is none
	Known  bool   // whether a typed message has a field for it
}

// Part says what a Span is a part of.
type Part uint8

// The parts of a packet, and then those of each tag.
const (
	PartFlags Part = iota
	PartLength
	PartOpcode
	PartCount // of the packet's tags, or of a tag's children
	PartName
	PartType
	PartTagLength
	PartData
	PartRest // behind the last tag; nobody reads it
)

// String returns the part's name in the reference's words.
func (p Part) String() string {
	return [...]string{"flags", "length", "opcode", "count", "name", "type", "taglen", "data", "rest"}[p]
}

// Layout reads a packet and says which bytes mean what, under
// [codec.DefaultLimits].
func (v *Viewer) Layout(from codec.Direction, frame codec.Frame) (*Layout, error) {
	var packet codec.Packet
	if err := packet.UnmarshalBody(frame.Body, frame.Flags); err != nil {
		return nil, err
	}
	body := frame.Body
	if frame.Flags&codec.FlagZlib != 0 {
		body = inflate(body)
	}
	w := layoutWriter{viewer: v, utf8: frame.Flags&codec.FlagUTF8Numbers != 0, body: body}
	w.out.Bytes = codec.AppendHeader(nil, codec.Header{Flags: frame.Flags, Length: uint32(len(frame.Body))})
	w.header(frame)
	w.out.Bytes = append(w.out.Bytes, body...)

	w.decoder = codec.NewDecoder(body, frame.Flags&^codec.FlagZlib, codec.Share, codec.DefaultLimits())
	op, count, at := w.decoder.Opcode()
	opcodeEnd := w.number(0, 1)
	w.span(0, opcodeEnd, PartOpcode, none, fmt.Sprintf("%s (0x%02X)", v.opcodeName(op), uint8(op)))
	w.span(opcodeEnd, at, PartCount, none, plural(count, "tag"))
	at = w.tags(v.protocol.Message(from, op), packet.Tags, at, none)
	err := w.decoder.Finish(op, at, v.protocol)
	if at >= 0 && at < len(body) {
		w.span(at, len(body), PartRest, none, plural(len(body)-at, "byte")+" that nobody reads")
	}
	return &w.out, err
}

// none is the index of no tag.
const none = -1

// inflate returns what a body inflates to that codec has accepted, so that its
// size is within the limits. What is wrong behind the tree is nothing to codec.
func inflate(body []byte) []byte {
	stream, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil
	}
	inflated, _ := io.ReadAll(stream)
	return inflated
}

type layoutWriter struct {
	viewer  *Viewer
	decoder *codec.Decoder
	utf8    bool
	body    []byte
	out     Layout
}

func (w *layoutWriter) header(frame codec.Frame) {
	flags := flagNames(frame.Flags)
	if flags == "" {
		flags = " (none but the fixed one)"
	}
	length := plural(len(frame.Body), "byte") + " of body"
	if frame.Flags&codec.FlagZlib != 0 {
		length += fmt.Sprintf(", which inflate to %d", len(w.body))
	}
	w.out.Spans = []Span{
		{0, 4, PartFlags, none, fmt.Sprintf("0x%02X%s", uint32(frame.Flags), flags)},
		{4, codec.HeaderSize, PartLength, none, length},
	}
}

// span adds what stands in the body from begin to end.
func (w *layoutWriter) span(begin, end int, part Part, tag int, text string) {
	w.out.Spans = append(w.out.Spans, Span{codec.HeaderSize + begin, codec.HeaderSize + end, part, tag, text})
}

// number returns the offset behind the number at offset at, which has size
// bytes unless it is coded. The decoder has read it already.
func (w *layoutWriter) number(at, size int) int {
	if !w.utf8 {
		return at + size
	}
	return at + max(1, bits.LeadingZeros8(^w.body[at]))
}

// tags lays out tags from offset at. It returns the offset behind them, which
// is negative when the decoder failed.
func (w *layoutWriter) tags(shape *codec.Shape, tags []codec.Tag, at, parent int) (end int) {
	for i, part := range w.viewer.parts(shape, tags) {
		for j := range part {
			if at = w.tag(fieldOf(shape, i, j), &part[j], at, parent); at < 0 {
				return at
			}
		}
	}
	return at
}

// fieldOf returns what takes tag j of a part, or nil when nothing does.
func fieldOf(shape *codec.Shape, i, j int) *codec.Field {
	if i == unknown {
		return nil
	}
	f := &shape.Fields[i]
	if f.Kind == codec.KindPositions {
		return &f.Positions[j]
	}
	return f
}

func (w *layoutWriter) tag(f *codec.Field, t *codec.Tag, at, parent int) (end int) {
	d := w.decoder
	h := d.Head(at)
	count, first, opened := d.Open(h)
	if h.End < 0 || first < 0 {
		return none
	}
	tag := w.place(f, t, parent)
	w.head(h, count, at, first, tag)
	if h.HasChildren() {
		var shape *codec.Shape
		if f != nil && f.Kind == codec.KindObject {
			shape = &w.viewer.protocol.Shapes[f.Children]
		}
		first = w.tags(shape, t.Children, first, tag)
	}
	begin, end := d.Close(h, first, opened)
	if end > begin {
		w.span(begin, end, PartData, tag, w.out.Tags[tag].Value)
	}
	return end
}

// place adds a tag and returns its index.
func (w *layoutWriter) place(f *codec.Field, t *codec.Tag, parent int) int {
	p := Place{Name: t.Name, Label: w.viewer.tagName(t.Name), Parent: parent, Type: t.Type, Known: f != nil}
	if parent != none {
		p.Depth = w.out.Tags[parent].Depth + 1
	}
	switch {
	case len(t.Data) == 0:
	case f == nil:
		p.Value = plainText(t)
	case f.Kind == codec.KindObject:
		p.Value = w.viewer.ownText(&w.viewer.protocol.Shapes[f.Children], t)
	default:
		p.Value = w.viewer.leafText(f, t)
	}
	w.out.Tags = append(w.out.Tags, p)
	return len(w.out.Tags) - 1
}

// head adds the numbers before a tag's children and own data.
func (w *layoutWriter) head(h codec.Head, count, at, end, tag int) {
	nameEnd := w.number(at, 2)
	typeEnd := w.number(nameEnd, 1)
	lengthEnd := w.number(typeEnd, 4)
	p := &w.out.Tags[tag]
	name := fmt.Sprintf("%s (0x%04X)", p.Label, uint16(p.Name))
	if lengthEnd < end {
		name += ", with children"
	}
	w.span(at, nameEnd, PartName, tag, name)
	w.span(nameEnd, typeEnd, PartType, tag, fmt.Sprintf("%v (%d)", p.Type, uint8(p.Type)))
	length := plural(int(h.Length()), "byte")
	if h.HasChildren() {
		length += ", children included"
	}
	w.span(typeEnd, lengthEnd, PartTagLength, tag, length)
	if lengthEnd < end {
		w.span(lengthEnd, end, PartCount, tag, plural(count, "child"))
	}
}

// plural returns a number of things in words.
func plural(n int, what string) string {
	switch {
	case n == 1:
		return "1 " + what
	case what == "child":
		return fmt.Sprintf("%d children", n)
	default:
		return fmt.Sprintf("%d %ss", n, what)
	}
}
