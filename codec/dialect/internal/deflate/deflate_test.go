package deflate_test

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/codec/dialect/internal/deflate"
)

var update = flag.Bool("update", false, "ask the zlib library for what is expected, by way of python3")

const golden = "testdata/zlib.txt"

// inputs are made data of all the kinds that make the library decide in other
// ways: stored, static and dynamic blocks, codes that get too long, windows
// that slide.
func inputs() map[string][]byte {
	random := uint32(1)
	next := func(n int) int {
		random = random*1664525 + 1013904223
		return int(random>>8) % n
	}
	kinds := map[string]func() []byte{
		"zeros": func() []byte { return make([]byte, 100) },
		"noise": func() []byte { return []byte{byte(next(256))} },
		"six":   func() []byte { return []byte{"abcdef"[next(6)]} },
		"rare":  func() []byte { return []byte{byte(next(2) * next(256))} },
		"steep": func() []byte {
			n := 0
			for n < 200 && next(3) > 0 {
				n++
			}
			return []byte{byte(n)}
		},
		"files": func() []byte {
			return fmt.Appendf(nil, "a film of season %d.avi\x00\x00\x04%c", next(5000), next(256))
		},
	}
	made := make(map[string][]byte)
	for _, kind := range []string{"zeros", "noise", "six", "rare", "steep", "files"} {
		var data []byte
		for _, size := range []int{0, 1, 2, 3, 100, 1100, 5000, 20000, 70000, 150000} {
			for len(data) < size {
				data = append(data, kinds[kind]()...)
			}
			made[fmt.Sprintf("%s/%d", kind, size)] = data[:size:size]
		}
	}
	return made
}

// expected is one line of the golden file.
func expected(name string, level int, stream []byte) string {
	return fmt.Sprintf("%s level %d: %d bytes, %x", name, level, len(stream), sha256.Sum256(stream))
}

func library(t *testing.T, data []byte, level int) []byte {
	cmd := exec.Command("python3", "-c", fmt.Sprintf("import sys, zlib; sys.stdout.buffer.write(zlib.compress(sys.stdin.buffer.read(), %d))", level))
	cmd.Stdin = bytes.NewReader(data)
	stream, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return stream
}

func TestStreamsAreThoseOfTheLibrary(t *testing.T) {
	text, err := os.ReadFile(golden)
	if err != nil && !*update {
		t.Fatal(err)
	}
	lines := make(map[string]bool)
	for line := range strings.Lines(string(text)) {
		lines[strings.TrimSpace(line)] = true
	}
	var made []string
	for name, data := range inputs() {
		for _, level := range []int{6, 9} {
			if *update {
				made = append(made, expected(name, level, library(t, data, level)))
				continue
			}
			for _, chunk := range []int{2048, 32768} {
				if line := expected(name, level, deflate.Append(nil, data, level, chunk)); !lines[line] {
					t.Errorf("the library does not make: %s, in chunks of %d", line, chunk)
				}
			}
		}
	}
	if *update {
		slices.Sort(made)
		if err := os.WriteFile(golden, []byte(strings.Join(made, "\n")+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func TestStreamsInflateAgain(t *testing.T) {
	for name, data := range inputs() {
		stream, err := zlib.NewReader(bytes.NewReader(deflate.Append([]byte("in front"), data, 9, 100)[8:]))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if again, err := io.ReadAll(stream); err != nil || !bytes.Equal(again, data) {
			t.Errorf("%s: inflated to %d of %d bytes, %v", name, len(again), len(data), err)
		}
	}
}
