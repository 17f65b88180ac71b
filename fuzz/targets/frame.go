package targets

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/fuzz/reference"
	"github.com/ecgen/ecgen/generated/ec"
)

// Header reads one frame in two ways.
var Header = Target{
	Name: "Header", Form: loose.Stream, Folder: "fuzz",
	Doc: "A stream's first frame is refused or taken as the protocol says, and the same to ConsumeFrame and Reader, " +
		"down to the error; its header is written back as the same bytes; and its opcode is the one that its body says. " +
		"The input is the stream.",
	Run: func(data []byte) error {
		frame, size, err := codec.ConsumeFrame(data, budgets)
		if want := headerVerdict(data); errors.Unwrap(err) != want {
			return fmt.Errorf("ConsumeFrame says %v, want %v", err, want)
		}
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
		if frame.Flags&codec.FlagZlib != 0 {
			return describe(err)
		}
		var p codec.Packet
		op, opErr := frame.Opcode()
		if p.Decode(frame.Body, frame.Flags, codec.Share, budgets) == nil && (opErr != nil || op != p.Opcode) {
			return fmt.Errorf("the opcode is %#x, but Frame.Opcode says %#x, %v", p.Opcode, op, opErr)
		}
		return first(describe(err), describe(opErr))
	},
}

// headerVerdict returns why the first frame of a stream is refused: first of
// all because of its length.
func headerVerdict(stream []byte) error {
	if len(stream) < 8 {
		return codec.ErrTruncated
	}
	flags, length := binary.BigEndian.Uint32(stream), binary.BigEndian.Uint32(stream[4:])
	switch {
	case uint64(length) > uint64(budgets.Budgets().Body):
		return codec.ErrBodyTooLarge
	case uint64(length) > uint64(len(stream)-8):
		return codec.ErrTruncated
	default:
		return verdicts[reference.CheckFlags(flags)]
	}
}

// Packet reads a stream of packets.
var Packet = Target{
	Name: "Packet", Form: loose.Stream, Folder: "fuzz",
	Doc: "Each frame of a stream whose body is accepted is written again as a frame that reads as the same tree, " +
		"by AppendFrame and Writer alike, and is not longer. Deflated ones are left out. The input is the stream.",
	Run: func(data []byte) error {
		for rest := data; ; {
			frame, size, err := codec.ConsumeFrame(rest, budgets)
			if size == 0 {
				return describe(err)
			}
			rest = rest[size:]
			var p codec.Packet
			if err != nil || frame.Flags&codec.FlagZlib != 0 || p.Decode(frame.Body, frame.Flags, 0, budgets) != nil {
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
			if err := first(sameOrShorter(second.Body, frame.Body, frame.Flags), picksFlags(&p), typedPacket(again)); err != nil {
				return err
			}
		}
	},
}

// picksFlags writes p to peers that read one form or another.
func picksFlags(p *codec.Packet) error {
	const large = 1024 // bytes of tags in the fixed form, beyond which aMule deflates
	nominal := p.SizeBody(codec.FlagBase|codec.FlagLargeTagCount) - 3
	for can := range 16 {
		peer := codec.Peer{UTF8Numbers: can&1 != 0, LargeTagCount: can&2 != 0, Zlib: can&4 != 0, PreferNoZlib: can&8 != 0}
		want := codec.FlagBase
		if peer.LargeTagCount {
			want |= codec.FlagLargeTagCount
		}
		if peer.Zlib && !peer.PreferNoZlib && nominal > large {
			want |= codec.FlagZlib
		} else if peer.UTF8Numbers {
			want |= codec.FlagUTF8Numbers
		}
		if got := peer.Flags(p); got != want {
			return fmt.Errorf("for %+v and %d bytes of tags flags %#x are picked, want %#x", peer, nominal, got, want)
		}
		if want&codec.FlagZlib != 0 {
			continue
		}
		var stream bytes.Buffer
		writer := codec.NewWriter(io.Discard)
		writer.Reset(&stream)
		writer.Peer = peer
		expected, err := codec.AppendFrame(nil, want, p)
		if writeErr := writer.Write(p); err != nil || writeErr != nil || !bytes.Equal(stream.Bytes(), expected) {
			return fmt.Errorf("for %+v %x is written, %v; want %x, %v", peer, stream.Bytes(), writeErr, expected, err)
		}
	}
	return nil
}

// typedPacket reads a frame as a packet with its message, and writes it.
func typedPacket(frame []byte) error {
	for _, from := range []codec.Direction{codec.FromClient, codec.FromDaemon} {
		p := ec.Packet{From: from}
		if err := p.UnmarshalBinary(frame); err != nil {
			if !errors.Is(err, codec.ErrOpcode) {
				return fmt.Errorf("a packet from the %v is refused: %w", from, err)
			}
			continue
		}
		if err := p.UnmarshalBinary(append(frame[:len(frame):len(frame)], 0)); !errors.Is(err, codec.ErrTrailing) {
			return fmt.Errorf("a byte behind a packet from the %v: %w", from, err)
		}
		again, err := p.MarshalBinary()
		if err != nil {
			return err
		}
		q := ec.Packet{From: from}
		if err := q.UnmarshalBinary(again); err != nil {
			return fmt.Errorf("what a packet from the %v is written as is refused: %w", from, err)
		}
		if third, err := q.MarshalBinary(); err != nil || !bytes.Equal(third, again) {
			return fmt.Errorf("a packet from the %v is written as\n%x, and then as\n%x, %v", from, again, third, err)
		}
	}
	return nil
}

// Chunked reads a stream in pieces.
var Chunked = Target{
	Name: "Chunked", Form: loose.Pieces, Folder: "fuzz",
	Doc: "A stream gives the same frames and errors however it arrives, and whatever its reader read before. The first " +
		"byte of the input says how: it and what follows from it are the sizes of the pieces. The rest is the stream, " +
		"which also arrives byte by byte.",
	Run: func(data []byte) error {
		if len(data) == 0 {
			return nil
		}
		seed, stream := data[0], data[1:]
		if err := inPieces(stream, &chunks{stream, seed}); err != nil {
			return err
		}
		return inPieces(stream, byteByByte{bytes.NewReader(stream)})
	},
}

// inPieces compares a stream that is read at once with how it arrives.
func inPieces(stream []byte, arriving io.Reader) error {
	whole := codec.NewReader(bytes.NewReader(stream), budgets)
	pieces := codec.NewReader(bytes.NewReader(stream), codec.LoginLimits())
	pieces.Next()
	pieces.Reset(arriving, codec.LoginLimits())
	pieces.SetLimits(budgets)
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
}

// byteByByte reads one byte at a time.
type byteByByte struct{ stream io.Reader }

func (r byteByByte) Read(b []byte) (int, error) { return r.stream.Read(b[:min(1, len(b))]) }

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
