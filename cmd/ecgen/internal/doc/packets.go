package doc

import (
	_ "embed"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/view"
)

// packetsFile has the packets that the site shows. A line is a name, where the
// packet was captured, and its bytes in hex, with tabs between. Those that are
// named for a Go type are the examples of that message.
//
//go:embed packets.tsv
var packetsFile string

// packet is a captured packet as it is shown.
type packet struct {
	Name     string
	Source   string // who sent it to whom
	Scenario string // of the captures
	Size     int    // on the wire
	Rows     []row
}

// row is a line of a packet: some numbers of the header, the head and own data
// of a tag without children, or either of the two of a tag that has some.
type row struct {
	Offset int // -1 in what was compressed
	Depth  int
	Fields []field
	Label  string
	Href   string
	Value  string
}

// field is a run of bytes that says one thing.
type field struct {
	Kind string // for its colour
	Hex  string
	More int // bytes that are left out
	Says string
}

// What is longer than mostData bytes is shown by its first firstData.
const (
	mostData  = 48
	firstData = 32
)

// parts are the words for the parts of a packet.
var parts = map[view.Part]struct{ kind, words string }{
	view.PartFlags:     {"flags", "Flags"},
	view.PartLength:    {"length", "Length"},
	view.PartOpcode:    {"opcode", "Opcode"},
	view.PartCount:     {"count", "Count"},
	view.PartName:      {"name", "Tag name"},
	view.PartType:      {"type", "Type"},
	view.PartTagLength: {"length", "TAGLEN"},
	view.PartData:      {"data", "Own data"},
	view.PartRest:      {"rest", "Rest"},
}

func (s *site) readPackets() (map[string]*packet, error) {
	viewer := view.New(s.protocol.Codec())
	packets := make(map[string]*packet)
	for line := range strings.Lines(packetsFile) {
		columns := strings.Split(strings.TrimSpace(line), "\t")
		if len(columns) != 3 {
			return nil, fmt.Errorf("packets.tsv: not three columns: %q", line)
		}
		p, err := s.readPacket(viewer, columns[0], columns[1], columns[2])
		if err != nil {
			return nil, fmt.Errorf("packets.tsv: %s: %w", columns[0], err)
		}
		packets[p.Name] = p
	}
	return packets, nil
}

func (s *site) readPacket(viewer *view.Viewer, name, where, digits string) (*packet, error) {
	bytes, err := hex.DecodeString(digits)
	if err != nil {
		return nil, err
	}
	frame, size, err := codec.ConsumeFrame(bytes, codec.DefaultLimits())
	if err == nil && size != len(bytes) {
		err = fmt.Errorf("%d bytes behind the packet", len(bytes)-size)
	}
	if err != nil {
		return nil, err
	}
	from, source, scenario := describe(where)
	layout, err := viewer.Layout(from, frame)
	if err != nil {
		return nil, err
	}
	p := &packet{Name: name, Source: source, Scenario: scenario, Size: size}
	p.Rows = s.rows(layout)
	if frame.Flags&codec.FlagZlib != 0 {
		p.Rows = append(p.Rows[:1:1], append([]row{zlibRow(frame.Body)}, p.Rows[1:]...)...)
	}
	return p, nil
}

// shownPacket is a packet in its place.
type shownPacket struct {
	*packet
	Caption string
	ID      string
}

// Shown is the packet as the example of a message.
func (p *packet) Shown() shownPacket { return shownPacket{packet: p, ID: p.Name} }

// A packet of more than mostRows lines is folded behind the firstRows.
const (
	mostRows  = 36
	firstRows = 20
)

// First are the lines that are always shown.
func (p shownPacket) First() []row {
	if len(p.Rows) <= mostRows {
		return p.Rows
	}
	return p.Rows[:firstRows]
}

// More are the other lines.
func (p shownPacket) More() []row { return p.Rows[len(p.First()):] }

// describe says what a place in the captures means, which reads
// CLIENT-VERSION-DAEMON-VERSION/SCENARIO STREAM NUMBER.
func describe(where string) (from codec.Direction, source, scenario string) {
	pair, rest, _ := strings.Cut(where, "/")
	scenario, stream, _ := strings.Cut(rest, " ")
	client, daemon, _ := strings.Cut(pair, "-amuled-")
	daemon = "amuled " + daemon
	client = strings.Replace(client, "-", " ", 1)
	if client == "raw" {
		client = "a client made for tests"
	}
	if strings.HasPrefix(stream, "s2c") {
		return codec.FromDaemon, daemon + " to " + client, scenario
	}
	return codec.FromClient, client + " to " + daemon, scenario
}

// rows puts the spans of a layout into lines.
func (s *site) rows(l *view.Layout) (rows []row) {
	inRow := none
	for i, span := range l.Spans {
		begins := i == 0 || span.Part == view.PartOpcode || span.Part == view.PartName || span.Part == view.PartRest ||
			span.Part == view.PartData && span.Tag != inRow
		if begins {
			rows = append(rows, s.newRow(l, span))
			inRow = span.Tag
		}
		r := &rows[len(rows)-1]
		r.Fields = append(r.Fields, newField(parts[span.Part].kind, l.Bytes[span.Begin:span.End], parts[span.Part].words+": "+span.Text))
		switch span.Part {
		case view.PartOpcode:
			r.Value = span.Text
		case view.PartLength, view.PartCount:
			if span.Tag == none {
				r.Value += ", " + span.Text
			}
		}
		if span.Part == view.PartCount && span.Tag != none {
			inRow = none // children come between head and own data
		}
	}
	return rows
}

const none = -1

func (s *site) newRow(l *view.Layout, span view.Span) row {
	r := row{Offset: span.Begin}
	switch span.Part {
	case view.PartFlags:
		r.Label, r.Value = "Header", "flags "+span.Text
	case view.PartOpcode:
		r.Label = "Opcode"
	case view.PartRest:
		r.Label, r.Value = "Rest", span.Text
	default:
		place := l.Tags[span.Tag]
		r.Depth, r.Label, r.Value = place.Depth+1, place.Label, place.Value
		if span.Part == view.PartData {
			r.Label = "own data of " + r.Label
		} else {
			r.Href = s.codeHref(s.protocol.Tags, place.Label, "tag-")
		}
	}
	return r
}

func newField(kind string, bytes []byte, says string) field {
	f := field{Kind: kind, Says: says}
	if len(bytes) > mostData {
		f.More = len(bytes) - firstData
		bytes = bytes[:firstData]
	}
	f.Hex = fmt.Sprintf("% x", bytes)
	return f
}

// zlibRow shows a body as it was transmitted.
func zlibRow(body []byte) row {
	end := len(body) - 4
	return row{
		Offset: codec.HeaderSize,
		Label:  "Body",
		Value:  fmt.Sprintf("one zlib stream of %d bytes; what it inflates to follows", len(body)),
		Fields: []field{
			newField("zlib", body[:2], "zlib: the head of the stream, method and level"),
			newField("zlib", body[2:end], fmt.Sprintf("zlib: %d bytes of deflated body", end-2)),
			newField("zlib", body[end:], "zlib: Adler-32 checksum of the inflated body"),
		},
	}
}
