package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

var bytesSynopsis = []string{
	"[--json] [--flat] [--keep-going] [--from SIDE] FILE",
	"[--json] [--flat] [--port PORT] [--connection N] CAPTURE",
}

const bytesDetails = `Each line is a tag where it stands: how often it does, how many bytes it costs
by itself (head, count of children, own data), which part of all that is, and
how many with its children. A message's own bytes are its opcode and the count
of its tags. What was deflated counts as it is after inflating: all own bytes
together are those of the bodies. The largest stand first. --flat adds up each
tag over all its places.

` + sourceDetails + `A frame that is refused is named on standard error, is not counted, and makes
the exit code 1; --keep-going counts those behind it too.

Examples:

  ec bytes s2c.bin
  ec bytes --flat --from daemon capture.pcapng
`

// meter is what the options of bytes say.
type meter struct {
	source
	json, flat bool
}

func bytesOptions(flags *flag.FlagSet) func(*call) (bool, error) {
	var m meter
	flags.BoolVar(&m.json, "json", false, "print one JSON object")
	flags.BoolVar(&m.flat, "flat", false, "add up each tag over all its places")
	m.source.define(flags)
	return m.run
}

// cost is what one tag costs, or one message, or all that is in a capture.
type cost struct {
	Name  string  `json:"name"`
	From  string  `json:"from,omitempty"` // of a message
	Count int     `json:"count"`
	Own   int64   `json:"own_bytes"`
	Total int64   `json:"bytes"` // with children
	Parts []*cost `json:"tags,omitempty"`

	parts map[string]*cost
}

// part returns the part of this name, a new one if there is none.
func (c *cost) part(name, from string) *cost {
	key := name + " " + from
	if p := c.parts[key]; p != nil {
		return p
	}
	if c.parts == nil {
		c.parts = make(map[string]*cost)
	}
	p := &cost{Name: name, From: from}
	c.parts[key] = p
	c.Parts = append(c.Parts, p)
	return p
}

// sort puts the largest parts first.
func (c *cost) sort() {
	slices.SortStableFunc(c.Parts, func(a, b *cost) int {
		return cmp.Or(cmp.Compare(b.Total, a.Total), strings.Compare(a.Name, b.Name))
	})
	for _, p := range c.Parts {
		p.sort()
	}
}

// bill is what a capture costs.
type bill struct {
	Frames      int     `json:"frames"`
	Headers     int64   `json:"header_bytes"`
	Transmitted int64   `json:"transmitted_bytes"` // of bodies, as they were deflated
	Bodies      int64   `json:"body_bytes"`        // after inflating
	Messages    []*cost `json:"messages,omitempty"`
	Tags        []*cost `json:"tags,omitempty"` // with --flat
}

func (m *meter) run(c *call) (found bool, err error) {
	name, err := c.oneFile()
	if err != nil {
		return false, err
	}
	in, err := c.open(name)
	if err != nil {
		return false, err
	}
	defer in.Close()
	frames, directed, err := m.frames(in)
	if err != nil {
		return false, err
	}
	if !directed {
		frames = direct(frames, m.from)
	}
	var b bill
	var all cost
	for f, err := range frames {
		if err != nil {
			return found, err
		}
		if f.refused != nil {
			found = true
			fmt.Fprintf(c.stderr, "ec bytes: %s: %s (at %d)\n", name, f.refused.Reason, f.refused.Offset)
			continue
		}
		m.add(&all, &b, f)
	}
	all.sort()
	if m.flat {
		b.Tags = all.Parts
	} else {
		b.Messages = all.Parts
	}
	out := bufio.NewWriter(c.stdout)
	if m.json {
		err = json.NewEncoder(out).Encode(&b)
	} else {
		err = b.print(out, all.Parts, c.width())
	}
	if flushed := out.Flush(); err == nil {
		err = flushed
	}
	return found, err
}

// add counts one frame.
func (m *meter) add(all *cost, b *bill, f *frame) {
	d := codec.NewDecoder(f.body, f.message.Flags, 0, codec.DefaultLimits())
	b.Frames++
	b.Headers += codec.HeaderSize
	b.Transmitted += int64(len(f.body))
	b.Bodies += int64(d.Len())
	w := walker{decoder: d}
	if m.flat {
		w.flat, w.open = all, make(map[*cost]int)
	}
	op, count, at := d.Opcode()
	own := at
	message := all.part(opcodeTitle(op), f.message.From.String())
	for range count {
		at = w.tag(message, at)
	}
	// Behind the last tag there may be bytes that aMule does not look at.
	own += d.Len() - at
	message.Count++
	message.Own += int64(own)
	message.Total += int64(d.Len())
	d.Finish(op, at, nil)
}

// walker counts the bytes of the tags of a body that was decoded before, so
// that nothing in it can be wrong.
type walker struct {
	decoder *codec.Decoder
	flat    *cost         // what all tags are parts of, wherever they stand; or nil
	open    map[*cost]int // with flat: how often each is around the tag that is read
}

// tag counts the tag at an offset, and all below it, as a part of its parent.
// It returns the offset behind it.
func (w *walker) tag(parent *cost, at int) (end int) {
	d := w.decoder
	begin, h := at, d.Head(at)
	if w.flat != nil {
		parent = w.flat
	}
	c := parent.part(tagTitle(h.Name()), "")
	if w.open != nil {
		w.open[c]++
	}
	count, at, opened := d.Open(h)
	own := at - begin
	for range count {
		at = w.tag(c, at)
	}
	data, end := d.Close(h, at, opened)
	c.Count++
	c.Own += int64(own + end - data)
	if w.open != nil {
		w.open[c]--
	}
	if w.open[c] == 0 { // what is within a tag of the same name counts once
		c.Total += int64(end - begin)
	}
	return end
}

// opcodeTitle is an opcode's name in the protocol, or its number.
func opcodeTitle(op codec.Opcode) string {
	if label := ec.Protocol.Opcodes[op].Protocol; label != "" {
		return label
	}
	return fmt.Sprintf("0x%02x", uint8(op))
}

// tagTitle is a tag's name in the protocol, or its number.
func tagTitle(name codec.TagName) string {
	if label := ec.Protocol.Tags[name].Protocol; label != "" {
		return label
	}
	return fmt.Sprintf("0x%04x", uint16(name))
}

// print prints a table of the parts.
func (b *bill) print(w io.Writer, parts []*cost, width int) error {
	t := table{columns: []column{{title: "count"}, {title: "own"}, {title: "%"}, {title: "with children"}, {title: "tag", text: true}}}
	t.row("", fmt.Sprint(b.Headers), "", "", fmt.Sprintf("%d headers", b.Frames))
	t.row("", fmt.Sprint(b.Bodies), percent(b.Bodies, b.Bodies), fmt.Sprint(b.Bodies), "bodies"+b.deflated())
	var add func(parts []*cost, indent string)
	add = func(parts []*cost, indent string) {
		for _, p := range parts {
			name := indent + p.Name
			if p.From != "" {
				name += " from " + p.From
			}
			t.row(fmt.Sprint(p.Count), fmt.Sprint(p.Own), percent(p.Own, b.Bodies), fmt.Sprint(p.Total), name)
			add(p.Parts, indent+"  ")
		}
	}
	add(parts, "  ")
	return t.print(w, width, false)
}

// percent returns a part of the whole, as in 12.5.
func percent(part, whole int64) string {
	if whole == 0 {
		return ""
	}
	return strconv.FormatFloat(100*float64(part)/float64(whole), 'f', 1, 64)
}

// deflated says how much deflating spared.
func (b *bill) deflated() string {
	if b.Transmitted == b.Bodies {
		return ""
	}
	return fmt.Sprintf(", transmitted as %d bytes", b.Transmitted)
}
