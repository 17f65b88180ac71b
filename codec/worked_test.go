package codec_test

import (
	"bytes"
	"encoding/hex"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// The worked packets of reference section 1.11: trees, and the bytes of the
// whole packets that they are under some flags.
var worked = []struct {
	name   string
	packet codec.Packet
	frames map[codec.Flags]string
}{
	{
		name: "AUTH_REQ",
		packet: codec.Packet{Opcode: ec.OpAuthReq, Tags: []codec.Tag{
			codec.NewString(ec.TagClientName, "amulecmd"),
			codec.NewString(ec.TagClientVersion, "3.0.1"),
			codec.NewUint(ec.TagProtocolVersion, 0x204),
			codec.NewCustom(ec.TagCanZlib, nil),
			codec.NewCustom(ec.TagCanUTF8Numbers, nil),
			codec.NewCustom(ec.TagCanLargeTagCount, nil),
			codec.NewCustom(ec.TagCanPartialUpdate, nil),
		}},
		frames: map[codec.Flags]string{
			0x22: "000000220000002a" + "0207c8800609616d756c65636d6400c8820606332e302e310004030202041801001a0100220100240100",
			0x20: "0000002000000045" + "02000702000600000009616d756c65636d640002020600000006332e302e310000040300000002020400" +
				"180100000000001a01000000000022010000000000240100000000",
		},
	},
	{
		name: "AUTH_SALT",
		packet: codec.Packet{Opcode: ec.OpAuthSalt, Tags: []codec.Tag{
			codec.NewUint(ec.TagPasswdSalt, 0x5E3AB49C174F0C02),
		}},
		frames: map[codec.Flags]string{
			0x32: "000000320000000d" + "4f011605085e3ab49c174f0c02",
			0x20: "0000002000000012" + "4f0001001605000000085e3ab49c174f0c02",
		},
	},
	{
		name: "AUTH_PASSWD",
		packet: codec.Packet{Opcode: ec.OpAuthPasswd, Tags: []codec.Tag{
			codec.NewHash(ec.TagPasswdHash, codec.Hash{
				0xa4, 0x73, 0x52, 0x72, 0xe9, 0xed, 0x7d, 0x02, 0x9b, 0x11, 0x3c, 0xd6, 0xb8, 0xd5, 0x0c, 0xf1,
			}),
		}},
		frames: map[codec.Flags]string{
			0x22: "0000002200000015" + "5001020910a4735272e9ed7d029b113cd6b8d50cf1",
			0x20: "000000200000001a" + "50000100020900000010a4735272e9ed7d029b113cd6b8d50cf1",
		},
	},
	{
		name: "AUTH_OK",
		packet: codec.Packet{Opcode: ec.OpAuthOK, Tags: []codec.Tag{
			codec.NewString(ec.TagServerVersion, "3.0.1"),
			codec.NewCustom(ec.TagCanLargeTagCount, nil),
			codec.NewCustom(ec.TagCanPartialUpdate, nil),
		}},
		frames: map[codec.Flags]string{
			0x32: "0000003200000013" + "0403e0a8960606332e302e3100220100240100",
		},
	},
	{
		name: "STAT_REQ",
		packet: codec.Packet{Opcode: ec.OpStatReq, Tags: []codec.Tag{
			codec.NewUint(ec.TagDetailLevel, uint64(ec.DetailLevelCMD)),
		}},
		frames: map[codec.Flags]string{
			0x20: "000000200000000b" + "0a00010008020000000100",
			0x32: "0000003200000006" + "0a0108020100",
		},
	},
	{
		name: "SEARCH_START",
		packet: codec.Packet{Opcode: ec.OpSearchStart, Tags: []codec.Tag{
			codec.NewUint(ec.TagSearchType, uint64(ec.SearchTypeLocal),
				codec.NewString(ec.TagSearchName, "abc"),
				codec.NewString(ec.TagSearchFileType, "")),
		}},
		frames: map[codec.Flags]string{
			0x20: "0000002000000020" + "2600010e03020000001400020e040600000004616263000e0a06000000010000",
			0x22: "0000002200000018" + "2601e0b883021402e0b884060461626300e0b88a06010000",
		},
	},
	{
		name: "GET_UPDATE",
		packet: codec.Packet{Opcode: ec.OpGetUpdate, Tags: []codec.Tag{
			codec.NewUint(ec.TagDetailLevel, uint64(ec.DetailLevelIncUpdate)),
		}},
		frames: map[codec.Flags]string{
			0x32: "0000003200000006" + "520108020104",
		},
	},
}

func TestWorkedPackets(t *testing.T) {
	for _, w := range worked {
		for flags, text := range w.frames {
			want := unhex(t, text)
			t.Run(w.name+"/"+text[6:8], func(t *testing.T) {
				if got := framed(t, &w.packet, flags); !bytes.Equal(got, want) {
					t.Errorf("written as\n%x, want\n%x", got, want)
				}
				frame, size, err := codec.ConsumeFrame(want, codec.LoginLimits())
				if err != nil || size != len(want) || frame.Flags != flags {
					t.Fatalf("ConsumeFrame: flags %#x, %d bytes, %v; want %#x, %d", frame.Flags, size, err, flags, len(want))
				}
				if got := read(t, frame.Body, flags); !got.Equal(&w.packet) {
					t.Errorf("read as\n%v\nwant\n%v", got, &w.packet)
				}
				if size := w.packet.SizeBody(flags); size != len(frame.Body) {
					t.Errorf("SizeBody is %d, want %d", size, len(frame.Body))
				}
			})
		}
	}
}

func TestWorkedPacketsAsAStream(t *testing.T) {
	var stream, again bytes.Buffer
	for _, w := range worked {
		for _, text := range w.frames {
			stream.Write(unhex(t, text))
		}
	}
	want := bytes.Clone(stream.Bytes())
	reader, writer := codec.NewReader(&stream, codec.DefaultLimits()), codec.NewWriter(&again)
	for again.Len() < len(want) {
		frame, err := reader.Next()
		if err != nil {
			t.Fatal(err)
		}
		if err := writer.WriteFlags(read(t, frame.Body, frame.Flags), frame.Flags); err != nil {
			t.Fatal(err)
		}
		if reader.Offset() != int64(again.Len()) {
			t.Fatalf("after %d bytes Offset is %d", again.Len(), reader.Offset())
		}
	}
	if !bytes.Equal(again.Bytes(), want) {
		t.Errorf("written as\n%x, want\n%x", again.Bytes(), want)
	}
}

// Typed messages are written as the same bytes as the trees.
func TestWorkedPacketsTyped(t *testing.T) {
	var statReq ec.StatReq
	statReq.SetPresent(ec.TagDetailLevel, true)
	for _, c := range []struct {
		message ec.Message
		flags   codec.Flags
		want    string
	}{
		{
			&ec.AuthReq{
				ClientName: "amulecmd", ClientVersion: "3.0.1", ProtocolVersion: 0x204,
				CanZlib: true, CanUTF8Numbers: true, CanLargeTagCount: true, CanPartialUpdate: true,
			},
			0x22, worked[0].frames[0x22],
		},
		{&ec.AuthSalt{PasswdSalt: 0x5E3AB49C174F0C02}, 0x32, worked[1].frames[0x32]},
		{&statReq, 0x20, worked[4].frames[0x20]},
		{&ec.GetUpdate{DetailLevel: ec.DetailLevelIncUpdate}, 0x32, worked[6].frames[0x32]},
	} {
		if got := hex.EncodeToString(framed(t, c.message, c.flags)); got != c.want {
			t.Errorf("%T is written as\n%s, want\n%s", c.message, got, c.want)
		}
	}
}

// The number points of reference section 1.4, as the name of an unknown tag
// as far as a name reaches, and as a length beyond.
func TestNumbersOnTheWire(t *testing.T) {
	for _, c := range []struct {
		count int
		coded string
	}{
		{1, "01"}, {0x7f, "7f"}, {0x80, "c280"}, {0x7ff, "dfbf"}, {0x800, "e0a080"}, {0xd800, "eda080"},
		{0xfffe, "efbfbe"}, {0xffff, "efbfbfefbfbf"},
		{0x10000, "efbfbff0908080"}, {0x200000, "efbfbff888808080"},
	} {
		p := codec.Packet{Opcode: 1, Tags: make([]codec.Tag, c.count)}
		body := written(t, &p, utf8|large)
		want := append([]byte{1}, unhex(t, c.coded)...)
		if !bytes.HasPrefix(body, want) || len(body) != len(want)+3*c.count {
			t.Errorf("a body with %#x tags begins with % x, want % x", c.count, body[:min(len(body), 9)], want)
		}
		if got := len(read(t, body, utf8|large).Tags); got != c.count {
			t.Errorf("%#x tags read as %#x", c.count, got)
		}
	}
	for _, c := range []struct {
		length int
		coded  string
	}{
		{0, "00"}, {0x7f, "7f"}, {0x80, "c280"}, {0x7ff, "dfbf"}, {0x800, "e0a080"}, {0xd800, "eda080"},
		{0xffff, "efbfbf"}, {0x10000, "f0908080"}, {0x1fffff, "f7bfbfbf"}, {0x200000, "f888808080"},
		{0x3ffffff, "fbbfbfbfbf"}, {0x4000000, "fc8480808080"},
	} {
		p := codec.Packet{Opcode: 1, Tags: []codec.Tag{codec.NewCustom(0x40, make([]byte, c.length))}}
		body := written(t, &p, utf8)
		if want := unhex(t, "0101"+"c280"+"01"+c.coded); !bytes.HasPrefix(body, want) || len(body) != len(want)+c.length {
			t.Errorf("a tag with %#x bytes begins with % x, want % x", c.length, body[:min(len(body), 11)], want)
		}
		if got := len(read(t, body, utf8).Tags[0].Data); got != c.length {
			t.Errorf("%#x bytes read as %#x", c.length, got)
		}
	}
}

// Own data stand behind children, and TAGLEN counts the children with heads
// of seven bytes whatever they take (reference section 1.5).
func TestLengthsAreLogical(t *testing.T) {
	query := codec.NewUint(ec.TagSearchType, 0,
		codec.NewString(ec.TagSearchName, "abc"),
		codec.NewString(ec.TagSearchFileType, ""))
	nested := codec.NewCustom(1, []byte("xyz"), codec.NewCustom(2, nil, query))
	p := codec.Packet{Opcode: ec.OpSearchStart, Tags: []codec.Tag{nested}}
	// TAGLEN is 3, 7+2 for tag 2, 7+2 for SEARCH_TYPE, and 20 for what that
	// holds: 0x29.
	for _, c := range []struct {
		flags codec.Flags
		head  string
	}{
		{fixed, "26" + "0001" + "0003" + "01" + "00000029" + "0001"},
		{utf8, "26" + "01" + "03" + "01" + "29" + "01"},
	} {
		head := unhex(t, c.head)
		body := written(t, &p, c.flags)
		if !bytes.HasPrefix(body, head) || !bytes.HasSuffix(body, []byte("xyz")) {
			t.Errorf("flags %#x: written as %x, want it to begin with %x and to end in the own data", c.flags, body, head)
		}
		if got := read(t, body, c.flags); !got.Equal(&p) {
			t.Errorf("flags %#x: read as\n%v\nwant\n%v", c.flags, got, &p)
		}
	}
}
