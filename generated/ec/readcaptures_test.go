package ec_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// capture is what was recorded of one connection between real programs; see
// testdata/captures.
type capture struct {
	pair     string // of programs: amulecmd-3.0-amuled-3.0
	scenario string // what the client was told to do: show-dl
	frames   []frame
	command  string // how amulecmd was called; empty for other clients
	output   string // what amulecmd printed
}

func (c *capture) name() string { return c.pair + "/" + c.scenario }

// frame is one packet of a capture.
type frame struct {
	codec.Frame
	capture *capture
	number  int // among those of its direction, from 1
	from    codec.Direction
	refused error        // what ConsumeFrame says
	listed  codec.Flags  // what order.txt says
	opcode  codec.Opcode // what order.txt says
}

func (f *frame) name() string {
	return fmt.Sprintf("%s/%s#%d", f.capture.name(), streams[f.from], f.number)
}

// streams has the names of the two directions.
var streams = [...]string{codec.FromClient: "c2s", codec.FromDaemon: "s2c"}

// inflated returns the frame with its body as it was before deflating.
func (f *frame) inflated(t *testing.T) codec.Frame {
	t.Helper()
	if f.Flags&codec.FlagZlib == 0 {
		return f.Frame
	}
	stream, err := zlib.NewReader(bytes.NewReader(f.Body))
	if err != nil {
		t.Fatal(f.name(), err)
	}
	body, err := io.ReadAll(stream)
	if err != nil {
		t.Fatal(f.name(), err)
	}
	return codec.Frame{Flags: f.Flags &^ codec.FlagZlib, Body: body}
}

// captures returns everything that was captured. Tests only read it.
func captures(t *testing.T) []*capture {
	t.Helper()
	all, err := readCaptures()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var readCaptures = sync.OnceValues(func() (all []*capture, err error) {
	archives, err := filepath.Glob(filepath.Join("testdata", "captures", "*.zip"))
	if err != nil {
		return nil, err
	}
	for _, archive := range archives {
		pair, err := readArchive(archive)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", archive, err)
		}
		all = append(all, pair...)
	}
	return all, nil
})

// readArchive reads the captures of one pair of programs.
func readArchive(name string) (all []*capture, err error) {
	archive, err := zip.OpenReader(name)
	if err != nil {
		return nil, err
	}
	defer archive.Close()
	scenarios, err := fs.ReadDir(archive, ".")
	if err != nil {
		return nil, err
	}
	pair := strings.TrimSuffix(filepath.Base(name), ".zip")
	for _, scenario := range scenarios {
		c := &capture{pair: pair, scenario: scenario.Name()}
		if err := c.read(archive); err != nil {
			return nil, fmt.Errorf("%s: %w", c.scenario, err)
		}
		all = append(all, c)
	}
	return all, nil
}

// read reads the files of the capture. The frames of both directions stand
// in the order of order.txt.
func (c *capture) read(archive fs.FS) error {
	files := make(map[string][]byte)
	names := []string{"c2s.bin", "s2c.bin", "order.txt"}
	if strings.HasPrefix(c.pair, "amulecmd") {
		names = append(names, "command.txt", "client-output.txt")
	}
	for _, name := range names {
		content, err := fs.ReadFile(archive, c.scenario+"/"+name)
		if err != nil {
			return err
		}
		files[name] = content
	}
	c.command, c.output = string(files["command.txt"]), string(files["client-output.txt"])
	rest := [...][]byte{codec.FromClient: files["c2s.bin"], codec.FromDaemon: files["s2c.bin"]}
	var numbers [len(rest)]int
	for line := range strings.Lines(string(files["order.txt"])) {
		f := frame{capture: c}
		var stream string
		if _, err := fmt.Sscanf(line, "%s 0x%x op 0x%x", &stream, &f.listed, &f.opcode); err != nil {
			return err
		}
		f.from = codec.Direction(slices.Index(streams[:], stream))
		var size int
		f.Frame, size, f.refused = codec.ConsumeFrame(rest[f.from], codec.DefaultLimits())
		rest[f.from] = rest[f.from][size:]
		numbers[f.from]++
		f.number = numbers[f.from]
		c.frames = append(c.frames, f)
	}
	if left := len(rest[0]) + len(rest[1]); left > 0 {
		return fmt.Errorf("%d bytes are left over", left)
	}
	return nil
}

// frames walks all captured frames.
func frames(t *testing.T) iter.Seq[*frame] {
	t.Helper()
	all := captures(t)
	return func(yield func(*frame) bool) {
		for _, c := range all {
			for i := range c.frames {
				if !yield(&c.frames[i]) {
					return
				}
			}
		}
	}
}

// acceptedFrames walks the frames that aMule accepts.
func acceptedFrames(t *testing.T) iter.Seq[*frame] {
	t.Helper()
	all := frames(t)
	return func(yield func(*frame) bool) {
		for f := range all {
			if refusedFrames[f.name()] == nil && !yield(f) {
				return
			}
		}
	}
}

// typedFrames walks the frames that a message stands for, each with that
// message, read anew.
func typedFrames(t *testing.T) iter.Seq2[*frame, ec.Message] {
	t.Helper()
	all := acceptedFrames(t)
	return func(yield func(*frame, ec.Message) bool) {
		for f := range all {
			if untypedFrames[f.name()] == "" && !yield(f, f.read(t)) {
				return
			}
		}
	}
}

// read returns the message in a frame.
func (f *frame) read(t *testing.T) ec.Message {
	t.Helper()
	m := ec.New(f.from, f.opcode)
	if m == nil {
		t.Fatalf("%s: no message with opcode %#x", f.name(), f.opcode)
	}
	if err := m.UnmarshalBody(f.Body, f.Flags); err != nil {
		t.Fatalf("%s: %v", f.name(), err)
	}
	return m
}

// bodyOf returns the body of a message or packet, not deflated.
func bodyOf(t *testing.T, m codec.Appender, flags codec.Flags) []byte {
	t.Helper()
	body, err := m.AppendBody(nil, flags&^codec.FlagZlib)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
