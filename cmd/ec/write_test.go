package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/dialect"
)

// onlyFile fails unless the folder of name has nothing but name.
func onlyFile(t *testing.T, name string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(name))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 || entries[0].Name() != filepath.Base(name) {
		t.Errorf("the folder has %v", entries)
	}
}

func TestEncodeIsTheInverseOfDump(t *testing.T) {
	for _, name := range captures(t) {
		expected := inflated(t, readFile(t, name))
		for _, form := range []string{"--json", "--raw"} {
			text := tool("", "dump", form, name).stdout
			if strings.HasPrefix(text, `{"error"`) {
				continue // TestRefusedFramesCannotBeEncoded
			}
			out := filepath.Join(t.TempDir(), "out")
			want(t, result{exitGood, "", ""}, text, "encode", "-", "-o", out)
			if got := inflated(t, readFile(t, out)); !slices.Equal(got, expected) {
				t.Errorf("%s of %s is encoded as\n%v, want\n%v", form, name, got, expected)
			}
		}
	}
}

func TestEncodeTakesBothFormsInAnyLayout(t *testing.T) {
	text := "\n{\"flags\":32,\"op\":1,\n\"tags\":[]} {\"fields\":{\"STATS_UL_SPEED\":\"5\"},\"from\":\"daemon\",\"flags\":32,\"opcode\":\"STATS\"}{\"flags\":32,\"op\":1,\"tags\":[]}"
	want(t, result{exitGood, noop + statReply + noop, ""}, text, "encode", "-o", "-", "-")
	want(t, result{exitGood, "", ""}, "", "encode", "-o", "-", "-")
}

func TestRefusedFramesCannotBeEncoded(t *testing.T) {
	want(t, result{exitFindings, "", `ec encode: -: object 1: want an object with the key "opcode" (typed) or "op" (raw)` + "\n"},
		tool(badFlags, "dump", "--json", "-").stdout, "encode", "-", "-o", "-")
}

func TestEncodeWritesAllOrNothing(t *testing.T) {
	const good = `{"flags":32,"op":1,"tags":[]}`
	for _, c := range []struct{ text, reason string }{
		{good + `{"opcode":"STATS","from":"daemon","flags":32,"fields":{"STATS_UL_SPED":5}}`, `object 2: fields: there is no field "STATS_UL_SPED" here; did you mean "STATS_UL_SPEED"?`},
		{good + `{"flags":96,"op":1,"tags":[]}`, `object 2: aMule refuses these flags`},
		{good + "\n" + good + "\n[", `object 3: unexpected EOF`},
		{good + "x", `object 2: invalid character 'x' looking for beginning of value`},
	} {
		out := filepath.Join(t.TempDir(), "out")
		writeFile(t, out, "before")
		want(t, result{exitFindings, "", "ec encode: -: " + c.reason + "\n"}, c.text, "encode", "-", "-o", out)
		if got := readFile(t, out); got != "before" {
			t.Errorf("%s: OUT was changed to %q", c.reason, got)
		}
		onlyFile(t, out)
		want(t, result{exitFindings, "", "ec encode: -: " + c.reason + "\n"}, c.text, "encode", "-", "-o", "-")
	}
}

func TestRecodeWritesTheSameAgain(t *testing.T) {
	for _, name := range captures(t) {
		expected := inflated(t, readFile(t, name))
		for _, options := range [][]string{nil, {"--typed"}} {
			out := filepath.Join(t.TempDir(), "out")
			got := tool("", append([]string{"recode", "--keep-going", name, "-o", out}, options...)...)
			if refused := strings.Contains(name, "refused") && strings.Contains(name, "c2s"); got.code == exitFailed || (got.code == exitFindings) != refused {
				t.Errorf("%s: exit code %d, %s", name, got.code, got.stderr)
			}
			if got := inflated(t, readFile(t, out)); !slices.Equal(got, expected) {
				t.Errorf("%s %v is written as\n%v, want\n%v", name, options, got, expected)
			}
			onlyFile(t, out)
		}
	}
}

func TestTypedRecodeWritesInTheProtocolsWay(t *testing.T) {
	for _, c := range []struct{ name, stream, untyped, typed string }{
		{"wide integer",
			unhex("00000020 0000000e 0c0001 0400 04 00000004 00000005"),
			unhex("00000020 0000000e 0c0001 0400 04 00000004 00000005"),
			statReply},
		{"unknown opcode",
			noop + unhex("00000020 0000000e ee0001 0400 04 00000004 00000005"),
			noop + unhex("00000020 0000000e ee0001 0400 04 00000004 00000005"),
			noop + unhex("00000020 0000000e ee0001 0400 04 00000004 00000005")},
		{"bytes behind the packet",
			unhex("00000020 0000000c 0c0001 0400 02 00000001 05 00"),
			unhex("00000020 0000000b 0c0001 0400 02 00000001 05"),
			unhex("00000020 0000000b 0c0001 0400 02 00000001 05")},
	} {
		t.Run(c.name, func(t *testing.T) {
			want(t, result{exitGood, c.untyped, ""}, c.stream, "recode", "-", "-o", "-")
			want(t, result{exitGood, c.typed, ""}, c.stream, "recode", "--typed", "-", "-o", "-")
		})
	}
}

func TestRecodeLeavesOutAndNamesWhatIsRefused(t *testing.T) {
	const (
		flags = "ec recode: -: refused the frame at 11: aMule refuses these flags (at 11)\n"
		body  = "ec recode: -: refused the frame at 22: the bytes end too early in Stats/ConnState[0]/StatsULSpeed[0] (at 49)\n"
		half  = "ec recode: -: refused the frame at 61: the bytes end too early (at 71)\n"
	)
	stream := noop + badFlags + badBody + noop + halfFrame
	for _, options := range [][]string{nil, {"--typed"}} {
		args := append([]string{"recode", "-", "-o", "-"}, options...)
		want(t, result{exitFindings, noop, flags}, stream, args...)
		want(t, result{exitFindings, noop + noop, flags + body + half}, stream, append(args, "--keep-going")...)
	}
}

func TestOutputIsWrittenInOneStep(t *testing.T) {
	folder := t.TempDir()
	out := filepath.Join(folder, "out")
	writeFile(t, out, "before")
	if err := os.Chmod(out, 0o640); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(out, link); err != nil {
		t.Fatal(err)
	}

	// Failures leave what was there.
	want(t, result{exitFailed, "", "ec recode: open " + folder + "/none: no such file or directory\n"}, "", "recode", folder+"/none", "-o", out)
	if got := tool(noop, "recode", "-", "-o", filepath.Join(folder, "none", "out")); got.code != exitFailed {
		t.Errorf("OUT in no folder: exit code %d", got.code)
	}
	if got := readFile(t, out); got != "before" {
		t.Errorf("OUT was changed to %q", got)
	}
	onlyFile(t, out)

	// OUT may be the file that is read, and a link stays a link.
	writeFile(t, out, noop)
	want(t, result{exitGood, "", ""}, "", "recode", out, "-o", link)
	if got := readFile(t, out); got != noop {
		t.Errorf("OUT is %q", got)
	}
	info, err := os.Lstat(out)
	if err != nil || info.Mode() != 0o640 {
		t.Errorf("the mode of OUT became %v, %v", info.Mode(), err)
	}
	onlyFile(t, out)
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link became %v, %v", info.Mode(), err)
	}
}

func TestDevicesAreNotReplaced(t *testing.T) {
	want(t, result{exitGood, "", ""}, noop, "recode", "-", "-o", os.DevNull)
	info, err := os.Stat(os.DevNull)
	if err != nil || info.Mode()&os.ModeDevice == 0 {
		t.Errorf("%s became %v, %v", os.DevNull, info.Mode(), err)
	}
}

// Programs of 2.3 write lists of 65,535 tags, which those of 3.0 cut.
func TestRecodeKeepsTheLongestListOf23(t *testing.T) {
	list := make([]codec.Tag, 0xFFFF)
	for _, tags := range [][]codec.Tag{list, {codec.NewCustom(1, nil, codec.NewCustom(2, nil, list...))}} {
		for _, flags := range []codec.Flags{0x20, 0x21, 0x22, 0x23} {
			p := &dialect.Packet{Flags: flags, Packet: codec.Packet{Opcode: 6, Tags: tags}}
			stream, err := dialect.V23.Append(nil, p)
			if err != nil {
				t.Fatal(err)
			}
			if got := tool(string(stream), "recode", "-", "-o", "-"); got != (result{exitGood, string(stream), ""}) {
				t.Errorf("flags %#x: exit code %d, %d bytes, want %d; %s", uint32(flags), got.code, len(got.stdout), len(stream), got.stderr)
			}
		}
	}
}
