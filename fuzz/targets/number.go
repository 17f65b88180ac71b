package targets

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/fuzz/typed"
)

// Number reads numbers of the UTF-8 scheme.
var Number = Target{
	Name: "Number", Form: loose.Bytes, Folder: "fuzz",
	Doc: "A coded number is read as by the plainest code for it, and is written in its one form. The input begins " +
		"with the number.",
	Run: func(data []byte) error {
		data = slices.Clip(data)
		want, size, wantErr := number(data)
		const flags = codec.FlagBase | codec.FlagUTF8Numbers
		op, err := codec.Frame{Flags: flags, Body: data}.Opcode()
		if errors.Unwrap(err) != wantErr || err == nil && op != codec.Opcode(want) {
			return fmt.Errorf("% x reads as %#x, %v; want %#x, %v", data, op, err, want, wantErr)
		}
		if err != nil {
			return describe(err)
		}
		// The number as a count, after which the body ends.
		counted := append([]byte{1}, data[:size]...)
		var p codec.Packet
		err = p.Decode(counted, flags, 0, budgets)
		if count := want & 0xFFFF; (count == 0) != (err == nil) || err != nil && !errors.Is(err, codec.ErrTruncated) && !typed.IsLimit(err) {
			return fmt.Errorf("a count of %#x: %v", count, err)
		}
		// And as a name.
		p = codec.Packet{Tags: []codec.Tag{{Name: codec.TagName(want>>1) & codec.MaxTagName}}}
		if want <= 0xFFFF && want&1 == 0 {
			body, err := p.AppendBody(nil, flags)
			if named := append([]byte{0, 1}, data[:size]...); err != nil || !bytes.Equal(body, append(named, 0, 0)) {
				return fmt.Errorf("a tag named %#x is written as % x, %v", p.Tags[0].Name, body, err)
			}
		}
		return nil
	},
}

// number is the plainest code for a number of the UTF-8 scheme.
func number(b []byte) (v uint32, size int, err error) {
	if len(b) == 0 {
		return 0, 0, codec.ErrTruncated
	}
	for _, form := range []struct {
		size        int
		lead, mask  byte
		least, most uint32
	}{
		{1, 0x00, 0x80, 0, 0x7F},
		{2, 0xC0, 0xE0, 0x80, 0x7FF},
		{3, 0xE0, 0xF0, 0x800, 0xFFFF},
		{4, 0xF0, 0xF8, 0x10000, 0x1FFFFF},
		{5, 0xF8, 0xFC, 0x200000, 0x3FFFFFF},
		{6, 0xFC, 0xFE, 0x4000000, 0x7FFFFFFF},
	} {
		if b[0]&form.mask != form.lead {
			continue
		}
		if len(b) < form.size {
			return 0, 0, codec.ErrTruncated
		}
		v = uint32(b[0] &^ form.mask)
		for _, c := range b[1:form.size] {
			if c&0xC0 != 0x80 {
				return 0, 0, codec.ErrNumber
			}
			v = v<<6 | uint32(c&0x3F)
		}
		if v < form.least || v > form.most {
			return 0, 0, codec.ErrNumber
		}
		return v, form.size, nil
	}
	return 0, 0, codec.ErrNumber
}
