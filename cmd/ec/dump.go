package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/ecgen/ecgen/codec"
)

var dumpSynopsis = []string{
	"[--json | --raw] [--keep-going] [--from SIDE] [--color WHEN] FILE",
	"[--json | --raw] [--from SIDE] [--port PORT] [--connection N] CAPTURE",
	"[--json | --raw] [--from SIDE] [--color WHEN] --flags HEX --body FILE",
	"--dialect NAME [--json | --raw | --explain] [--keep-going] FILE",
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

` + sourceDetails + `Such lines also name what a packet capture lacks, within one direction of a
connection; N then counts in that direction, and printing goes on with the next
frame that begins with a packet of TCP.
` + dialectDetails + `
Examples:

  ec dump s2c.bin
  tcpdump -i lo -U -w - port 4712 | ec dump -
  ec dump --json s2c.bin | jq .opcode
  nc 127.0.0.1 4712 < c2s.bin | ec dump -
  ec dump --flags 22 --body request.bin
  ec dump --dialect auto from-2005.bin
`

// dumper is what the options of dump say.
type dumper struct {
	source
	form
	flags, body string
	dialect     string
	explain     bool
}

func dumpOptions(flags *flag.FlagSet) func(*call) (bool, error) {
	var d dumper
	d.form.define(flags)
	d.source.define(flags)
	flags.StringVar(&d.flags, "flags", "", "the flags of --body, in `HEX`")
	flags.StringVar(&d.body, "body", "", "read `FILE` as one body without its header")
	flags.StringVar(&d.dialect, "dialect", "", "read packets of the dialect `NAME`, or auto")
	flags.BoolVar(&d.explain, "explain", false, "with --dialect: print each byte with what it means")
	return d.run
}

func (d *dumper) run(c *call) (found bool, err error) {
	name, flags, err := d.input(c)
	if err != nil {
		return false, err
	}
	if d.explain && (d.dialect == "" || d.json || d.raw) {
		return false, usageError("--explain wants --dialect, and neither --json nor --raw")
	}
	out := bufio.NewWriterSize(c.stdout, 64<<10)
	print, err := d.printer(c, out)
	if err != nil {
		return false, err
	}
	in, err := c.open(name)
	if err != nil {
		return false, err
	}
	defer in.Close()
	stream := bufio.NewReaderSize(flushBefore{in, out}, 64<<10)
	if d.dialect != "" {
		found, err = d.dumpEra(c, stream, out)
	} else {
		old := d.body == "" && !isPacketCapture(stream) && beginsAsOld(stream)
		var frames iter.Seq2[*frame, error]
		if frames, err = d.frames(stream, flags); err == nil {
			found, err = printAll(frames, print)
		}
		if found && old {
			fmt.Fprintln(c.stderr, "ec dump: packets of 2.0 and before begin like this; try --dialect auto")
		}
	}
	if flushed := out.Flush(); err == nil {
		err = flushed
	}
	return found, err
}

// beginsAsOld reports whether a stream begins with flags that were written least
// significant byte first, as up to 2.0. No later reader takes such a packet.
func beginsAsOld(stream *bufio.Reader) bool {
	first, _ := stream.Peek(1)
	return len(first) > 0 && codec.Flags(first[0])&0x60 == codec.FlagBase
}

// printAll prints frames, and reports whether one of them was refused.
func printAll(frames iter.Seq2[*frame, error], print func(*frame) error) (found bool, err error) {
	for f, err := range frames {
		if err == nil {
			err = print(f)
		}
		if err != nil {
			return found, err
		}
		found = found || f.refused != nil
	}
	return found, nil
}

// input returns the file to read, and for a body its flags.
func (d *dumper) input(c *call) (name string, flags codec.Flags, err error) {
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
func (d *dumper) frames(in io.Reader, flags codec.Flags) (frames iter.Seq2[*frame, error], err error) {
	directed := false
	if d.body != "" {
		frames = readBody(in, flags)
	} else if frames, directed, err = d.source.frames(in); err != nil {
		return nil, err
	}
	if d.raw || directed {
		return frames, nil
	}
	return direct(frames, d.from), nil
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
