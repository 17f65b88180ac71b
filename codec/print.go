package codec

import (
	"encoding/hex"
	"strconv"
	"strings"
)

// String returns the packet as an indented tree with codes in hex, such as
//
//	0x0c
//	  0x0200 UINT8 5
//	  0x0005 UINT8 17
//	    0x0500 IPV4 127.0.0.1:4661
//
// Package codec/view prints names instead.
func (p *Packet) String() string {
	var b strings.Builder
	b.WriteString(hexCode(uint64(p.Opcode), 2))
	for depth, t := range p.All() {
		b.WriteByte('\n')
		b.WriteString(strings.Repeat("  ", depth+1))
		b.WriteString(t.String())
	}
	return b.String()
}

// String returns the tag itself, without its children: name, type and value.
// What is not of its type's form is printed as bytes in hex.
func (t *Tag) String() string {
	text := hexCode(uint64(t.Name), 4) + " " + t.Type.String()
	if len(t.Data) == 0 {
		return text
	}
	return text + " " + t.Value()
}

// Value returns the own data as text for people: an integer in decimal, a
// string quoted, an address with its port, bytes in hex.
func (t *Tag) Value() string {
	switch t.Type {
	case TypeUint8, TypeUint16, TypeUint32, TypeUint64:
		if v, ok := t.Uint(); ok {
			return strconv.FormatUint(v, 10)
		}
	case TypeString:
		if text, ok := t.Text(); ok {
			return strconv.Quote(text)
		}
	case TypeDouble:
		if text, ok := t.Text(); ok {
			if _, err := Double(text).Float64(); err != nil {
				return strconv.Quote(text)
			}
			return text
		}
	case TypeIPv4:
		if address, ok := t.IPv4(); ok {
			return address.String()
		}
	}
	return hex.EncodeToString(t.Data)
}

// hexCode returns v in hex with at least this many digits.
func hexCode(v uint64, digits int) string {
	text := strconv.FormatUint(v, 16)
	return "0x" + strings.Repeat("0", max(0, digits-len(text))) + text
}
