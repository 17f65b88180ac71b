package main

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/codec"
)

// result is what one run of the tool left.
type result struct {
	code           int
	stdout, stderr string
}

// tool runs the tool with this standard input.
func tool(stdin string, args ...string) result {
	var stdout, stderr bytes.Buffer
	code := run(context.Background(), args, strings.NewReader(stdin), &stdout, &stderr)
	return result{code, stdout.String(), stderr.String()}
}

// want runs the tool and compares all that it leaves.
func want(t *testing.T, expected result, stdin string, args ...string) {
	t.Helper()
	if got := tool(stdin, args...); got != expected {
		t.Errorf("ec %s\nexit code %d, want %d\nstandard output\n%s, want\n%s\nstandard error\n%s, want\n%s",
			strings.Join(args, " "), got.code, expected.code, got.stdout, expected.stdout, got.stderr, expected.stderr)
	}
}

// captures returns the names of the captured streams.
func captures(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/captures/*.bin")
	if err != nil || len(names) < 12 {
		t.Fatalf("%d captures, %v", len(names), err)
	}
	return names
}

// golden compares text with a file of testdata/golden.
func golden(t *testing.T, name, text string) {
	t.Helper()
	name = filepath.Join("testdata", "golden", name)
	if *update {
		writeFile(t, name, text)
	}
	if expected := readFile(t, name); text != expected {
		t.Errorf("%s: got\n%s, want\n%s", name, text, expected)
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// unhex returns the bytes that hex digits stand for. Spaces are left out.
func unhex(text string) string {
	data, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		panic(err)
	}
	return string(data)
}

// Frames to make streams of.
var (
	statReq   = unhex("00000020 0000000b 0a0001 0008 02 00000001 00") // client
	statReply = unhex("00000020 0000000b 0c0001 0400 02 00000001 05") // daemon: STATS_UL_SPEED 5
	progress  = unhex("00000020 00000003 290000")                     // either side
	noop      = unhex("00000020 00000003 010000")                     // daemon
	badFlags  = unhex("00000060 00000003 010000")
	sealed    = unhex("00000028 00000003 010000")
	badBody   = unhex("00000020 00000014 0c0001 000b 01 0000000a 0001 0400 02 00000002 05") // a child promises two bytes
	badZlib   = unhex("00000021 00000004 789cffff")
	halfFrame = unhex("00000020 0000000b 0c00")
	tooLarge  = unhex("00000020 ffffffff 0c00")
)

// inflated returns the flags and the inflated bodies of the frames that are
// not refused.
func inflated(t *testing.T, stream string) (frames []string) {
	t.Helper()
	rest := []byte(stream)
	for len(rest) > 0 {
		f, size, err := codec.ConsumeFrame(rest, codec.DefaultLimits())
		if size == 0 {
			t.Fatal(err)
		}
		rest = rest[size:]
		if err != nil {
			continue
		}
		var p codec.Packet
		if err := p.UnmarshalBody(f.Body, f.Flags); err != nil {
			t.Fatal(err)
		}
		body := f.Body
		if f.Flags&codec.FlagZlib != 0 {
			body = inflate(t, f.Body)
		}
		frames = append(frames, hex.EncodeToString([]byte{byte(f.Flags)})+" "+hex.EncodeToString(body))
	}
	return frames
}

func inflate(t *testing.T, body []byte) []byte {
	t.Helper()
	stream, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(stream)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}
