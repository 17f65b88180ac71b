package codec_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"
	standard "unicode/utf8"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// appendNumber appends a protocol number of this width. What it is given is
// neither a surrogate nor beyond Unicode, so the standard library can code it.
func appendNumber(dst []byte, flags codec.Flags, width int, v uint32) []byte {
	if flags&codec.FlagUTF8Numbers != 0 {
		return standard.AppendRune(dst, rune(v))
	}
	return append(dst, binary.BigEndian.AppendUint32(nil, v)[4-width:]...)
}

func appendCount(dst []byte, flags codec.Flags, count int) []byte {
	if flags&large != 0 && count >= 0xFFFF {
		return appendNumber(appendNumber(dst, flags, 2, 0xFFFF), flags, 4, uint32(count))
	}
	return appendNumber(dst, flags, 2, uint32(count))
}

func appendHead(dst []byte, flags codec.Flags, name codec.TagName, t codec.Type, length int, children bool) []byte {
	code := uint32(name) << 1
	if children {
		code |= 1
	}
	dst = appendNumber(dst, flags, 2, code)
	dst = appendNumber(dst, flags, 1, uint32(t))
	return appendNumber(dst, flags, 4, uint32(length))
}

// ids returns n tags, each an integer of one byte, which count eight bytes.
func ids(n int) []codec.Tag {
	tags := make([]codec.Tag, n)
	for i := range tags {
		tags[i] = codec.NewUint(ec.TagFileRemoved, uint64(i%200))
	}
	return tags
}

func appendIDs(dst []byte, flags codec.Flags, n int) []byte {
	for i := range n {
		dst = append(appendHead(dst, flags, ec.TagFileRemoved, codec.TypeUint8, 1, false), byte(i%200))
	}
	return dst
}

// longLists calls test for lists that are as long as a short count reaches
// and longer, in each form, with what is written of them.
func longLists(t *testing.T, test func(t *testing.T, flags codec.Flags, count, kept int)) {
	for _, flags := range []codec.Flags{fixed, fixed | large, utf8, utf8 | large} {
		for _, count := range []int{0xFFFE, 0xFFFF, 65_536, 70_000} {
			kept := count
			if flags&large == 0 {
				kept = 0xFFFE
			}
			t.Run(fmt.Sprintf("flags=%#x/count=%d", uint32(flags), count), func(t *testing.T) { test(t, flags, count, kept) })
		}
	}
}

// checkWritten checks that m is written as want, and that this reads as kept.
func checkWritten(t *testing.T, m codec.Appender, flags codec.Flags, want []byte, kept *codec.Packet) {
	t.Helper()
	body := written(t, m, flags)
	if !bytes.Equal(body, want) {
		t.Fatalf("%d bytes that begin with % x, want %d that begin with % x", len(body), body[:min(len(body), 24)], len(want), want[:min(len(want), 24)])
	}
	if size := m.SizeBody(flags); size != len(want) {
		t.Errorf("SizeBody is %d, want %d", size, len(want))
	}
	if got := read(t, body, flags); !got.Equal(kept) {
		t.Error("what was written reads as another tree")
	}
}

func TestLongListsAtTheTop(t *testing.T) {
	longLists(t, func(t *testing.T, flags codec.Flags, count, kept int) {
		tags := ids(count)
		want := appendIDs(appendCount([]byte{byte(ec.OpSharedFiles)}, flags, kept), flags, kept)
		keptPacket := &codec.Packet{Opcode: ec.OpSharedFiles, Tags: tags[:kept]}
		checkWritten(t, &codec.Packet{Opcode: ec.OpSharedFiles, Tags: tags}, flags, want, keptPacket)

		typed := &ec.SharedFiles{Removed: make([]uint32, count)}
		for i := range typed.Removed {
			typed.Removed[i] = uint32(i % 200)
		}
		checkWritten(t, typed, flags, want, keptPacket)
		var again ec.SharedFiles
		if err := again.UnmarshalBody(want, flags); err != nil || len(again.Removed) != kept {
			t.Errorf("typed: %d elements, %v; want %d", len(again.Removed), err, kept)
		}
	})
}

// Two levels down the logical lengths of both parents must fit.
func TestLongListsBelow(t *testing.T) {
	longLists(t, func(t *testing.T, flags codec.Flags, count, kept int) {
		tags := ids(count)
		inner, outer := len("ab")+8*kept, 7+2+len("ab")+8*kept+len("xyz")
		if kept >= 0xFFFF {
			outer += 4
		}
		want := appendCount([]byte{byte(ec.OpMiscData)}, flags, 1)
		want = appendCount(appendHead(want, flags, ec.TagKnownFile, codec.TypeCustom, outer, true), flags, 1)
		want = appendCount(appendHead(want, flags, ec.TagServer, codec.TypeCustom, inner, true), flags, kept)
		want = append(appendIDs(want, flags, kept), "abxyz"...)

		packet := func(tags []codec.Tag) *codec.Packet {
			return &codec.Packet{Opcode: ec.OpMiscData, Tags: []codec.Tag{
				codec.NewCustom(ec.TagKnownFile, []byte("xyz"), codec.NewCustom(ec.TagServer, []byte("ab"), tags...)),
			}}
		}
		checkWritten(t, packet(tags), flags, want, packet(tags[:kept]))
		checkWritten(t, &ec.MiscData{Unknown: packet(tags).Tags}, flags, want, packet(tags[:kept]))
	})
}

// aMule 2.3.3 can write a count of 0xFFFF, and means it.
func TestCountsOf65535WithoutTheFlag(t *testing.T) {
	for _, flags := range []codec.Flags{fixed, utf8} {
		body := appendIDs(appendCount([]byte{byte(ec.OpSharedFiles)}, flags, 0xFFFF), flags, 0xFFFF)
		if got := read(t, body, flags); len(got.Tags) != 0xFFFF {
			t.Errorf("flags %#x: %d tags, want 65535", uint32(flags), len(got.Tags))
		}
	}
	body := appendIDs([]byte{byte(ec.OpSharedFiles), 0xFF, 0xFF}, fixed, 0xFFFF)
	if err := new(codec.Packet).UnmarshalBody(body, fixed|large); !errors.Is(err, codec.ErrTruncated) {
		t.Errorf("with the flag: %v, want ErrTruncated", err)
	}
}

func TestOddCounts(t *testing.T) {
	leaf := codec.NewUint(3, 7)
	for _, c := range []struct {
		name  string
		flags codec.Flags
		body  string
		want  []codec.Tag
	}{
		{"extended although short", fixed | large, "0c" + "ffff00000001" + "00060200000001" + "07", []codec.Tag{leaf}},
		{"extended although short, coded", utf8 | large, "0c" + "efbfbf01" + "060201" + "07", []codec.Tag{leaf}},
		{"extended 0", fixed | large, "0c" + "ffff00000000", nil},
		{"children promised, none there", fixed, "0c" + "0001" + "00070200000001" + "0000" + "07", []codec.Tag{leaf}},
		{"children promised, none there, coded", utf8, "0c" + "01" + "070201" + "00" + "07", []codec.Tag{leaf}},
		{"children promised, extended 0", fixed | large, "0c" + "0001" + "00070200000001" + "ffff00000000" + "07", []codec.Tag{leaf}},
		{"a child without children counts no count", fixed, "0c" + "0001" + "00030100000008" + "0001" + "00070200000001" + "0000" + "07",
			[]codec.Tag{codec.NewCustom(1, nil, leaf)}},
		{"a count of 0x10001 is 1", utf8, "0c" + "f0908081" + "060201" + "07", []codec.Tag{leaf}},
		{"a name of 0x10006 is 6", utf8, "0c" + "01" + "f0908086" + "0201" + "07", []codec.Tag{leaf}},
		{"a type of 0x102 is 2", utf8, "0c" + "01" + "06" + "c482" + "01" + "07", []codec.Tag{leaf}},
		{"an opcode of 0x10c is 0xc", utf8, "c48c" + "01" + "060201" + "07", []codec.Tag{leaf}},
	} {
		want := codec.Packet{Opcode: 0xc, Tags: c.want}
		if got := read(t, unhex(t, c.body), c.flags); !got.Equal(&want) {
			t.Errorf("%s: read as\n%v\nwant\n%v", c.name, got, &want)
		}
		typed := new(ec.Stats)
		if err := typed.UnmarshalBody(unhex(t, c.body), c.flags); err != nil {
			t.Errorf("%s: typed: %v", c.name, err)
		} else if got := read(t, written(t, typed, fixed), fixed); !got.Equal(&want) {
			t.Errorf("%s: typed as\n%v\nwant\n%v", c.name, got, &want)
		}
	}
}
