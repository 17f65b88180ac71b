package dialect

import (
	"bufio"
	"compress/zlib"
	"errors"
	"io"

	"github.com/ecgen/ecgen/codec"
)

// ratioStart is the inflated size from which the ratio is looked at, as in
// package codec.
const ratioStart = 8 << 20

// inflater inflates one zlib stream, and reads no byte behind it. The standard
// library promises that for sources that give single bytes.
type inflater struct {
	*bufio.Reader
	stream  io.Reader
	in      *counter // whose count began before the stream
	before  int      // that count
	out     int      // bytes inflated so far
	budgets codec.Budgets
}

// newInflater opens a stream. The error is a sentinel, or the source's.
func newInflater(in *counter, budgets codec.Budgets) (*inflater, error) {
	z := &inflater{in: in, before: in.read, budgets: budgets}
	stream, err := zlib.NewReader(in)
	if err != nil {
		return nil, z.sentinel(err)
	}
	z.stream = stream
	z.Reader = bufio.NewReader(bounded{z})
	return z, nil
}

// bounded reads the stream of an inflater within its budgets.
type bounded struct{ z *inflater }

func (b bounded) Read(p []byte) (int, error) {
	z := b.z
	n, err := z.stream.Read(p)
	z.out += n
	if z.out > z.budgets.Inflated || z.out > ratioStart && z.out/z.budgets.Ratio > z.in.read-z.before {
		return 0, codec.ErrInflatedTooBig
	}
	if err != nil && err != io.EOF {
		err = z.sentinel(err)
	}
	return n, err
}

// sentinel returns the sentinel for an error of the stream, or what the
// source behind it returned.
func (z *inflater) sentinel(err error) error {
	switch {
	case z.in.err != nil && z.in.err != io.EOF:
		return z.in.err
	case err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF):
		return codec.ErrTruncated
	default:
		return codec.ErrZlib
	}
}

// drain reads the rest of the stream, so that its end and checksum are seen.
func (z *inflater) drain() error {
	_, err := io.Copy(io.Discard, z.Reader)
	return err
}
