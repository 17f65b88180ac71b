package targets

import (
	"fmt"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/fuzz/mutate"
	"github.com/ecgen/ecgen/fuzz/reference"
	"github.com/ecgen/ecgen/fuzz/typed"
	"github.com/ecgen/ecgen/generated/ec"
)

// Sentinel reads and writes lists of about as many tags as a short count can
// say.
var Sentinel = Target{
	Name: "Sentinel", Form: loose.Bytes, Folder: "fuzz",
	Doc: "Lists of 0xFFFD to 0x10001 tags, at the top and nested, are read as the reference decoder reads them, with " +
		"and without large counts, and written so that it finds them again, cut to 0xFFFE without large counts. The " +
		"input is choices: flags, depth, the count, whether they are said in the long form, by how much they lie, and the " +
		"flags to write under.",
	Run: func(data []byte) error {
		choices := mutate.NewChoices(data)
		p := loose.Packet{Flags: uint32(loose.FlagBase | 2*choices.IntN(2) | 16*choices.IntN(2)), Opcode: byte(ec.OpStrings)}
		flags := codec.Flags(p.Flags)
		spot := &p.List
		levels := choices.IntN(3)
		for range levels {
			spot.Tags = []loose.Tag{{Name: 1, Type: 1}, {Name: uint16(ec.TagStatsLoggerMessage), Type: 1, Data: []byte{7}}}
			spot = &spot.Tags[1].Children
		}
		if levels == 1 { // its one list of texts that is not at the top
			p.Opcode, p.Tags = byte(ec.OpStats), p.Tags[1:]
			p.Tags[0].Data, spot = nil, &p.Tags[0].Children
		}
		spot.Tags = manyTags(choices)
		spot.Extended = choices.IntN(2) == 1
		spot.Lie = int64([]int{0, 1, 2, -1, -2}[choices.IntN(5)])
		in := loose.Input{Form: loose.Body, Packets: []loose.Packet{p}}
		body := in.Append(nil)[1:]
		want, verdict, offset := reference.Decode(body, p.Flags, roomy)
		var got codec.Packet
		err := got.Decode(body, flags, codec.Share, codec.DefaultLimits())
		if err := sameVerdict("the untyped packet", err, verdict, offset); err != nil {
			return err
		}
		if err != nil {
			return nil
		}
		if !sameTags(got.Tags, want.Tags) {
			return fmt.Errorf("flags %#x: %d tags are read, want %d", flags, len(got.Tags), len(want.Tags))
		}
		form := codec.FlagBase | codec.FlagUTF8Numbers*codec.Flags(choices.IntN(2)) | codec.FlagLargeTagCount*codec.Flags(choices.IntN(2))
		if err := findsAgain(&got, form); err != nil {
			return fmt.Errorf("written under flags %#x: %w", form, err)
		}
		return nil
	},
}

var roomy = reference.Limits{Depth: 256, Tags: 64 << 20}

// manyTags returns a list, one element of which may have a few children.
func manyTags(choices *mutate.Choices) []loose.Tag {
	tags := make([]loose.Tag, []int{0xFFFE, 0xFFFF, 0x10000, 0xFFFD, 0x10001, 0, 1}[choices.IntN(7)])
	for i := range tags {
		tags[i].Type = 6 // EC_TAG_STRING, which has the number 0
		tags[i].Data = []byte{0}
	}
	if n := len(tags); n > 0 && choices.IntN(2) == 1 {
		tags[n-1].Children.Tags = make([]loose.Tag, 1+choices.IntN(200))
	}
	return tags
}

// findsAgain writes p, without types and as its typed message, and has the
// reference decoder read it.
func findsAgain(p *codec.Packet, flags codec.Flags) error {
	body, err := p.AppendBody(nil, flags)
	if err != nil {
		return err
	}
	if size := p.SizeBody(flags); size != len(body) {
		return fmt.Errorf("SizeBody is %d, but %d bytes are written", size, len(body))
	}
	wanted := kept(p, flags)
	if err := isRead(body, flags, wanted); err != nil {
		return err
	}
	plain, err := p.AppendBody(nil, typed.Plain)
	if err != nil {
		return err
	}
	message := ec.New(codec.FromDaemon, p.Opcode)
	if err := message.DecodeBody(plain, typed.Plain, codec.Share, codec.DefaultLimits()); err != nil {
		return err
	}
	if body, err = message.AppendBody(nil, flags); err != nil {
		return err
	}
	if size := message.SizeBody(flags); size != len(body) {
		return fmt.Errorf("SizeBody of the message is %d, but %d bytes are written", size, len(body))
	}
	return isRead(body, flags, wanted)
}

// isRead returns an error unless the reference decoder reads body as p.
func isRead(body []byte, flags codec.Flags, p *codec.Packet) error {
	got, verdict, offset := reference.Decode(body, uint32(flags), roomy)
	if verdict != reference.Accepted || offset != len(body) {
		return fmt.Errorf("the reference decoder says of what was written: %s at %d of %d bytes", verdict, offset, len(body))
	}
	if !sameTags(p.Tags, got.Tags) {
		return fmt.Errorf("%d tags are written, want %d, or some are others", len(got.Tags), len(p.Tags))
	}
	return nil
}
