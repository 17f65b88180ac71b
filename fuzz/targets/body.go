package targets

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/fuzz/typed"
	"github.com/ecgen/ecgen/generated/ec"
)

// Body reads and writes untyped packets. It does little for an input, so that
// many can be tried.
var Body = Target{
	Name: "Body", Form: loose.Body, Folder: "fuzz",
	Doc: "An untyped packet that is accepted is written as a body that reads as the same tree, is written again as the " +
		"same bytes, and has the size that SizeBody says; in the form in which it came it is the same bytes or fewer. The " +
		"input is one byte of flags and a body; its length says in which form it is written.",
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
		written, err := rewrite(&p, form)
		if err != nil || form != codec.FlagBase|flags&forms {
			return err
		}
		return sameOrShorter(written, body, form)
	},
}

// forms are the flags that say how a body is written.
const forms = codec.FlagUTF8Numbers | codec.FlagLargeTagCount

// sameOrShorter compares what was read with what it is written as, in the same
// form. Whatever an input has that a writer does not write, such as a count of
// no children or a byte behind the tags, makes it longer. Only coded types of
// more than eight bits, which are cut, do not.
func sameOrShorter(written, read []byte, flags codec.Flags) error {
	if len(written) < len(read) || len(written) == len(read) && (flags&codec.FlagUTF8Numbers != 0 || bytes.Equal(written, read)) {
		return nil
	}
	return fmt.Errorf("flags %#x: read from\n%x\nand written as\n%x", flags, read, written)
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

// rewrite writes p, reads that again, and returns it.
func rewrite(p *codec.Packet, flags codec.Flags) ([]byte, error) {
	body, err := p.AppendBody(nil, flags)
	if err != nil {
		return nil, fmt.Errorf("flags %#x: what was read cannot be written: %v", flags, err)
	}
	if size := p.SizeBody(flags); size != len(body) {
		return nil, fmt.Errorf("flags %#x: SizeBody is %d, but %d bytes are written", flags, size, len(body))
	}
	var q codec.Packet
	if err := q.Decode(body, flags, 0, codec.DefaultLimits()); err != nil || !q.Equal(p) && !q.Equal(kept(p, flags)) {
		return nil, fmt.Errorf("flags %#x:\n%v\nis read again as\n%v, %v", flags, p, &q, err)
	}
	again, err := q.AppendBody(nil, flags)
	if err != nil || !bytes.Equal(again, body) {
		return nil, fmt.Errorf("flags %#x: written first as\n%x, then as\n%x, %v", flags, body, again, err)
	}
	return body, nil
}

// Prefix cuts packets.
var Prefix = Target{
	Name: "Prefix", Form: loose.Body, Folder: "fuzz",
	Doc: "No prefix of what is written is accepted, not as a frame, nor as a body without types, element by element or as " +
		"a message: all are ErrTruncated. The input is one byte of flags and a body; what is accepted of it is written " +
		"again, and cut.",
	Run: func(data []byte) error {
		flags, body := split(data)
		var p codec.Packet
		if p.Decode(body, flags, 0, budgets) != nil {
			return nil
		}
		frame, err := codec.AppendFrame(nil, flags, &p)
		if err != nil {
			return fmt.Errorf("what was read cannot be written: %v", err)
		}
		step := 1 + len(frame)/256
		for cut := 0; cut < len(frame); cut += step {
			if f, size, err := codec.ConsumeFrame(frame[:cut], codec.DefaultLimits()); size != 0 || !errors.Is(err, codec.ErrTruncated) {
				return fmt.Errorf("%d of the %d bytes of a frame: %v, %d bytes, %v", cut, len(frame), f, size, err)
			}
		}
		whole, _, err := codec.ConsumeFrame(frame, codec.DefaultLimits())
		if err != nil {
			return fmt.Errorf("a frame that was written is refused: %v", err)
		}
		for cut := 0; cut < len(whole.Body); cut += step {
			if err := endsEarly(whole.Body[:cut], flags); err != nil {
				return fmt.Errorf("%d of the %d bytes of a body: %w", cut, len(whole.Body), err)
			}
		}
		return nil
	},
}

// endsEarly reads a body that is cut in all ways that there are.
func endsEarly(body []byte, flags codec.Flags) error {
	var p codec.Packet
	if err := p.Decode(body, flags, 0, codec.DefaultLimits()); !errors.Is(err, codec.ErrTruncated) {
		return fmt.Errorf("%v\n%v", err, &p)
	}
	if _, err := walk(body, flags, budgets); !errors.Is(err, codec.ErrTruncated) && !typed.IsLimit(err) {
		return fmt.Errorf("its elements: %v", err)
	}
	return eachMessage(body, flags, func(_ codec.Direction, m ec.Message) error {
		if err := m.DecodeBody(body, flags, codec.Share, codec.DefaultLimits()); !errors.Is(err, codec.ErrTruncated) {
			return fmt.Errorf("%v\n%v", err, m)
		}
		return nil
	})
}
