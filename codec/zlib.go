package codec

import (
	"bytes"
	stdflate "compress/flate"
	stdzlib "compress/zlib"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"sync"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zlib"
)

// zlibHeadSize is the size of what a zlib stream begins with (RFC 1950, section
// 2.2).
const zlibHeadSize = 2

// ratioStart is the inflated size from which the ratio is looked at.
const ratioStart = 8 << 20

// inflater is a reader of zlib streams with the memory it inflates into, used
// again and again.
type inflater struct {
	source bytes.Reader
	stream io.ReadCloser // what is deflated: all but the head and the checksum
	out    []byte
	sum    checksum // of out
	few    [4]byte  // for the checksum, and to find the end of scrub
}

var inflaters = sync.Pool{New: func() any { return new(inflater) }}

// scrub is deflated data without any bytes that defines all distance codes. The
// library reads a distance code that a block does not define with the tables of an
// earlier block, and keeps them over a Reset. Inflated before each body, scrub
// makes sure that these are never of another body.
var scrub = []byte("\x05\xdd\x81\x00\x00\x00\x00\x00\x10\xff\xd5\x46\x08")

// inflate inflates body into z.out. On error z.out has what came before. What is
// wrong with a head, a stream or a checksum, and how far it can be read, is the
// standard library's to say, which is slower but has no such tables.
func (z *inflater) inflate(body []byte, limits Limits) error {
	z.out = z.out[:0]
	err := z.open(body)
	if err == nil {
		err = z.readAll(z.stream, len(body), limits.Budgets())
	}
	if err == nil {
		err = z.compareChecksum()
	}
	if zlibError(err) != ErrZlib {
		return zlibError(err)
	}
	z.out = z.out[:0]
	z.source.Reset(body)
	strict, err := stdzlib.NewReader(&z.source)
	if err == nil {
		err = z.readAll(strict, len(body), limits.Budgets())
	}
	return zlibError(err)
}

// readAll reads a stream, whose source is z.source with size bytes, into
// z.out.
func (z *inflater) readAll(stream io.Reader, size int, budgets Budgets) error {
	z.out, z.sum = z.out[:0], newChecksum()
	for {
		if len(z.out) == cap(z.out) {
			z.out = slices.Grow(z.out, max(512, 3*size, len(z.out)))
		}
		n, err := stream.Read(z.out[len(z.out):cap(z.out)])
		z.out = z.out[:len(z.out)+n]
		z.sum.add(z.out[len(z.out)-n:])
		consumed := size - z.source.Len()
		switch {
		case len(z.out) > budgets.Inflated,
			len(z.out) > ratioStart && len(z.out)/budgets.Ratio > consumed:
			return ErrInflatedTooBig
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
	}
}

// compareChecksum reads the checksum, which follows what is deflated.
func (z *inflater) compareChecksum() error {
	if _, err := io.ReadFull(&z.source, z.few[:]); err != nil {
		return err
	}
	if binary.BigEndian.Uint32(z.few[:]) != z.sum.sum() {
		return stdzlib.ErrChecksum
	}
	return nil
}

// peek inflates the first bytes of body into start and returns their number.
func (z *inflater) peek(body, start []byte) (int, error) {
	if err := z.open(body); err != nil {
		return 0, zlibError(err)
	}
	n, err := io.ReadFull(z.stream, start)
	if n > 0 || err == nil {
		return n, nil
	}
	return 0, zlibError(err)
}

// open begins to read what is deflated in body.
func (z *inflater) open(body []byte) error {
	if len(body) < zlibHeadSize {
		return io.ErrUnexpectedEOF
	}
	// The method must be deflate, with a window of at most 32 KiB, the whole a
	// multiple of 31, and no dictionary wanted.
	head := binary.BigEndian.Uint16(body)
	if head>>8&0x0F != 8 || head>>12 > 7 || head%31 != 0 || head&0x20 != 0 {
		return stdzlib.ErrHeader
	}
	z.source.Reset(scrub)
	if z.stream == nil {
		z.stream = flate.NewReader(&z.source)
	} else if err := z.reset(); err != nil {
		return err
	}
	if _, err := z.stream.Read(z.few[:]); err != io.EOF {
		return err
	}
	z.source.Reset(body[zlibHeadSize:])
	return z.reset()
}

func (z *inflater) reset() error { return z.stream.(flate.Resetter).Reset(&z.source, nil) }

// copiesTooFar reports whether what is wrong with a stream behind the size
// bytes that it inflates to is a copy of bytes from before its beginning. That
// is the one fault of codes which zlib finds only once it has room for a byte.
// With bytes before the beginning such a copy is none.
func copiesTooFar(deflated []byte, size int) bool {
	const window = 32 << 10
	stream := stdflate.NewReaderDict(bytes.NewReader(deflated[zlibHeadSize:]), make([]byte, window))
	n, _ := io.CopyN(io.Discard, stream, int64(size)+1)
	return n > int64(size)
}

// zlibError returns the sentinel for what a zlib reader returned.
func zlibError(err error) error {
	switch {
	case err == nil || err == ErrInflatedTooBig:
		return err
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		return ErrTruncated
	default:
		return ErrZlib
	}
}

// deflater is a zlib writer with the plain bytes that go into it, used again
// and again.
type deflater struct {
	plain  []byte
	out    []byte
	stream *zlib.Writer
}

var deflaters = sync.Pool{New: func() any {
	z := new(deflater)
	z.stream = zlib.NewWriter(z)
	return z
}}

// Write appends to z.out.
func (z *deflater) Write(b []byte) (int, error) {
	z.out = append(z.out, b...)
	return len(b), nil
}

// appendDeflated appends z.plain to dst as one zlib stream.
func (z *deflater) appendDeflated(dst []byte) ([]byte, error) {
	z.out = dst
	z.stream.Reset(z)
	_, err := z.stream.Write(z.plain)
	if err == nil {
		err = z.stream.Close()
	}
	dst, z.out = z.out, nil
	return dst, err
}
