package targets

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/ecgen/ecgen/codec"
)

// Header reads one frame in two ways.
var Header = Target{
	Name: "Header",
	Doc: "A stream's first frame is the same to ConsumeFrame and Reader, down to the error; its header is written " +
		"back as the same bytes; and its opcode is the one that its body says. The input is the stream.",
	Run: func(data []byte) error {
		frame, size, err := codec.ConsumeFrame(data, budgets)
		reader := codec.NewReader(bytes.NewReader(data), budgets)
		read, readErr := reader.Next()
		switch {
		case readErr == io.EOF && len(data) == 0 && errors.Is(err, codec.ErrTruncated):
			return nil
		case readErr == io.EOF || !sameError(err, readErr):
			return fmt.Errorf("ConsumeFrame says %v, Reader says %v", err, readErr)
		case size > 0 != (err == nil || errors.Is(err, codec.ErrFlags) || errors.Is(err, codec.ErrEncrypted)):
			return fmt.Errorf("%d bytes taken with %v", size, err)
		case size == 0:
			return describe(err)
		case !sameFrame(frame, read) || reader.Offset() != int64(size):
			return fmt.Errorf("ConsumeFrame takes %v of %d bytes, Reader %v of %d", frame, size, read, reader.Offset())
		}
		again := codec.AppendHeader(nil, codec.Header{Flags: frame.Flags, Length: uint32(len(frame.Body))})
		if again = append(again, frame.Body...); !bytes.Equal(again, data[:size]) {
			return fmt.Errorf("written back as %x", again)
		}
		var p codec.Packet
		op, opErr := frame.Opcode()
		if p.Decode(frame.Body, frame.Flags, 0, budgets) == nil && (opErr != nil || op != p.Opcode) {
			return fmt.Errorf("the opcode is %#x, but Frame.Opcode says %#x, %v", p.Opcode, op, opErr)
		}
		return first(describe(err), describe(opErr))
	},
}

// Packet reads a stream of packets.
var Packet = Target{
	Name: "Packet",
	Doc: "Each frame of a stream whose body is accepted is written again as a frame that reads as the same tree, " +
		"by AppendFrame and Writer alike. The input is the stream.",
	Run: func(data []byte) error {
		for rest := data; ; {
			frame, size, err := codec.ConsumeFrame(rest, budgets)
			if size == 0 {
				return describe(err)
			}
			rest = rest[size:]
			var p codec.Packet
			if err != nil || p.Decode(frame.Body, frame.Flags, 0, budgets) != nil {
				continue
			}
			again, err := codec.AppendFrame(nil, frame.Flags, &p)
			if err != nil {
				return fmt.Errorf("what was read cannot be written: %v", err)
			}
			var written bytes.Buffer
			if err := codec.NewWriter(&written).WriteFlags(&p, frame.Flags); err != nil || !bytes.Equal(written.Bytes(), again) {
				return fmt.Errorf("codec.Writer writes %x, %v; AppendFrame %x", written.Bytes(), err, again)
			}
			second, size, err := codec.ConsumeFrame(again, codec.DefaultLimits())
			if err != nil || size != len(again) || second.Flags != frame.Flags {
				return fmt.Errorf("of the %d bytes written again %d are read, %v", len(again), size, err)
			}
			var q codec.Packet
			if err := q.Decode(second.Body, second.Flags, 0, codec.DefaultLimits()); err != nil || !kept(&p, frame.Flags).Equal(&q) {
				return fmt.Errorf("\n%v\nreads as\n%v, %v", &p, &q, err)
			}
		}
	},
}

// Chunked reads a stream in pieces.
var Chunked = Target{
	Name: "Chunked",
	Doc: "A stream gives the same frames and errors however it arrives. The first byte of the input says how: it and " +
		"what follows from it are the sizes of the pieces. The rest is the stream.",
	Run: func(data []byte) error {
		if len(data) == 0 {
			return nil
		}
		seed, stream := data[0], data[1:]
		whole := codec.NewReader(bytes.NewReader(stream), budgets)
		pieces := codec.NewReader(&chunks{stream, seed}, budgets)
		for {
			a, aErr := whole.Next()
			b, bErr := pieces.Next()
			if !sameFrame(a, b) || whole.Offset() != pieces.Offset() || aErr != bErr && !sameError(aErr, bErr) {
				return fmt.Errorf("whole: %v, %v at %d; in pieces: %v, %v at %d", a, aErr, whole.Offset(), b, bErr, pieces.Offset())
			}
			if aErr != nil && !errors.Is(aErr, codec.ErrFlags) && !errors.Is(aErr, codec.ErrEncrypted) {
				return nil
			}
		}
	},
}

// chunks reads a few bytes at a time, sometimes none.
type chunks struct {
	rest []byte
	seed byte
}

func (c *chunks) Read(b []byte) (int, error) {
	if len(c.rest) == 0 {
		return 0, io.EOF
	}
	c.seed = c.seed*5 + 3
	n := copy(b[:min(len(b), int(c.seed>>3))], c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// kept returns what a writer keeps of p under these flags: without large
// counts the first 65,534 tags of each list.
func kept(p *codec.Packet, flags codec.Flags) *codec.Packet {
	if flags&codec.FlagLargeTagCount != 0 {
		return p
	}
	return &codec.Packet{Opcode: p.Opcode, Tags: keptTags(p.Tags)}
}

func keptTags(tags []codec.Tag) []codec.Tag {
	kept := make([]codec.Tag, min(len(tags), 0xFFFE))
	for i := range kept {
		kept[i] = tags[i]
		kept[i].Children = keptTags(tags[i].Children)
	}
	return kept
}

func sameFrame(a, b codec.Frame) bool { return a.Flags == b.Flags && bytes.Equal(a.Body, b.Body) }

func sameError(a, b error) bool {
	x, xOK := errors.AsType[*codec.Error](a)
	y, yOK := errors.AsType[*codec.Error](b)
	if !xOK || !yOK {
		return a == b
	}
	return x.Err == y.Err && x.Offset == y.Offset
}
