package dialect

import (
	"bufio"
	"errors"
	"io"

	"github.com/ecgen/ecgen/codec"
)

// Reader reads packets of one dialect from a stream.
//
// Where packets have a length, it is read first, and a packet that is refused
// can be left behind. Where they have none, the packet ends where its tree
// ends, or its zlib stream, and behind one that is refused no other can be
// found.
type Reader struct {
	dialect Dialect
	limits  codec.Limits
	in      source
	anySize bool
	offset  int64
	ended   error
}

// NewReader returns a Reader under these limits. When stream is an
// io.ByteReader, as *bufio.Reader is, nothing behind a packet is read from it.
// Else it is buffered here, and what follows is kept for the next call.
func NewReader(d Dialect, stream io.Reader, limits codec.Limits) *Reader {
	in, ok := stream.(source)
	if !ok {
		in = bufio.NewReader(stream)
	}
	return &Reader{dialect: d, limits: limits, in: in}
}

// SetLimits changes the limits for the packets that follow, as after login.
func (r *Reader) SetLimits(limits codec.Limits) { r.limits = limits }

// TakeAnySize lets go of the size at which programs of 2.1 and 2.2 that are
// driven by events, as their daemons are, refuse a body: their clients that
// wait for an answer, as amulecmd does, take any. The limits still hold.
func (r *Reader) TakeAnySize() { r.anySize = r.dialect == V21 || r.dialect == V22 }

// Offset returns how many bytes the packets so far took, refused ones
// included.
func (r *Reader) Offset() int64 { return r.offset }

// Next reads one packet, which is the caller's. The error is io.EOF at the end
// of the stream between two packets, what the stream returned, or a
// [*codec.Error], whose offset counts from the start of the stream, but within
// a deflated body from the start of the inflated one. With the error comes a
// packet that has the flags and no more, if these were read. After an error
// that leaves no way to find the next packet, it is returned again and again.
func (r *Reader) Next() (*Packet, error) {
	if r.ended != nil {
		return nil, r.ended
	}
	start := int(r.offset)
	h, err := r.dialect.readHead(r.in)
	if err != nil {
		if err == io.EOF && h.size > 0 || errors.Is(err, io.ErrUnexpectedEOF) {
			err = &codec.Error{Err: codec.ErrTruncated, Offset: start + h.size}
		}
		return h.refused(), r.end(err)
	}
	if r.dialect.Framing() == ByLength {
		return r.framed(h, start)
	}
	if err := r.dialect.Check(h.flags); err != nil {
		return h.refused(), r.end(&codec.Error{Err: err, Offset: start})
	}
	in := &counter{in: r.in, most: r.limits.Budgets().Body}
	p, err := r.dialect.readBody(h, in, r.limits)
	if err != nil {
		return h.refused(), r.end(moved(err, start, h))
	}
	r.offset += int64(h.size + in.read)
	return p, nil
}

// framed reads the packet whose head has a length.
func (r *Reader) framed(h head, start int) (*Packet, error) {
	most := r.limits.Budgets().Body
	if own := r.dialect.rules().most; own > 0 && !r.anySize {
		most = min(most, own)
	}
	if uint64(h.length) > uint64(most) {
		return h.refused(), r.end(&codec.Error{Err: codec.ErrBodyTooLarge, Offset: start + h.size - 4})
	}
	body, err := readAll(r.in, int(h.length))
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		err = &codec.Error{Err: codec.ErrTruncated, Offset: start + h.size + len(body)}
	}
	if err != nil {
		return h.refused(), r.end(err)
	}
	r.offset += int64(h.size + len(body))
	if err := r.dialect.Check(h.flags); err != nil {
		return h.refused(), &codec.Error{Err: err, Offset: start}
	}
	p := &Packet{Flags: h.flags, Accepts: h.accepts}
	if r.dialect.rules().current {
		err = p.Decode(body, r.dialect.obeyed(h.flags), 0, r.limits)
	} else {
		err = r.dialect.readTree(p, newBytes(body), r.limits, nil)
	}
	if err != nil {
		return h.refused(), moved(err, start, h)
	}
	return p, nil
}

// end keeps an error behind which there is no other packet.
func (r *Reader) end(err error) error {
	r.ended = err
	return err
}

// moved lets the offset of an error within a body count from the start of the
// stream, unless the body is under zlib.
func moved(err error, start int, h head) error {
	e, ok := errors.AsType[*codec.Error](err)
	if ok && h.flags&codec.FlagZlib == 0 {
		e.Offset += start + h.size
	}
	return err
}

// readAll reads size bytes. Memory grows with what arrives.
func readAll(in io.Reader, size int) (b []byte, err error) {
	for len(b) < size && err == nil {
		bigger := make([]byte, min(size, max(firstRead, 2*len(b))))
		n := 0
		n, err = io.ReadFull(in, bigger[copy(bigger, b):])
		b = bigger[:len(b)+n]
	}
	return b, err
}
