package main

import (
	"archive/zip"
	"encoding/json"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/gopacket/gopacket/layers"
)

// allCaptures returns every captured stream of this repository by its name.
func allCaptures(t *testing.T) map[string]string {
	t.Helper()
	streams := make(map[string]string)
	for _, name := range captures(t) {
		streams[name] = readFile(t, name)
	}
	archives, err := filepath.Glob("../../generated/ec/testdata/captures/*.zip")
	if err != nil || len(archives) < 7 {
		t.Fatalf("%d archives of captures, %v", len(archives), err)
	}
	for _, name := range archives {
		archive, err := zip.OpenReader(name)
		if err != nil {
			t.Fatal(err)
		}
		defer archive.Close()
		for _, entry := range archive.File {
			if !strings.HasSuffix(entry.Name, ".bin") {
				continue
			}
			file, err := entry.Open()
			if err != nil {
				t.Fatal(err)
			}
			data, err := io.ReadAll(file)
			if err != nil {
				t.Fatal(err)
			}
			streams[filepath.Base(name)+"/"+entry.Name] = string(data)
		}
	}
	return streams
}

// sizes returns what the frames of a stream that aMule would read take.
func sizes(t *testing.T, stream string) (b bill) {
	t.Helper()
	rest := []byte(stream)
	for len(rest) > 0 {
		f, size, err := codec.ConsumeFrame(rest, codec.DefaultLimits())
		if size == 0 {
			break
		}
		rest = rest[size:]
		var p codec.Packet
		if err != nil || p.UnmarshalBody(f.Body, f.Flags) != nil {
			continue
		}
		b.Frames++
		b.Headers += codec.HeaderSize
		b.Transmitted += int64(len(f.Body))
		if f.Flags&codec.FlagZlib != 0 {
			f.Body = inflate(t, f.Body)
		}
		b.Bodies += int64(len(f.Body))
	}
	return b
}

// add adds the own bytes of all parts, and checks that each total is that of
// the parts.
func (c *cost) add(t *testing.T) int64 {
	sum := c.Own
	for _, p := range c.Parts {
		sum += p.add(t)
	}
	if sum != c.Total {
		t.Errorf("%s: the parts are %d bytes, but it says %d", c.Name, sum, c.Total)
	}
	return sum
}

// What each tag costs adds up to what all bodies have, for every capture.
func TestBytesAddUp(t *testing.T) {
	streams := allCaptures(t)
	if len(streams) < 300 {
		t.Errorf("only %d streams", len(streams))
	}
	for name, stream := range streams {
		expected := sizes(t, stream)
		for _, form := range []string{"nested", "flat"} {
			args := []string{"bytes", "--json", "--keep-going", "-"}
			if form == "flat" {
				args = append(args, "--flat")
			}
			got := tool(stream, args...)
			var b bill
			if err := json.Unmarshal([]byte(got.stdout), &b); err != nil || got.code == exitFailed {
				t.Fatalf("%s: %v, %+v", name, err, got)
			}
			var own int64
			for _, c := range b.Messages {
				own += c.add(t)
			}
			for _, c := range b.Tags {
				own += c.Own
			}
			b.Messages, b.Tags = nil, nil
			if own != expected.Bodies {
				t.Errorf("%s %s: own bytes are %d, want %d", name, form, own, expected.Bodies)
			}
			if b.Frames != expected.Frames || b.Headers != expected.Headers || b.Transmitted != expected.Transmitted || b.Bodies != expected.Bodies {
				t.Errorf("%s %s: got %+v, want %+v", name, form, b, expected)
			}
		}
	}
}

func TestBytesOfCaptures(t *testing.T) {
	for _, c := range []struct{ capture, golden, options string }{
		{"downloads-2.3.3.s2c", "downloads-2.3.3.s2c.bytes", ""},
		{"statistics-3.0.s2c", "statistics-3.0.s2c.bytes", ""},
		{"statistics-3.0.s2c", "statistics-3.0.s2c.flat", "--flat"},
		{"status-3.0.s2c", "status-3.0.s2c.cost", "--json"},
	} {
		args := append([]string{"bytes", "testdata/captures/" + c.capture + ".bin"}, strings.Fields(c.options)...)
		got := tool("", args...)
		if got.code != exitGood || got.stderr != "" {
			t.Errorf("%v: exit code %d, %s", args, got.code, got.stderr)
		}
		golden(t, c.golden, got.stdout)
	}
}

func TestBytesBehindAPacketCount(t *testing.T) {
	const trailing = "\x00\x00\x00\x20\x00\x00\x00\x06\x01\x00\x00\x01\x02\x03" // NOOP, and three bytes
	want(t, result{exitGood, `{"frames":1,"header_bytes":8,"transmitted_bytes":6,"body_bytes":6,"messages":[{"name":"NOOP","from":"daemon","count":1,"own_bytes":6,"bytes":6}]}` + "\n", ""},
		trailing, "bytes", "--json", "-")
}

func TestBytesOfWhatIsRefused(t *testing.T) {
	const message = "ec bytes: -: aMule refuses these flags (at 11)\n"
	want(t, result{exitFindings, "count  own      %  with children  tag\n         8                        1 headers\n         3  100.0              3  bodies\n    1    3  100.0              3    NOOP from daemon\n", message},
		noop+badFlags+noop, "bytes", "-")
	if got := tool(noop+badFlags+noop, "bytes", "--keep-going", "-"); got.code != exitFindings || got.stderr != message || !strings.Contains(got.stdout, "2 headers") {
		t.Errorf("%+v", got)
	}
	want(t, result{exitGood, "count  own  %  with children  tag\n         0                    0 headers\n         0                 0  bodies\n", ""}, "", "bytes", "-")
}

func TestBytesOfAPacketCapture(t *testing.T) {
	file := (&wire{t: t, link: layers.LinkTypeEthernet}).busy()
	want(t, tool(statReply+statReply, "bytes", "--json", "-"), file, "bytes", "--json", "--from", "daemon", "-")
}
