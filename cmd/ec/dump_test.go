package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

var update = flag.Bool("update", false, "write the golden files")

// Each capture has the three forms of its dump in testdata/golden.
func TestDumpOfCaptures(t *testing.T) {
	for _, name := range captures(t) {
		base := strings.TrimSuffix(filepath.Base(name), ".bin")
		for _, form := range []struct {
			extension string
			args      []string
		}{
			{".tree", []string{"dump", name}},
			{".json", []string{"dump", "--json", name}},
			{".raw", []string{"dump", "--raw", name}},
		} {
			got := tool("", form.args...)
			refused := strings.HasSuffix(name, "c2s.bin") && strings.HasPrefix(base, "refused")
			if (got.code == exitFindings) != refused || got.code == exitFailed || got.stderr != "" {
				t.Errorf("%s: exit code %d, %s", name, got.code, got.stderr)
			}
			golden(t, base+form.extension, got.stdout)
		}
	}
}

func TestRefusedFramesAreNamedAndEndTheDump(t *testing.T) {
	const (
		reply = `{"flags":32,"op":12,"tags":[[512,2,"05",[]]]}` + "\n"
		empty = `{"flags":32,"op":1,"tags":[]}` + "\n"
	)
	for _, c := range []struct {
		name, stream string
		first        string // without --keep-going
		more         string // what --keep-going adds
	}{
		{"flags", statReply + badFlags + noop, reply + `{"error":"aMule refuses these flags","offset":19}` + "\n", empty},
		{"sealed", statReply + sealed + noop, reply + `{"error":"the body is encrypted, which is not supported","offset":19}` + "\n", empty},
		{"body", noop + badBody + noop, empty + `{"error":"the bytes end too early in Stats/ConnState[0]/StatsULSpeed[0]","offset":38}` + "\n", empty},
		{"zlib", noop + badZlib + noop, empty + `{"error":"the zlib stream is corrupt at byte 0 of the inflated body","offset":19}` + "\n", empty},
		{"two", badFlags + noop + badFlags, `{"error":"aMule refuses these flags","offset":0}` + "\n", empty + `{"error":"aMule refuses these flags","offset":22}` + "\n"},
		{"half a frame", noop + halfFrame, empty + `{"error":"the bytes end too early","offset":21}` + "\n", ""},
		{"half a header", noop + "\x00", empty + `{"error":"the bytes end too early","offset":12}` + "\n", ""},
		{"too large", noop + tooLarge, empty + `{"error":"the body is larger than the limit","offset":15}` + "\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			want(t, result{exitFindings, c.first, ""}, c.stream, "dump", "--raw", "-")
			want(t, result{exitFindings, c.first + c.more, ""}, c.stream, "dump", "--raw", "--keep-going", "-")
		})
	}
}

func TestRefusalsLookTheSameInAllForms(t *testing.T) {
	for _, args := range [][]string{{"dump", "-"}, {"dump", "--json", "-"}, {"dump", "--raw", "-"}, {"dump", "--color", "always", "-"}} {
		want(t, result{exitFindings, `{"error":"aMule refuses these flags","offset":0}` + "\n", ""}, badFlags, args...)
	}
}

func TestBareBody(t *testing.T) {
	name := filepath.Join(t.TempDir(), "body")
	writeFile(t, name, statReply[8:])
	const reply = `{"flags":32,"op":12,"tags":[[512,2,"05",[]]]}` + "\n"
	want(t, result{exitGood, reply, ""}, "", "dump", "--raw", "--flags", "20", "--body", name)
	want(t, result{exitGood, reply, ""}, "", "dump", "--flags", "0x20", "--body", name, "--raw")
	want(t, result{exitGood, reply, ""}, statReply[8:], "dump", "--raw", "--flags", "20", "--body", "-")
	want(t, result{exitGood, "STATS from daemon, flags 0x20\n  STATS_UL_SPEED 5\n", ""}, "", "dump", "--flags", "20", "--body", name)
	want(t, result{exitFindings, `{"error":"the bytes end too early in Stats/ConnState[0]/StatsULSpeed[0]","offset":19}` + "\n", ""}, badBody[8:], "dump", "--flags", "20", "--body", "-")
	want(t, result{exitFindings, `{"error":"aMule refuses these flags","offset":0}` + "\n", ""}, "", "dump", "--flags", "60", "--body", name)
	want(t, result{exitFindings, `{"error":"the bytes end too early","offset":0}` + "\n", ""}, "", "dump", "--flags", "20", "--body", "-")
}

func TestDirectionIsGuessedUnlessTold(t *testing.T) {
	for _, c := range []struct {
		name, stream string
		args         []string
		want         string // who wrote the frames, by first letter
	}{
		{"client", statReq + progress, nil, "cc"},
		{"daemon", noop + progress, nil, "dd"},
		{"later opcode decides", progress + progress + noop, nil, "ddd"},
		{"none decides", progress + progress, nil, "cc"},
		{"too late", strings.Repeat(progress, mostHeld+1) + noop, nil, strings.Repeat("c", mostHeld+2)},
		{"just in time", strings.Repeat(progress, mostHeld) + noop, nil, strings.Repeat("d", mostHeld+1)},
		{"refused frame does not decide", badFlags + progress + noop, []string{"--keep-going"}, "rdd"},
		{"told", progress + noop, []string{"--from", "client"}, "cc"},
		{"told daemon", statReq, []string{"--from=daemon"}, "d"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			for line := range strings.Lines(tool(c.stream, append([]string{"dump", "--json", "-"}, c.args...)...).stdout) {
				switch {
				case strings.Contains(line, `"from":"client"`):
					got += "c"
				case strings.Contains(line, `"from":"daemon"`):
					got += "d"
				case strings.Contains(line, `"error"`):
					got += "r"
				}
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestFramesThatWereHeldBackKeepTheirContents(t *testing.T) {
	stream := progress + unhex("00000020 00000015 290001 0e0e 06 0000000b") + strings.Repeat("a", 10) + "\x00" + noop
	want(t, result{exitGood, tool(stream, "dump", "--json", "--from", "daemon", "-").stdout, ""}, stream, "dump", "--json", "-")
}

// A dump of a live stream shows each frame when it has come.
func TestDumpDoesNotWaitForMore(t *testing.T) {
	in, feed := io.Pipe()
	out, printed := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run(context.Background(), []string{"dump", "--raw", "-"}, in, printed, io.Discard)
		printed.Close()
	}()
	line := make([]byte, 100)
	for range 3 {
		if _, err := io.WriteString(feed, noop); err != nil {
			t.Fatal(err)
		}
		n, err := out.Read(line)
		if got := string(line[:n]); err != nil || got != `{"flags":32,"op":1,"tags":[]}`+"\n" {
			t.Fatalf("got %q, %v", got, err)
		}
	}
	feed.Close()
	if n, err := out.Read(line); err != io.EOF {
		t.Errorf("then came %q, %v", line[:n], err)
	}
	if got := <-code; got != exitGood {
		t.Errorf("exit code %d", got)
	}
}

func TestFailuresOfStreamsAreNoFindings(t *testing.T) {
	broken := errors.New("cable cut")
	var stdout, stderr bytes.Buffer
	in := io.MultiReader(strings.NewReader(noop), iotest.ErrReader(broken))
	if code := run(context.Background(), []string{"dump", "--raw", "-"}, in, &stdout, &stderr); code != exitFailed || stderr.String() != "ec dump: cable cut\n" {
		t.Errorf("reading: exit code %d, %s", code, &stderr)
	}
	if got := stdout.String(); got != `{"flags":32,"op":1,"tags":[]}`+"\n" {
		t.Errorf("printed before: %q", got)
	}
	stderr.Reset()
	if code := run(context.Background(), []string{"dump", "-"}, strings.NewReader(noop), brokenWriter{broken}, &stderr); code != exitFailed || stderr.String() != "ec dump: cable cut\n" {
		t.Errorf("writing: exit code %d, %s", code, &stderr)
	}
}

type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }

func TestColorOnlyForTerminals(t *testing.T) {
	device, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0) // a character device, as terminals are
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()
	file, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, c := range []struct {
		choice        colorChoice
		to            io.Writer
		noColor, term string
		want          bool
	}{
		{"auto", device, "", "xterm", true},
		{"auto", device, "1", "xterm", false},
		{"auto", device, "", "dumb", false},
		{"auto", file, "", "xterm", false},
		{"auto", new(bytes.Buffer), "", "xterm", false},
		{"always", file, "1", "dumb", true},
		{"never", device, "", "xterm", false},
	} {
		t.Setenv("NO_COLOR", c.noColor)
		t.Setenv("TERM", c.term)
		if got := c.choice.on(c.to); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
	if got := tool(noop, "dump", "--color", "always", "-").stdout; !strings.Contains(got, "\x1b[") {
		t.Errorf("no color in %q", got)
	}
}
