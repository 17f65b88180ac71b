package codec_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// brokenBodies are bodies of typed messages, and what is said of them.
var brokenBodies = []struct {
	name    string
	message ec.Message
	flags   codec.Flags
	body    string
	want    error
	text    string
}{
	{
		"nothing", new(ec.SharedFiles), fixed, "", codec.ErrTruncated,
		"ec: the bytes end too early at offset 0",
	},
	{
		"half a count", new(ec.SharedFiles), fixed, "22" + "00", codec.ErrTruncated,
		"ec: the bytes end too early at offset 1 in SharedFiles",
	},
	{
		"another opcode", new(ec.SharedFiles), fixed, "0c" + "0000", codec.ErrOpcode,
		"ec: the packet does not have the opcode of this message, or of any at offset 0 in SharedFiles",
	},
	{
		"flags", new(ec.SharedFiles), 0x60, "22" + "0000", codec.ErrFlags,
		"ec: aMule refuses these flags at offset 0",
	},
	{
		"encrypted", new(ec.SharedFiles), 0x28, "22" + "0000", codec.ErrEncrypted,
		"ec: the body is encrypted, which is not supported at offset 0",
	},
	{
		"fewer tags than counted", new(ec.SharedFiles), fixed, "22" + "0002" + "00260200000001" + "07", codec.ErrTruncated,
		"ec: the bytes end too early at offset 1 in SharedFiles",
	},
	{
		"own data missing", new(ec.SharedFiles), fixed,
		"22" + "0001" + "0801" + "02" + "00000011" + "0001" + "0602" + "06" + "00000010" + "616263", codec.ErrTruncated,
		"ec: the bytes end too early at offset 19 in SharedFiles/KnownFile[0]/PartFileName[0]",
	},
	{
		"own data of a parent missing", new(ec.SharedFiles), fixed,
		"22" + "0001" + "0801" + "04" + "0000000d" + "0001" + "0602" + "06" + "00000002" + "6100" + "07", codec.ErrTruncated,
		"ec: the bytes end too early at offset 21 in SharedFiles/KnownFile[0]",
	},
	{
		"the second file's third tag", new(ec.SharedFiles), utf8,
		"22" + "02" + "e0a080" + "02" + "00" +
			"e0a081" + "02" + "18" + "03" + "e0a086" + "02" + "01" + "01" + "e0a096" + "02" + "01" + "02" + "d882" + "06" + "c080", codec.ErrNumber,
		"ec: not a number of the UTF-8 scheme at offset 28 in SharedFiles/KnownFile[1]/PartFileName[2]",
	},
	{
		"a tag shorter than its children", new(ec.SharedFiles), fixed,
		"22" + "0001" + "0801" + "02" + "00000008" + "0001" + "0602" + "06" + "00000002" + "6100" + "07", codec.ErrLength,
		"ec: the tag is shorter than its children at offset 12 in SharedFiles/KnownFile[0]",
	},
	{
		"an unknown tag in a known one", new(ec.Stats), fixed,
		"0c" + "0001" + "000b" + "02" + "00000010" + "0001" + "7ffd" + "01" + "00000009" + "0001" + "7ffa" + "01" + "00000001", codec.ErrTruncated,
		"ec: the bytes end too early at offset 28 in Stats/ConnState[0]/0x3ffe[0]/0x3ffd[0]",
	},
	{
		"an overlong opcode", new(ec.Stats), utf8, "c08c" + "00", codec.ErrNumber,
		"ec: not a number of the UTF-8 scheme at offset 0",
	},
	{
		"a wrong byte in a name", new(ec.Stats), utf8, "0c" + "01" + "e0a00002" + "0000000000", codec.ErrNumber,
		"ec: not a number of the UTF-8 scheme at offset 2 in Stats",
	},
	{
		"not zlib", new(ec.Stats), fixed | zip, "0c0000", codec.ErrZlib,
		"ec: the zlib stream is corrupt at offset 0",
	},
	{
		"zlib that ends early", new(ec.Stats), fixed | zip, "789c", codec.ErrTruncated,
		"ec: the bytes end too early at offset 0",
	},
}

func TestErrorsSayWhatAndWhere(t *testing.T) {
	for _, c := range brokenBodies {
		t.Run(c.name, func(t *testing.T) {
			err := c.message.UnmarshalBody(unhex(t, c.body), c.flags)
			if !errors.Is(err, c.want) {
				t.Fatalf("%v, want %v", err, c.want)
			}
			if err.Error() != c.text {
				t.Errorf("%q, want\n%q", err, c.text)
			}
		})
	}
}

// Of many files the right one is named, and by an untyped packet in hex.
func TestErrorsNameTheTag(t *testing.T) {
	m := new(ec.SharedFiles)
	for i := range 20 {
		file := &ec.KnownFile{ECID: uint32(i), ReqCountAll: 3, AcceptCountAll: 4, UploadedAll: 5, Name: "the name"}
		file.SetPresent(ec.TagKnownFileReqCount, true)
		m.Files = append(m.Files, ec.SharedFile{KnownFile: file})
	}
	body := written(t, m, fixed)
	// The last of the files ends in its name and its id.
	begin := bytes.LastIndex(body, []byte("the name"))
	err := new(ec.SharedFiles).UnmarshalBody(body[:begin+3], fixed)
	want := fmt.Sprintf("ec: the bytes end too early at offset %d in SharedFiles/KnownFile[19]/PartFileName[4]", begin)
	if err == nil || err.Error() != want {
		t.Errorf("%v, want\n%s", err, want)
	}
	err = new(codec.Packet).UnmarshalBody(body[:begin+3], fixed)
	want = fmt.Sprintf("ec: the bytes end too early at offset %d in 0x22/0x0400[19]/0x0301[4]", begin)
	if err == nil || err.Error() != want {
		t.Errorf("untyped: %v, want\n%s", err, want)
	}
	e, ok := errors.AsType[*codec.Error](err)
	if !ok || e.Offset != begin || len(e.Path) != 2 || e.Path[0] != (codec.Step{Name: ec.TagKnownFile, Index: 19}) ||
		e.Path[1] != (codec.Step{Name: ec.TagPartFileName, Index: 4}) || e.PathString() != "0x22/0x0400[19]/0x0301[4]" {
		t.Errorf("the error is %+v", e)
	}
}

// heavy returns a packet whose only tag holds 64 MiB so many times. They are
// the same bytes, and are measured before they are written.
func heavy(times int) *codec.Packet {
	data := make([]byte, 64<<20)
	children := make([]codec.Tag, times)
	for i := range children {
		children[i] = codec.NewCustom(2, data)
	}
	return &codec.Packet{Opcode: 1, Tags: []codec.Tag{codec.NewCustom(1, nil, children...)}}
}

// What cannot be written leaves nothing behind.
func TestWhatCannotBeWritten(t *testing.T) {
	wide := codec.NewCustom(codec.MaxTagName+1, nil)
	for _, c := range []struct {
		name  string
		m     codec.Appender
		flags codec.Flags
		want  error
	}{
		{"flags", &codec.Packet{}, 0, codec.ErrFlags},
		{"sealed", &codec.Packet{}, 0x28, codec.ErrEncrypted},
		{"name of 16 bits", &codec.Packet{Tags: []codec.Tag{wide}}, fixed, codec.ErrTagName},
		{"name of 16 bits below", &codec.Packet{Tags: []codec.Tag{codec.NewUint(1, 1, wide)}}, utf8, codec.ErrTagName},
		{"typed, flags", &ec.NoOp{}, 0, codec.ErrFlags},
		{"typed, name of 16 bits below", &ec.Failed{Unknown: []codec.Tag{codec.NewUint(1, 1, wide)}}, utf8 | zip, codec.ErrTagName},
		{"4 GiB", heavy(64), fixed, codec.ErrNotEncodable},
		{"4 GiB deflated", heavy(64), fixed | zip, codec.ErrNotEncodable},
		{"2 GiB coded", heavy(32), utf8, codec.ErrNotEncodable},
	} {
		got, err := c.m.AppendBody([]byte("before"), c.flags)
		if !errors.Is(err, c.want) || string(got) != "before" {
			t.Errorf("%s: %q, %v; want %v", c.name, got[:min(len(got), 20)], err, c.want)
		}
	}
}

func TestFramesSayTheirOpcode(t *testing.T) {
	for _, w := range worked {
		for _, form := range forms {
			frame := codec.Frame{Flags: form.flags, Body: written(t, &w.packet, form.flags)}
			if op, err := frame.Opcode(); op != w.packet.Opcode || err != nil {
				t.Errorf("%s, %s: %#x, %v", w.name, form.name, op, err)
			}
		}
	}
	for _, c := range []struct {
		flags codec.Flags
		body  string
		want  error
	}{
		{fixed, "", codec.ErrTruncated},
		{utf8, "c2", codec.ErrTruncated},
		{utf8, "c080", codec.ErrNumber},
		{fixed | zip, "", codec.ErrTruncated},
		{fixed | zip, "789c", codec.ErrTruncated},
		{fixed | zip, "0c0000", codec.ErrZlib},
		{fixed | zip, "789c07", codec.ErrZlib},
		{0, "0c0000", codec.ErrFlags},
		{0x40 | zip, "0c0000", codec.ErrFlags},
		{0x28, "0c0000", codec.ErrEncrypted},
	} {
		if op, err := (codec.Frame{Flags: c.flags, Body: unhex(t, c.body)}).Opcode(); !errors.Is(err, c.want) {
			t.Errorf("flags %#x, body %s: %#x, %v; want %v", uint32(c.flags), c.body, op, err, c.want)
		}
	}
}
