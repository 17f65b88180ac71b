package dialect_test

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/dialect"
)

// The samples are what the unmodified sockets and packets of each release
// wrote, but for two that were put together by hand and are named so.
type sample struct {
	name  string
	of    dialect.Dialect // 0 for what no release ever wrote
	bytes []byte
}

var prefixes = map[string]dialect.Dialect{
	"rc8": dialect.RC8, "v200": dialect.V20, "v213": dialect.V21, "v226": dialect.V22, "v233": dialect.V23,
	"constructed_dev2005-11": dialect.Trunk, "constructed_doc001": 0,
}

func samples(t testing.TB) []sample {
	t.Helper()
	names, err := filepath.Glob("testdata/samples/*.hex")
	if err != nil || len(names) < 34 {
		t.Fatalf("%d samples, %v", len(names), err)
	}
	var list []sample
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		s := sample{name: strings.TrimSuffix(filepath.Base(name), ".hex"), bytes: unhex(t, string(text))}
		known := false
		for prefix, d := range prefixes {
			if strings.HasPrefix(s.name, prefix+"_") {
				s.of, known = d, true
			}
		}
		if !known {
			t.Fatalf("%s is of no dialect", s.name)
		}
		list = append(list, s)
	}
	return list
}

// unhex returns the bytes that hex digits stand for. White space is left out.
func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// consume reads one packet that is all of b.
func consume(t testing.TB, d dialect.Dialect, b []byte) *dialect.Packet {
	t.Helper()
	p, size, err := d.Consume(b, codec.DefaultLimits())
	if err != nil || size != len(b) {
		t.Fatalf("%v takes %d of %d bytes, %v", d, size, len(b), err)
	}
	return p
}

// written returns p as d writes it.
func written(t testing.TB, d dialect.Dialect, p *dialect.Packet) []byte {
	t.Helper()
	b, err := d.Append(nil, p)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSamplesAreReadAndWrittenAgain(t *testing.T) {
	for _, s := range samples(t) {
		if s.of == 0 {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			p := consume(t, s.of, s.bytes)
			if again := written(t, s.of, p); !bytes.Equal(again, s.bytes) {
				t.Errorf("written again as\n%x, want\n%x", again, s.bytes)
			}
		})
	}
}

// Every dialect but its own refuses a sample, or reads all of it and writes it
// again as it was: then the bytes are ambiguous, which is for Detect to say.
func TestSamplesInOtherDialects(t *testing.T) {
	for _, s := range samples(t) {
		for _, d := range dialect.All() {
			p, size, err := d.Consume(s.bytes, codec.DefaultLimits())
			switch {
			case err != nil || size < len(s.bytes):
				if d == s.of {
					t.Errorf("%s is refused by %v: %d of %d bytes, %v", s.name, d, size, len(s.bytes), err)
				}
			case !bytes.Equal(inflated(t, written(t, d, p)), inflated(t, s.bytes)):
				t.Errorf("%s is taken for %v, which writes it as\n%x", s.name, d, written(t, d, p))
			}
		}
	}
}

// inflated returns b with its zlib stream, if there is one, inflated.
func inflated(t testing.TB, b []byte) []byte {
	t.Helper()
	for _, mark := range []string{"\x78\xda", "\x78\x9c"} {
		head, _, found := bytes.Cut(b, []byte(mark))
		if !found || len(head) > 12 {
			continue
		}
		stream, err := zlib.NewReader(bytes.NewReader(b[len(head):]))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := io.ReadAll(stream)
		if err != nil {
			t.Fatal(err)
		}
		return append(bytes.Clone(head[:min(len(head), 4)]), plain...)
	}
	return b
}
