package view

import (
	"strings"
	"testing"

	"github.com/ecgen/ecgen/codec"
)

var treeMessage = report(
	codec.NewUint(tagSpeed, 1<<60),
	codec.NewString(tagName, "a\x1b[31m\u202e\xff\n"),
	codec.NewDoubleTag(tagRatio, "\x1b"),
	codec.NewUint(tagState, 7),
	codec.NewUint(tagBits, 7),
	codec.NewUint(tagShared, 1),
	codec.NewCustom(tagChoice, nil),
	codec.NewCustom(tagMark, nil),
	codec.NewHash(tagHash, sixteen),
	codec.NewCustom(tagBlob, make([]byte, 100)),
	codec.NewString(tagComments, "a"), codec.NewUint(tagComments, 1),
	codec.NewUint(tagPartFile, 5, codec.NewUint(tagState, 99), odd(0x7fff, 99, "\x01\x02", codec.NewUint(tagSpeed, 1))),
	codec.NewHash(tagOtherFile, sixteen),
	odd(tagServer, codec.TypeIPv4, "\x01", codec.NewString(tagName, "s")),
	odd(0x7ffe, codec.TypeString, "\x1b"),
	codec.NewDoubleTag(0x7ffd, "\x1b[2J"),
	codec.NewDoubleTag(0x7ffc, "nan"),
)

const treeText = `REPORT from daemon, flags 0x32 (UTF-8 numbers, large tag count)
  SPEED 1152921504606846976
  NAME "a\x1b[31m\u202e\xff\n"
  RATIO "\x1b"
  STATE PAUSED (7)
  BITS LOW|0x2|HIGH (7)
  SHARED true
  CHOICE (empty)
  MARK
  HASH fe000000000000000000000000000001
  BLOB 00000000000000000000000000000000... (100 bytes)
  COMMENTS "a", 1
  PARTFILE 5
    STATE 99
    unknown 0x7fff 99 0102
      unknown 0x0100 (SPEED) UINT8 1
  OTHER_FILE fe000000000000000000000000000001
  SERVER unknown IPV4 01
    NAME "s"
  unknown 0x7ffe STRING 1b
  unknown 0x7ffd DOUBLE "\x1b[2J"
  unknown 0x7ffc DOUBLE nan
`

func TestTreeNamesEverything(t *testing.T) {
	if got := string(testViewer.AppendTree(nil, treeMessage, false)); got != treeText {
		t.Errorf("got\n%s, want\n%s", got, treeText)
	}
}

func TestColorsOnlyAddEscapeSequences(t *testing.T) {
	got := string(testViewer.AppendTree(nil, treeMessage, true))
	for _, code := range append(colors[:], endColor) {
		if !strings.Contains(got, code) {
			t.Errorf("%q is not used", code)
		}
		got = strings.ReplaceAll(got, code, "")
	}
	if got != treeText {
		t.Errorf("got\n%s, want\n%s", got, treeText)
	}
}

func TestTreeSpellsOutFlagsAndUnknownOpcodes(t *testing.T) {
	for _, c := range []struct {
		m    Message
		want string
	}{
		{Message{Flags: 0x20, Packet: codec.Packet{Opcode: opCommand}}, "COMMAND from client, flags 0x20\n"},
		{Message{Flags: 0xa3, Packet: codec.Packet{Opcode: opStrange}}, "unknown opcode STRANGE from client, flags 0xa3 (zlib, UTF-8 numbers, 0x80)\n"},
		{Message{From: codec.FromDaemon, Flags: 0x28, Packet: codec.Packet{Opcode: 5}}, "unknown opcode 0x05 from daemon, flags 0x28 (encrypted)\n"},
	} {
		if got := string(testViewer.AppendTree(nil, &c.m, false)); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
