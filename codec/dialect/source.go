package dialect

import (
	"bytes"
	"io"

	"github.com/ecgen/ecgen/codec"
)

const maxInt = int(^uint(0) >> 1)

// source gives bytes one by one or many at a time, none ahead of what is
// asked for.
type source interface {
	io.Reader
	io.ByteReader
}

func newBytes(b []byte) *bytes.Reader { return bytes.NewReader(b) }

// counter counts what is read, and ends with ErrBodyTooLarge behind most
// bytes. It remembers a failure of the stream, which readers on top of it may
// give another name.
type counter struct {
	in   source
	read int
	most int
	err  error
}

func (c *counter) ReadByte() (byte, error) {
	if c.read >= c.most {
		c.err = codec.ErrBodyTooLarge
		return 0, c.err
	}
	b, err := c.in.ReadByte()
	if err != nil {
		c.err = err
		return 0, err
	}
	c.read++
	return b, nil
}

func (c *counter) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	if c.read >= c.most {
		c.err = codec.ErrBodyTooLarge
		return 0, c.err
	}
	n, err := c.in.Read(b[:min(len(b), c.most-c.read)])
	c.read += n
	if err != nil {
		c.err = err
	}
	return n, err
}
