package codec

import (
	"bytes"
	"compress/flate"
	stdzlib "compress/zlib"
	"errors"
	"io"
	"slices"
	"sync"

	"github.com/klauspost/compress/zlib"
)

// ratioStart is the inflated size from which the ratio is looked at.
const ratioStart = 8 << 20

// inflater is a zlib reader with the memory it inflates into, used again and
// again.
type inflater struct {
	source bytes.Reader
	stream io.ReadCloser
	out    []byte
	none   [1]byte // for a read that must find the end
}

var inflaters = sync.Pool{New: func() any { return new(inflater) }}

// scrub is an empty stream that defines all distance codes. The library reads
// a distance code that a block does not define with the tables of an earlier
// block, and keeps them over a Reset. Inflated before each body, scrub makes
// sure that these are never of another body.
var scrub = []byte("\x78\x9c\x05\xdd\x81\x00\x00\x00\x00\x00\x10\xff\xd5\x46\x08\x00\x00\x00\x01")

// inflate inflates body into z.out. On error z.out has what came before. How
// far a corrupt stream can be read is the standard library's to say, which is
// slower but has no such tables.
func (z *inflater) inflate(body []byte, limits Limits) error {
	err := z.open(body)
	if err == nil {
		err = z.readAll(z.stream, len(body), limits.Budgets())
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
	z.out = z.out[:0]
	for {
		if len(z.out) == cap(z.out) {
			z.out = slices.Grow(z.out, max(512, 3*size, len(z.out)))
		}
		n, err := stream.Read(z.out[len(z.out):cap(z.out)])
		z.out = z.out[:len(z.out)+n]
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

// open begins to read body.
func (z *inflater) open(body []byte) (err error) {
	z.source.Reset(scrub)
	if z.stream == nil {
		z.stream, err = zlib.NewReader(&z.source)
	} else {
		err = z.stream.(zlib.Resetter).Reset(&z.source, nil)
	}
	if err != nil {
		return err
	}
	if _, err := z.stream.Read(z.none[:]); err != io.EOF {
		return err
	}
	z.source.Reset(body)
	return z.stream.(zlib.Resetter).Reset(&z.source, nil)
}

// copiesTooFar reports whether what is wrong with a stream behind the size
// bytes that it inflates to is a copy of bytes from before its beginning. That
// is the one fault of codes which zlib finds only once it has room for a byte.
// With bytes before the beginning such a copy is none.
func copiesTooFar(deflated []byte, size int) bool {
	const header, window = 2, 32 << 10
	stream := flate.NewReaderDict(bytes.NewReader(deflated[header:]), make([]byte, window))
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
