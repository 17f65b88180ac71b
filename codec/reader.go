package codec

import (
	"errors"
	"io"
)

// Reader reads frames from a stream. It reads no further than the frame that
// it is asked for, so the stream should be buffered when frames are small.
type Reader struct {
	stream io.Reader
	limits Limits
	offset int64
	header [HeaderSize]byte
	body   []byte
}

// NewReader returns a Reader under these limits.
func NewReader(stream io.Reader, limits Limits) *Reader {
	return &Reader{stream: stream, limits: limits}
}

// Reset makes r read from another stream under other limits. The memory that
// the last frame's body stands in is used again.
func (r *Reader) Reset(stream io.Reader, limits Limits) {
	*r = Reader{stream: stream, limits: limits, body: r.body}
}

// SetLimits changes the limits for the frames that follow, as after login.
func (r *Reader) SetLimits(limits Limits) { r.limits = limits }

// Offset returns how many bytes of the stream were read.
func (r *Reader) Offset() int64 { return r.offset }

// Next reads one frame. Its body is valid until the next call. The error is
// io.EOF at the end of the stream between two frames, what the stream
// returned, or an [*Error] whose offset counts from the start of the stream:
// ErrTruncated within a frame, ErrBodyTooLarge (then nothing more can be
// read), or ErrFlags or ErrEncrypted (then the frame is returned too, and
// reading may go on).
func (r *Reader) Next() (Frame, error) {
	start := int(r.offset)
	n, err := io.ReadFull(r.stream, r.header[:])
	r.offset += int64(n)
	if err != nil {
		return Frame{}, r.endOfStream(err, n > 0)
	}
	h := parseHeader(r.header[:])
	if err := h.check(r.limits); err != nil {
		return Frame{}, &Error{Err: err, Offset: start + 4}
	}
	if err := r.readBody(int(h.Length)); err != nil {
		return Frame{}, r.endOfStream(err, true)
	}
	f, _, err := finishFrame(Frame{Flags: h.Flags, Body: r.body}, 0, start)
	return f, err
}

func (r *Reader) endOfStream(err error, inside bool) error {
	if inside && (err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF)) {
		return &Error{Err: ErrTruncated, Offset: int(r.offset)}
	}
	return err
}

// firstRead is how much memory a header alone can make Reader allocate.
const firstRead = 64 << 10

// readBody reads length bytes into r.body. Memory grows with what arrives,
// not with what the header promises.
func (r *Reader) readBody(length int) error {
	r.body = r.body[:0]
	for len(r.body) < length {
		if len(r.body) == cap(r.body) {
			bigger := make([]byte, len(r.body), min(length, max(firstRead, 2*cap(r.body))))
			copy(bigger, r.body)
			r.body = bigger
		}
		part := r.body[len(r.body):min(cap(r.body), length)]
		n, err := io.ReadFull(r.stream, part)
		r.body = r.body[:len(r.body)+n]
		r.offset += int64(n)
		if err != nil {
			return err
		}
	}
	return nil
}
