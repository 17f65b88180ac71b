package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"iter"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/dialect"
	"github.com/ecgen/ecgen/codec/view"
	"github.com/ecgen/ecgen/generated/ec"
)

var recodeSynopsis = []string{
	"[--typed] [--keep-going] [--from SIDE] FILE -o OUT",
	"--dialect NAME [--keep-going] FILE -o OUT",
}

const recodeDetails = `Each frame is decoded and written again with the same flags; what was deflated
is deflated anew. With --typed the frames go through the typed messages, which
write integers in the narrowest form and fields in the order of the protocol;
opcodes that are no message of SIDE go through the untyped tree, as all do
without --typed.

A frame that is refused is left out, named on standard error, and makes the
exit code 1. Without --keep-going it is the end: OUT has the frames before it.
OUT is written in one step when all is done, and not at all with exit code 2.
` + dialectDetails + `
Examples:

  ec recode s2c.bin -o again.bin
  ec recode --typed --from daemon s2c.bin -o - | ec dump -
`

// recoder is what the options of recode say.
type recoder struct {
	typed, keepGoing bool
	from             side
	out              string
	dialect          string
}

func recodeOptions(flags *flag.FlagSet) func(*call) (bool, error) {
	var r recoder
	flags.BoolVar(&r.typed, "typed", false, "decode to typed messages")
	flags.BoolVar(&r.keepGoing, "keep-going", false, "go on behind a frame that is refused")
	flags.Var(&r.from, "from", "which `SIDE` wrote the frames: client or daemon")
	flags.StringVar(&r.dialect, "dialect", "", "read and write packets of the dialect `NAME`, or auto")
	flags.StringVar(&r.out, "o", "", "write to `OUT`; - is standard output")
	return r.run
}

func (r *recoder) run(c *call) (found bool, err error) {
	name, err := c.oneFile()
	if err != nil {
		return false, err
	}
	in, err := c.open(name)
	if err != nil {
		return false, err
	}
	defer in.Close()
	buffered := bufio.NewReaderSize(in, 64<<10)
	if isPacketCapture(buffered) {
		return false, usageError(`a packet capture has two directions; "ec dump --raw --from SIDE FILE | ec encode - -o OUT" takes one of them`)
	}
	out, err := c.create(r.out)
	if err != nil {
		return false, err
	}
	defer out.discard()
	frames, found, err := r.frames(c, buffered)
	if found || err != nil {
		return found, err
	}
	var buffer []byte
	for f, err := range frames {
		if err != nil {
			return found, err
		}
		if f.refused == nil {
			buffer, f.refused = r.appendAgain(buffer[:0], f)
		}
		if f.refused == nil {
			if _, err := out.Write(buffer); err != nil {
				return found, err
			}
			continue
		}
		found = true
		fmt.Fprintf(c.stderr, "ec recode: %s: refused the frame at %d: %s (at %d)\n", name, f.offset, f.refused.Reason, f.refused.Offset)
		if !r.keepGoing {
			break
		}
	}
	return found, out.commit()
}

// frames returns what there is to write again. It returns found when auto has
// not found out of which dialect that is, and has said so.
func (r *recoder) frames(c *call, in io.Reader) (frames iter.Seq2[*frame, error], found bool, err error) {
	switch {
	case r.dialect != "" && r.typed:
		return nil, false, usageError("--dialect and --typed exclude each other")
	case r.dialect != "":
		e, in, found, err := c.openEra(r.dialect, in)
		return e.readFrames(in, r.keepGoing), found, err
	case r.typed:
		return direct(readFrames(in, r.keepGoing), r.from), false, nil
	default:
		return readFrames(in, r.keepGoing), false, nil
	}
}

// appendAgain appends the frame as it is written again.
func (r *recoder) appendAgain(dst []byte, f *frame) ([]byte, *refusal) {
	if f.old != nil {
		return f.appendOld(dst)
	}
	var m codec.Appender = &f.message.Packet
	if r.typed {
		if typed := ec.New(f.message.From, f.message.Packet.Opcode); typed != nil {
			if err := typed.UnmarshalBody(f.body, f.message.Flags); err != nil {
				return dst, f.refuseBody(f.offset+codec.HeaderSize, err)
			}
			m = typed
		}
	}
	var err error
	if m == &f.message.Packet && hasListOf23(&f.message) {
		dst, err = dialect.V23.Append(dst, &dialect.Packet{Packet: f.message.Packet, Flags: f.message.Flags})
	} else {
		dst, err = codec.AppendFrame(dst, f.message.Flags, m)
	}
	if err != nil {
		return dst, &refusal{"it cannot be written again: " + err.Error(), f.offset}
	}
	return dst, nil
}

// hasListOf23 reports whether m has a list of 65,535 tags without the flag of
// large counts, which programs of 2.3 wrote. Those of 3.0 would cut it.
func hasListOf23(m *view.Message) bool {
	const most = 0xFFFF
	if m.Flags&codec.FlagLargeTagCount != 0 {
		return false
	}
	if len(m.Packet.Tags) == most {
		return true
	}
	for _, t := range m.Packet.All() {
		if len(t.Children) == most {
			return true
		}
	}
	return false
}
