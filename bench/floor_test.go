package bench

import (
	"bytes"
	stdzlib "compress/zlib"
	"crypto/sha256"
	"errors"
	"io"
	"testing"

	"github.com/klauspost/compress/zlib"
)

// BenchmarkYardstick is work that no change of this project makes faster or
// slower. Times are compared as multiples of it.
func BenchmarkYardstick(b *testing.B) {
	b.Run("impl=sha256", func(b *testing.B) {
		data := make([]byte, 1<<10)
		want := sha256.Sum256(data)
		Measure(b, Work{Bytes: len(data)}, func() error {
			if sha256.Sum256(data) != want {
				return errResult
			}
			return nil
		})
	})
}

var errResult = errors.New("the result is wrong")

// BenchmarkFloor is what reading and writing cannot do without: the body has
// to be copied once, or inflated, or deflated.
func BenchmarkFloor(b *testing.B) {
	run(b, "copy", func(b *testing.B, s *sample) {
		if s.form.Zlib() {
			b.Skip("inflate and deflate are the floors of this form")
		}
		target := make([]byte, len(s.body))
		Measure(b, s.work, func() error {
			if copy(target, s.body) != len(s.body) {
				return errResult
			}
			return nil
		})
	})
	run(b, "inflate", func(b *testing.B, s *sample) { inflate(b, s, zlib.NewReader) })
	run(b, "inflate-std", func(b *testing.B, s *sample) { inflate(b, s, stdzlib.NewReader) })
	run(b, "deflate", func(b *testing.B, s *sample) {
		deflate(b, s, func(w io.Writer) deflater { return zlib.NewWriter(w) })
	})
	run(b, "deflate-std", func(b *testing.B, s *sample) {
		deflate(b, s, func(w io.Writer) deflater { return stdzlib.NewWriter(w) })
	})
}

// resetter is what the readers of both zlib packages are.
type resetter interface {
	Reset(r io.Reader, dict []byte) error
}

func inflate(b *testing.B, s *sample, newReader func(io.Reader) (io.ReadCloser, error)) {
	if !s.form.Zlib() {
		b.Skip("the body is not deflated")
	}
	plain := appendBody(b, s.message, s.inflatedFlags())
	source := bytes.NewReader(s.body)
	stream, err := newReader(source)
	if err != nil {
		b.Fatal(err)
	}
	target := make([]byte, len(plain)+1)
	inflate := func() error {
		source.Reset(s.body)
		if err := stream.(resetter).Reset(source, nil); err != nil {
			return err
		}
		if n, err := io.ReadFull(stream, target); n != len(plain) || err != io.ErrUnexpectedEOF {
			return errResult
		}
		return nil
	}
	if err := inflate(); err != nil || !bytes.Equal(target[:len(plain)], plain) {
		b.Fatal(err, "inflated differently")
	}
	Measure(b, s.work, inflate)
}

// deflater is what the writers of both zlib packages are.
type deflater interface {
	io.WriteCloser
	Reset(w io.Writer)
}

func deflate(b *testing.B, s *sample, newWriter func(io.Writer) deflater) {
	if !s.form.Zlib() {
		b.Skip("the body is not deflated")
	}
	plain := appendBody(b, s.message, s.inflatedFlags())
	var target bytes.Buffer
	target.Grow(2*len(plain) + 100)
	stream := newWriter(&target)
	Measure(b, s.work, func() error {
		target.Reset()
		stream.Reset(&target)
		if _, err := stream.Write(plain); err != nil {
			return err
		}
		return stream.Close()
	})
}
