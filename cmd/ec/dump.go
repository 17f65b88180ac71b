package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"strconv"
	"strings"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/view"
)

var dumpSynopsis = []string{
	"[--json | --raw] [--keep-going] [--from SIDE] [--color WHEN] FILE",
	"[--json | --raw] [--from SIDE] [--color WHEN] --flags HEX --body FILE",
}

const dumpDetails = `Without --json and --raw it prints a tree for people, as in

  STATS from daemon, flags 0x32 (UTF-8 numbers, large tag count)
    STATS_UL_SPEED 0
    CONNSTATE ED2K_CONNECTED|KAD_RUNNING (17)

SIDE is client or daemon. Unless told, it is the side that the first opcode
which only one side writes gives away, or the client.

A frame that aMule would refuse prints {"error":"...","offset":N} in every
form, and makes the exit code 1. N counts from the start of FILE to the byte
that is wrong; when that lies within an inflated body, to the first byte of the
body as transmitted. Nothing is printed behind such a frame, unless
--keep-going is given; but behind half a frame, or a header that announces more
than 256 MiB, no other can be found.

Examples:

  ec dump s2c.bin
  ec dump --json s2c.bin | jq .opcode
  nc 127.0.0.1 4712 < c2s.bin | ec dump -
  ec dump --flags 22 --body request.bin
`

// dumper is what the options of dump say.
type dumper struct {
	json, raw, keepGoing bool
	from                 side
	color                colorChoice
	flags, body          string
}

func dumpOptions(flags *flag.FlagSet) func(*call) (bool, error) {
	d := dumper{color: "auto"}
	flags.BoolVar(&d.json, "json", false, "print typed JSON, one message a line")
	flags.BoolVar(&d.raw, "raw", false, "print untyped JSON, one packet a line")
	flags.BoolVar(&d.keepGoing, "keep-going", false, "go on behind a frame that is refused")
	flags.Var(&d.from, "from", "which `SIDE` wrote the frames: client or daemon")
	flags.Var(&d.color, "color", "color the tree: `WHEN` is auto, always or never")
	flags.StringVar(&d.flags, "flags", "", "the flags of --body, in `HEX`")
	flags.StringVar(&d.body, "body", "", "read `FILE` as one body without its header")
	return d.run
}

func (d *dumper) run(c *call) (found bool, err error) {
	if d.json && d.raw {
		return false, usageError("--json and --raw exclude each other")
	}
	name, flags, err := d.source(c)
	if err != nil {
		return false, err
	}
	in, err := c.open(name)
	if err != nil {
		return false, err
	}
	defer in.Close()
	out := bufio.NewWriterSize(c.stdout, 64<<10)
	found, err = d.print(out, d.frames(flushBefore{in, out}, flags), d.printer(c))
	if flushed := out.Flush(); err == nil {
		err = flushed
	}
	return found, err
}

// source returns the file to read, and for a body its flags.
func (d *dumper) source(c *call) (name string, flags codec.Flags, err error) {
	if d.body == "" && d.flags == "" {
		name, err = c.oneFile()
		return name, 0, err
	}
	if d.body == "" || d.flags == "" || len(c.args) > 0 {
		return "", 0, usageError("want --flags HEX with --body FILE, and no other file")
	}
	word, err := strconv.ParseUint(strings.TrimPrefix(d.flags, "0x"), 16, 32)
	if err != nil {
		return "", 0, usageError(fmt.Sprintf("--flags wants a number in hex of at most 32 bits, not %q", d.flags))
	}
	return d.body, codec.Flags(word), nil
}

// frames returns what there is to print.
func (d *dumper) frames(in io.Reader, flags codec.Flags) iter.Seq2[*frame, error] {
	frames := readFrames(in, d.keepGoing)
	if d.body != "" {
		frames = readBody(in, flags)
	}
	if d.raw {
		return frames
	}
	return direct(frames, d.from)
}

// printer returns what appends a message in the form that was asked for.
func (d *dumper) printer(c *call) func(dst []byte, m *view.Message) []byte {
	switch {
	case d.json:
		return func(dst []byte, m *view.Message) []byte { return append(viewer.AppendJSON(dst, m), '\n') }
	case d.raw:
		return func(dst []byte, m *view.Message) []byte { return append(view.AppendRaw(dst, m), '\n') }
	}
	color := d.color.on(c.stdout)
	return func(dst []byte, m *view.Message) []byte { return viewer.AppendTree(dst, m, color) }
}

func (d *dumper) print(out io.Writer, frames iter.Seq2[*frame, error], printer func([]byte, *view.Message) []byte) (found bool, err error) {
	var text []byte
	for f, err := range frames {
		switch {
		case err != nil:
			return found, err
		case f.refused != nil:
			found = true
			text = f.refused.appendLine(text[:0])
		default:
			text = printer(text[:0], &f.message)
		}
		if _, err := out.Write(text); err != nil {
			return found, err
		}
	}
	return found, nil
}

// flushBefore shows what was printed before it waits for more to read.
type flushBefore struct {
	io.Reader
	out *bufio.Writer
}

func (f flushBefore) Read(b []byte) (int, error) {
	if err := f.out.Flush(); err != nil {
		return 0, err
	}
	return f.Reader.Read(b)
}

// colorChoice is the option --color.
type colorChoice string

func (c *colorChoice) String() string { return string(*c) }

func (c *colorChoice) Set(text string) error {
	switch text {
	case "auto", "always", "never":
		*c = colorChoice(text)
		return nil
	}
	return fmt.Errorf("want auto, always or never")
}

// on reports whether what is written to w is colored. By itself only a
// terminal is, unless the environment has NO_COLOR.
func (c colorChoice) on(w io.Writer) bool {
	if c != "auto" {
		return c == "always"
	}
	file, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
