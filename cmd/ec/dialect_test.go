package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/codec/dialect"
)

// samples returns the packets that the programs of old releases wrote, by name.
func samples(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("../../codec/dialect/testdata/samples/*.hex")
	if err != nil || len(names) < 34 {
		t.Fatalf("%d samples, %v", len(names), err)
	}
	all := make(map[string]string)
	for _, name := range names {
		all[strings.TrimSuffix(filepath.Base(name), ".hex")] = unhex(strings.Join(strings.Fields(readFile(t, name)), ""))
	}
	return all
}

// What is said and printed of each sample stands in testdata/dialects.
func TestDumpOfOldDialects(t *testing.T) {
	for name, stream := range samples(t) {
		var text strings.Builder
		for _, args := range [][]string{{"dump", "--dialect", "auto", "-"}, {"dump", "--dialect", "auto", "--json", "-"}, {"dump", "--dialect", "auto", "--raw", "-"}} {
			got := tool(stream, args...)
			if got.code == exitFailed {
				t.Errorf("%s: exit code %d, %s", name, got.code, got.stderr)
			}
			if text.Len() == 0 {
				text.WriteString(got.stderr)
			}
			text.WriteString(got.stdout)
		}
		golden := filepath.Join("testdata", "dialects", name+".txt")
		if *update {
			writeFile(t, golden, text.String())
		}
		if expected := readFile(t, golden); text.String() != expected {
			t.Errorf("%s: got\n%s, want\n%s", golden, text.String(), expected)
		}
	}
}

func TestOldDialectsAreWrittenAgain(t *testing.T) {
	of := map[string]string{
		"rc8": "rc8", "v200": "2.0", "v213": "2.1.3", "v226": "2.2", "v233": "2.3.3",
		"constructed_dev2005-11_has_id_noop": "2005-11",
	}
	for name, stream := range samples(t) {
		d, ok := of[name]
		if !ok {
			if d, ok = of[strings.Split(name, "_")[0]]; !ok {
				continue
			}
		}
		want(t, result{exitGood, stream + stream, ""}, stream+stream, "recode", "--dialect", d, "-", "-o", "-")
	}
}

// A capture that was stopped within a packet is recognised by those before.
func TestCapturesThatEndWithinAPacket(t *testing.T) {
	for name, is := range map[string]string{
		"rc8_auth_req_first":  "rc8 (2.0.0-rc8): the login says protocol 0x01f0",
		"v200_auth_req_first": "2.0 (2.0.0 to 2.0.3): the login says protocol 0x01f1",
		"v213_auth_req_first": "2.1 (2.1.0 to 2.1.3): the login says protocol 0x01f3",
		"v226_auth_req_first": "2.2 (2.2.1 to 2.2.6): the login says protocol 0x0200",
	} {
		packet := samples(t)[name]
		whole := tool(packet, "dump", "--dialect", "auto", "-")
		got := tool(packet+packet[:len(packet)-3], "dump", "--dialect", "auto", "-")
		if got.code != exitFindings || got.stderr != "ec dump: this is "+is+"\n" || !strings.HasPrefix(got.stdout, whole.stdout+`{"error":"the bytes end too early`) {
			t.Errorf("%s: %+v", name, got)
		}
		if got := tool(packet[:len(packet)-3], "dump", "--dialect", "auto", "-"); got.code != exitFindings || !strings.Contains(got.stderr, "of no dialect") {
			t.Errorf("%s, cut: %+v", name, got)
		}
	}
}

// Without --dialect the first packet of 2.0 is taken for a header, with a length
// that makes no sense.
func TestHintAtOldDialects(t *testing.T) {
	const hint = "ec dump: packets of 2.0 and before begin like this; try --dialect auto\n"
	for stream, stderr := range map[string]string{
		samples(t)["v200_auth_req_first"]: hint,
		samples(t)["rc8_hash_tag"]:        hint,
		samples(t)["v213_connstate"]:      "",
		unhex("000000600000000301 0000"):  "",
	} {
		if got := tool(stream, "dump", "-"); got.stderr != stderr || got.code != exitFindings || !strings.HasPrefix(got.stdout, `{"error":`) {
			t.Errorf("%x: %+v", stream, got)
		}
	}
	half := unhex("a1b2c3d4 00020004 00000000 00000000 0000 0000") // of a packet capture, big-endian
	want(t, result{exitFindings, "", "ec dump: the capture ends within a packet\n"}, half, "dump", "-")
}

func TestNamesOfTheRelease(t *testing.T) {
	// 2.0.2 gave a number to CLIENT_FROM, and so another to each tag behind it.
	for _, c := range []struct{ release, want string }{
		{"2.0.0", "SEARCH_TYPE"}, {"2.0.1", "SEARCH_TYPE"}, {"2.0.2", "SEARCHFILE"}, {"2.0", "SEARCHFILE"},
	} {
		got := tool(unhex("20 26 0001 0098 00000000"), "dump", "--dialect", c.release, "--json", "-")
		if !strings.Contains(got.stdout, `{"`+c.want+`"`) || got.code != exitGood {
			t.Errorf("%s: %+v, want %s", c.release, got, c.want)
		}
	}
}

func TestRefusalsInOldDialects(t *testing.T) {
	const noop = `{"flags":32,"op":1,"tags":[]}` + "\n"
	for _, c := range []struct {
		name, dialect, stream string
		first, more           string
	}{
		{"flags end a stream without lengths", "2.0", unhex("20010000 60010000 20010000"), noop + `{"error":"aMule refuses these flags","offset":4}` + "\n", ""},
		{"half a packet", "rc8", unhex("20010000 200100"), noop + `{"error":"the bytes end too early","offset":6}` + "\n", ""},
		{"half a tag", "2.0", unhex("20010000 20010001 0002 00000005 6100"), noop + `{"error":"the bytes end too early in STRING[0]","offset":14}` + "\n", ""},
		{"zlib", "2.0", unhex("20010000 2178daffff"), noop + `{"error":"the zlib stream is corrupt at byte 0 of the inflated body","offset":5}` + "\n", ""},
		{"flags with a length", "2.1", unhex("0000006000000003010000 0000002000000003010000"), `{"error":"aMule refuses these flags","offset":0}` + "\n", noop},
		{"too large", "2.2", unhex("00000020 01000001"), `{"error":"the body is larger than the limit","offset":4}` + "\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			want(t, result{exitFindings, c.first, ""}, c.stream, "dump", "--dialect", c.dialect, "--raw", "-")
			want(t, result{exitFindings, c.first + c.more, ""}, c.stream, "dump", "--dialect", c.dialect, "--raw", "--keep-going", "-")
		})
	}
}

func TestPacketsQueuedWithinAnother(t *testing.T) {
	stream := unhex("00000022 0000001a 1101 0a0404deadbeef 00000022 00000000 2201 0c0404cafebabe")
	want(t, result{exitGood, `{"flags":34,"op":17,"tags":[[5,4,"deadbeef",[]]]}` + "\n" + `{"flags":34,"op":34,"tags":[[6,4,"cafebabe",[]]]}` + "\n", ""},
		stream, "dump", "--dialect", "2.2", "--raw", "-")
	want(t, result{exitGood, stream, ""}, stream, "recode", "--dialect", "2.2", "-", "-o", "-")
}

func TestBytesAreExplained(t *testing.T) {
	want(t, result{exitGood, `32                               flags 0x32: UTF-8 numbers, accepts word
23                               accepts 0x23: zlib, UTF-8 numbers
04                               opcode AUTH_OK (0x04)
01                               1 tag
76                                 SERVER_VERSION (0x003b)
06                                 length 6
322e302e3000                       "2.0.0"

`, ""}, samples(t)["v200_auth_ok_server_first"], "dump", "--dialect", "2.0", "--explain", "-")
}

func TestMisuseOfDialects(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"dump", "--dialect", "1.9", "-"}, `ec dump: there is no dialect "1.9": want auto, rc8, 2.0, 2005-11, 2.1, 2.2, 2.3, 3.0 or a release; see "ec help dump"`},
		{[]string{"dump", "--dialect", "2.0", "--flags", "20", "--body", "-"}, `ec dump: --dialect and --body exclude each other; see "ec help dump"`},
		{[]string{"dump", "--dialect", "2.0", "--port", "4712", "-"}, `ec dump: --port and --connection are for packet captures, which --dialect does not read; see "ec help dump"`},
		{[]string{"dump", "--dialect", "2.0", "--json", "--raw", "-"}, `ec dump: --json and --raw exclude each other; see "ec help dump"`},
		{[]string{"dump", "--explain", "-"}, `ec dump: --explain wants --dialect, and neither --json nor --raw; see "ec help dump"`},
		{[]string{"recode", "--dialect", "2.0", "--typed", "-", "-o", "-"}, `ec recode: --dialect and --typed exclude each other; see "ec help recode"`},
	} {
		want(t, result{exitFailed, "", c.want + "\n"}, "", c.args...)
	}
	want(t, result{exitGood, "", ""}, "", "dump", "--dialect", "auto", "-")
	const pcap = "\xd4\xc3\xb2\xa1\x02\x00\x04\x00"
	want(t, result{exitFailed, "", `ec dump: --dialect reads one direction of a connection, not a packet capture; see "ec help dump"` + "\n"},
		pcap, "dump", "--dialect", "auto", "-")
}

// Every table of codes can be read, and has what a login needs.
func TestTablesOfCodes(t *testing.T) {
	for _, d := range dialect.All() {
		for _, codes := range codesOf(d) {
			if codes.OpcodeName(2) != "AUTH_REQ" || codes.OpcodeName(4) != "AUTH_OK" || codes.OpcodeName(1) != "NOOP" {
				t.Errorf("%v: opcodes 1, 2 and 4 are %q, %q and %q", d, codes.OpcodeName(1), codes.OpcodeName(2), codes.OpcodeName(4))
			}
			name := codes.TagName(2)
			if d.Typed() != (name == "PROTOCOL_VERSION") || !d.Typed() && name != "PASSWD_HASH" {
				t.Errorf("%v: tag 2 is %q", d, name)
			}
		}
	}
}
