package codec

import (
	"bytes"
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
}

var inflaters = sync.Pool{New: func() any { return new(inflater) }}

// inflate inflates body into z.out. On error z.out has what came before.
func (z *inflater) inflate(body []byte, limits Limits) error {
	budgets := limits.Budgets()
	z.out = z.out[:0]
	z.source.Reset(body)
	if err := z.open(); err != nil {
		return zlibError(err)
	}
	for {
		if len(z.out) == cap(z.out) {
			z.out = slices.Grow(z.out, max(512, 3*len(body), len(z.out)))
		}
		n, err := z.stream.Read(z.out[len(z.out):cap(z.out)])
		z.out = z.out[:len(z.out)+n]
		consumed := len(body) - z.source.Len()
		switch {
		case len(z.out) > budgets.Inflated,
			len(z.out) > ratioStart && len(z.out)/budgets.Ratio > consumed:
			return ErrInflatedTooBig
		case err == io.EOF:
			return nil
		case err != nil:
			return zlibError(err)
		}
	}
}

// peek inflates the first bytes of body into start and returns their number.
func (z *inflater) peek(body, start []byte) (int, error) {
	z.source.Reset(body)
	if err := z.open(); err != nil {
		return 0, zlibError(err)
	}
	n, err := io.ReadFull(z.stream, start)
	if n > 0 || err == nil {
		return n, nil
	}
	return 0, zlibError(err)
}

func (z *inflater) open() (err error) {
	if z.stream == nil {
		z.stream, err = zlib.NewReader(&z.source)
		return err
	}
	return z.stream.(zlib.Resetter).Reset(&z.source, nil)
}

func zlibError(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return ErrTruncated
	}
	return ErrZlib
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
