package targets

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/fuzz/typed"
)

// Body reads and writes untyped packets. It does little for an input, so that
// many can be tried.
var Body = Target{
	Name: "Body", Form: loose.Body, Folder: "fuzz",
	Doc: "An untyped packet that is accepted is written as a body that reads as the same tree, is written again as the " +
		"same bytes, and has the size that SizeBody says. The input is one byte of flags and a body; its length says " +
		"in which form it is written.",
	Run: func(data []byte) error {
		flags, body := split(data)
		var p codec.Packet
		if err := p.Decode(body, flags, 0, budgets); err != nil {
			return describe(err)
		}
		form := codec.FlagBase
		if len(data)&1 != 0 {
			form |= codec.FlagUTF8Numbers
		}
		if len(data)&2 != 0 {
			form |= codec.FlagLargeTagCount
		}
		return rewrite(&p, form)
	},
}

// Ways reads untyped packets in all ways that there are.
var Ways = Target{
	Name: "Ways", Form: loose.Body, Folder: "fuzz",
	Doc: "Copying, sharing and walking the elements of an untyped packet give the same tree, or refuse it alike. The " +
		"input is one byte of flags and a body.",
	Run: func(data []byte) error {
		flags, body := split(data)
		var p, shared codec.Packet
		err := p.Decode(body, flags, 0, budgets)
		sharedErr := shared.Decode(body, flags, codec.Share, budgets)
		elements, walkErr := walk(body, flags, budgets)
		if !sameError(err, sharedErr) {
			return fmt.Errorf("copying says %v, sharing %v", err, sharedErr)
		}
		if err != nil {
			return first(describe(err), typed.SameClass("decoding and walking", err, walkErr), refusesFlags(flags))
		}
		if !p.Equal(&shared) || walkErr == nil && !p.Equal(&codec.Packet{Opcode: p.Opcode, Tags: elements}) {
			return fmt.Errorf("copied\n%v\nshared\n%v\nwalked\n%v, %v", &p, &shared, elements, walkErr)
		}
		if walkErr != nil && !typed.IsLimit(walkErr) {
			return fmt.Errorf("walking: %v", walkErr)
		}
		return nil
	},
}

// refusesFlags writes a packet under flags that aMule refuses.
func refusesFlags(flags codec.Flags) error {
	want := flags.Check()
	dst := []byte("before")
	out, err := codec.AppendFrame(dst, flags, &codec.Packet{Opcode: 1})
	if want != nil && (err != want || string(out) != "before") || want == nil && err != nil {
		return fmt.Errorf("a packet is written under flags %#x as %x, %v, want %v", flags, out, err, want)
	}
	return nil
}

// walk collects the elements of a body.
func walk(body []byte, flags codec.Flags, limits codec.Limits) (tags []codec.Tag, err error) {
	for element, err := range codec.Elements(body, flags, limits) {
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
	if err := q.Decode(body, flags, 0, codec.DefaultLimits()); err != nil || !q.Equal(p) && !q.Equal(kept(p, flags)) {
		return fmt.Errorf("flags %#x:\n%v\nis read again as\n%v, %v", flags, p, &q, err)
	}
	again, err := q.AppendBody(nil, flags)
	if err != nil || !bytes.Equal(again, body) {
		return fmt.Errorf("flags %#x: written first as\n%x, then as\n%x, %v", flags, body, again, err)
	}
	return nil
}

// Prefix cuts bodies.
var Prefix = Target{
	Name: "Prefix", Form: loose.Body, Folder: "fuzz",
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
			if _, err := walk(body[:cut], flags, budgets); !errors.Is(err, codec.ErrTruncated) && !typed.IsLimit(err) {
				return fmt.Errorf("elements of %d of %d bytes: %v", cut, len(body), err)
			}
		}
		return nil
	},
}
