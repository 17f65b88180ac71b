package view

import (
	"encoding/hex"
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"github.com/ecgen/ecgen/codec"
)

// AppendTree appends m to dst as an indented tree for people: a line for the
// packet, then one for each tag or item of several tags, each with a newline.
//
//	STATS from daemon, flags 0x32 (UTF-8 numbers, large tag count)
//	  STATS_UL_SPEED 0
//	  CONNSTATE ED2K_CONNECTED|KAD_RUNNING (17)
//	    SERVER 127.0.0.1:4661
//	  unknown 0x0456 STRING "text"
//
// Flags of 0, which no packet has, are left out. Nothing in it can upset a
// terminal. With color, escape sequences set off names, values and unknown
// tags.
func (v *Viewer) AppendTree(dst []byte, m *Message, color bool) []byte {
	return v.AppendTreeNoted(dst, m, flagNames(m.Flags), color)
}

// AppendTreeNoted is AppendTree with a note behind the flags in place of their
// names, for dialects in which they mean something else.
func (v *Viewer) AppendTreeNoted(dst []byte, m *Message, note string, color bool) []byte {
	w := treeWriter{viewer: v, dst: dst}
	if color {
		w.paint = colors
	}
	shape, name := v.protocol.Message(m.From, m.Packet.Opcode), v.opcodeName(m.Packet.Opcode)
	if shape == nil {
		name = "unknown opcode " + name
	}
	w.paintText(opcodeColor, name)
	w.dst = fmt.Appendf(w.dst, " from %v", m.From)
	if m.Flags != 0 {
		w.dst = fmt.Appendf(w.dst, ", flags %#x%s", uint32(m.Flags), note)
	}
	w.dst = append(w.dst, '\n')
	w.tags(shape, m.Packet.Tags, 1)
	return w.dst
}

// flagNames spells out all flags but the one that all packets have.
func flagNames(flags codec.Flags) string {
	var names []string
	for rest := flags &^ codec.FlagBase; rest != 0; rest &= rest - 1 {
		bit := rest & -rest
		switch bit {
		case codec.FlagZlib:
			names = append(names, "zlib")
		case codec.FlagUTF8Numbers:
			names = append(names, "UTF-8 numbers")
		case codec.FlagLargeTagCount:
			names = append(names, "large tag count")
		case codec.FlagEncrypted:
			names = append(names, "encrypted")
		default:
			names = append(names, fmt.Sprintf("%#x", uint32(bit)))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return " (" + strings.Join(names, ", ") + ")"
}

// paint is the escape sequence for each use of color.
type paint [valueColor + 1]string

const (
	opcodeColor = iota
	nameColor
	unknownColor
	valueColor
)

var colors = paint{"\x1b[1m", "\x1b[36m", "\x1b[31m", "\x1b[32m"}

const endColor = "\x1b[0m"

type treeWriter struct {
	viewer *Viewer
	dst    []byte
	paint  paint
}

func (w *treeWriter) paintText(use int, text string) {
	if text == "" || w.paint[use] == "" {
		w.dst = append(w.dst, text...)
		return
	}
	w.dst = append(w.dst, w.paint[use]...)
	w.dst = append(w.dst, text...)
	w.dst = append(w.dst, endColor...)
}

// tags appends the lines of a list of tags and all below them.
func (w *treeWriter) tags(shape *codec.Shape, tags []codec.Tag, depth int) {
	for i, part := range w.viewer.parts(shape, tags) {
		for range depth {
			w.dst = append(w.dst, "  "...)
		}
		if i == unknown {
			w.unknown(&part[0], depth)
			continue
		}
		w.known(&shape.Fields[i], part, depth)
	}
}

// known appends what a field takes.
func (w *treeWriter) known(f *codec.Field, part []codec.Tag, depth int) {
	w.paintText(nameColor, w.viewer.tagName(part[0].Name))
	switch f.Kind {
	case codec.KindObject:
		shape := &w.viewer.protocol.Shapes[f.Children]
		w.own(shape, &part[0])
		w.dst = append(w.dst, '\n')
		w.tags(shape, part[0].Children, depth+1)
		return
	case codec.KindPositions:
		for i := range part {
			if i > 0 {
				w.dst = append(w.dst, ',')
			}
			w.value(w.viewer.leafText(&f.Positions[i], &part[i]))
		}
	default:
		w.value(w.viewer.leafText(f, &part[0]))
	}
	w.dst = append(w.dst, '\n')
}

// own appends the own data of an object, if it has any.
func (w *treeWriter) own(shape *codec.Shape, t *codec.Tag) {
	if _, ok := shape.HoldsOwn(t.Type, t.Data); !ok {
		w.dst = append(w.dst, ' ')
		w.paintText(unknownColor, "unknown "+t.Type.String())
	}
	w.value(w.viewer.ownText(shape, t))
}

// ownText returns the own data of an object as text, if it has any.
func (v *Viewer) ownText(shape *codec.Shape, t *codec.Tag) string {
	switch i, ok := shape.HoldsOwn(t.Type, t.Data); {
	case !ok:
		return plainText(t)
	case i >= 0:
		return v.leafText(&shape.Own[i], t)
	default:
		return ""
	}
}

func (w *treeWriter) value(text string) {
	if text != "" {
		w.dst = append(w.dst, ' ')
		w.paintText(valueColor, text)
	}
}

// unknown appends a tag that no field takes.
func (w *treeWriter) unknown(t *codec.Tag, depth int) {
	name := "unknown " + hexTag(t.Name)
	if label := w.viewer.protocol.Tags[t.Name].Protocol; label != "" {
		name += " (" + label + ")"
	}
	w.paintText(unknownColor, name+" "+t.Type.String())
	w.value(plainText(t))
	w.dst = append(w.dst, '\n')
	w.tags(nil, t.Children, depth+1)
}

// leafText returns the own data of a tag that f holds.
func (v *Viewer) leafText(f *codec.Field, t *codec.Tag) string {
	switch f.Kind {
	case codec.KindUint, codec.KindBool, codec.KindSwitch:
		if len(t.Data) == 0 {
			return "(empty)"
		}
		number, _ := t.Uint()
		switch {
		case f.Kind != codec.KindUint:
			return strconv.FormatBool(number != 0)
		case f.Enum > 0:
			return enumText(&v.protocol.Enums[f.Enum-1], number)
		}
	case codec.KindEmpty:
		return ""
	case codec.KindBytes:
		if len(t.Data) == 0 {
			return "(empty)"
		}
	}
	return plainText(t)
}

// enumText returns a value's name and the value, or the names of its bits.
func enumText(enum *codec.Enum, value uint64) string {
	number := strconv.FormatUint(value, 10)
	name := enum.Values[value]
	if enum.Bits && value != 0 {
		name = bitNames(enum, value)
	}
	if name == "" {
		return number
	}
	return name + " (" + number + ")"
}

func bitNames(enum *codec.Enum, value uint64) string {
	var names []string
	for rest := value; rest != 0; rest &= rest - 1 {
		bit := uint64(1) << bits.TrailingZeros64(rest)
		name := enum.Values[bit]
		if name == "" {
			name = fmt.Sprintf("%#x", bit)
		}
		names = append(names, name)
	}
	return strings.Join(names, "|")
}

// plainText returns own data by its type alone, as codec does, but long bytes
// shortened and nothing that is unsafe in a terminal.
func plainText(t *codec.Tag) string {
	switch t.Type {
	case codec.TypeDouble:
		if text, ok := t.Text(); ok {
			if _, err := strconv.ParseFloat(text, 64); err == nil {
				return text
			}
			return strconv.Quote(text)
		}
	case codec.TypeString:
		if text, ok := t.Text(); ok {
			return strconv.Quote(text)
		}
	default:
		if len(t.Data) <= mostBytes {
			return t.Value()
		}
	}
	return shortHex(t.Data)
}

const (
	mostBytes  = 32 // that are printed in full
	firstBytes = 16 // that are printed of more
)

// shortHex returns data in hex, or their beginning and their length.
func shortHex(data []byte) string {
	if len(data) <= mostBytes {
		return hex.EncodeToString(data)
	}
	return fmt.Sprintf("%x... (%d bytes)", data[:firstBytes], len(data))
}
