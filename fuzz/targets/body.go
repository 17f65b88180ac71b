package targets

import (
	"bytes"
	"compress/flate"
	standard "compress/zlib"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zlib"

	"github.com/ecgen/ecgen/codec"
)

// Number reads numbers of the UTF-8 scheme.
var Number = Target{
	Name: "Number",
	Doc: "A coded number is read as by the plainest code for it, and is written in its one form. The input begins " +
		"with the number.",
	Run: func(data []byte) error {
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
		if count := want & 0xFFFF; (count == 0) != (err == nil) || err != nil && !errors.Is(err, codec.ErrTruncated) && !isLimit(err) {
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

// Body reads and writes untyped packets.
var Body = Target{
	Name: "Body",
	Doc: "An untyped packet that is accepted is written as a body that reads as the same tree, is written again as the " +
		"same bytes, and has the size that SizeBody says; copying, sharing and walking the elements agree. The input is " +
		"one byte of flags and a body.",
	Run: func(data []byte) error {
		flags, body := split(data)
		var p, shared codec.Packet
		err := p.Decode(body, flags, 0, budgets)
		sharedErr := shared.Decode(body, flags, codec.Share, budgets)
		elements, walkErr := walk(body, flags)
		if !sameError(err, sharedErr) {
			return fmt.Errorf("copying says %v, sharing %v", err, sharedErr)
		}
		if err != nil {
			return first(describe(err), sameClass("decoding and walking differ", err, walkErr))
		}
		if !p.Equal(&shared) || walkErr == nil && !p.Equal(&codec.Packet{Opcode: p.Opcode, Tags: elements}) {
			return fmt.Errorf("copied\n%v\nshared\n%v\nwalked\n%v, %v", &p, &shared, elements, walkErr)
		}
		if walkErr != nil && !isLimit(walkErr) {
			return fmt.Errorf("walking: %v", walkErr)
		}
		for _, form := range []codec.Flags{0, codec.FlagUTF8Numbers, codec.FlagLargeTagCount, codec.FlagUTF8Numbers | codec.FlagLargeTagCount} {
			if err := rewrite(&p, codec.FlagBase|form); err != nil {
				return err
			}
		}
		return nil
	},
}

// walk collects the elements of a body.
func walk(body []byte, flags codec.Flags) (tags []codec.Tag, err error) {
	for element, err := range codec.Elements(body, flags, budgets) {
		if err != nil {
			return nil, err
		}
		tag, err := element.Tag()
		if err != nil {
			return nil, err
		}
		tags = append(tags, tag)
	}
	return tags, nil
}

// rewrite writes p and reads it again.
func rewrite(p *codec.Packet, flags codec.Flags) error {
	body, err := p.AppendBody(nil, flags)
	if err != nil {
		return fmt.Errorf("flags %#x: what was read cannot be written: %v", flags, err)
	}
	if size := p.SizeBody(flags); size != len(body) {
		return fmt.Errorf("flags %#x: SizeBody is %d, but %d bytes are written", flags, size, len(body))
	}
	var q codec.Packet
	if err := q.Decode(body, flags, 0, codec.DefaultLimits()); err != nil || !q.Equal(kept(p, flags)) {
		return fmt.Errorf("flags %#x:\n%v\nis read again as\n%v, %v", flags, p, &q, err)
	}
	again, err := q.AppendBody(nil, flags)
	if err != nil || !bytes.Equal(again, body) {
		return fmt.Errorf("flags %#x: written first as\n%x, then as\n%x, %v", flags, body, again, err)
	}
	return nil
}

// takenByLibrary reports the fault of the zlib library that package codec
// documents: it takes a stream in which the standard library finds a distance
// code that the block does not define.
func takenByLibrary(body []byte, inflateErr error) bool {
	if _, corrupt := errors.AsType[flate.CorruptInputError](inflateErr); !corrupt {
		return false
	}
	stream, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, stream)
	return err == nil
}

// Zlib reads deflated bodies.
var Zlib = Target{
	Name: "Zlib",
	Doc: "A body that the standard library inflates reads as what it inflates to; one that it does not inflate is " +
		"refused, or its tree is complete before the fault; and any body that is deflated here reads as before. The " +
		"input is one byte of flags and a body, which is once taken as deflated and once as plain.",
	Run: func(data []byte) error {
		flags, body := split(data)
		flags |= codec.FlagZlib
		var deflated codec.Packet
		err := deflated.Decode(body, flags, 0, budgets)
		if flags.Check() != nil {
			return describe(err)
		}
		if plain, inflateErr := inflate(body); !isLimit(err) && !takenByLibrary(body, inflateErr) {
			var p codec.Packet
			plainErr := p.Decode(plain, flags&^codec.FlagZlib, 0, budgets)
			switch early := errors.Is(inflateErr, io.ErrUnexpectedEOF) || errors.Is(inflateErr, io.EOF); {
			case err == nil && (plainErr != nil || early):
				return fmt.Errorf("it is accepted, but %d bytes were inflated (%v), which read as %v", len(plain), inflateErr, plainErr)
			case err == nil && !p.Equal(&deflated):
				return fmt.Errorf("deflated it reads as\n%v\nplain as\n%v", &deflated, &p)
			case err != nil && inflateErr == nil && !sameError(err, plainErr):
				return fmt.Errorf("deflated: %v; plain: %v", err, plainErr)
			}
		}
		var p, q codec.Packet
		if p.Decode(body, flags&^codec.FlagZlib, 0, budgets) != nil {
			return describe(err)
		}
		again, err := p.AppendBody(nil, flags)
		if err != nil {
			return fmt.Errorf("deflating: %v", err)
		}
		if err := q.Decode(again, flags, 0, codec.DefaultLimits()); err != nil || !q.Equal(kept(&p, flags)) {
			return fmt.Errorf("\n%v\nis deflated and read as\n%v, %v", &p, &q, err)
		}
		return nil
	},
}

// inflate returns what the standard library inflates body to, and what ended
// it.
func inflate(body []byte) ([]byte, error) {
	stream, err := standard.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(stream, int64(budgets.Budgets().Inflated)+1))
}

// Prefix cuts bodies.
var Prefix = Target{
	Name: "Prefix",
	Doc: "No prefix of what is written is accepted: all are ErrTruncated. The input is one byte of flags and a body; " +
		"what is accepted of it is written again, and cut.",
	Run: func(data []byte) error {
		flags, body := split(data)
		var p codec.Packet
		if p.Decode(body, flags, 0, budgets) != nil {
			return nil
		}
		body, err := p.AppendBody(nil, flags)
		if err != nil {
			return fmt.Errorf("what was read cannot be written: %v", err)
		}
		for cut := 0; cut < len(body); cut += 1 + len(body)/256 {
			var q codec.Packet
			if err := q.Decode(body[:cut], flags, 0, codec.DefaultLimits()); !errors.Is(err, codec.ErrTruncated) {
				return fmt.Errorf("%d of %d bytes: %v\n%v", cut, len(body), err, &q)
			}
			if _, err := walk(body[:cut], flags); !errors.Is(err, codec.ErrTruncated) && !isLimit(err) {
				return fmt.Errorf("elements of %d of %d bytes: %v", cut, len(body), err)
			}
		}
		return nil
	},
}
