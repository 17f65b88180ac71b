package codec

// Frame is one packet as it is transmitted.
type Frame struct {
	Flags Flags
	Body  []byte // deflated when Flags has FlagZlib
}

// ConsumeFrame takes one frame from the front of b and returns it with the
// number of bytes that it takes. The body aliases b. When the flags are
// refused the frame is returned with the error, so that a caller who wants to
// may go on behind it; with any other error size is 0.
func ConsumeFrame(b []byte, limits Limits) (f Frame, size int, err error) {
	if len(b) < HeaderSize {
		return Frame{}, 0, &Error{Err: ErrTruncated, Offset: len(b)}
	}
	h := parseHeader(b)
	if err := h.check(limits); err != nil {
		return Frame{}, 0, &Error{Err: err, Offset: 4}
	}
	if uint64(len(b)-HeaderSize) < uint64(h.Length) {
		return Frame{}, 0, &Error{Err: ErrTruncated, Offset: len(b)}
	}
	size = HeaderSize + int(h.Length)
	return finishFrame(Frame{Flags: h.Flags, Body: b[HeaderSize:size:size]}, size, 0)
}

// finishFrame looks at the flags of a frame that began at offset.
func finishFrame(f Frame, size, offset int) (Frame, int, error) {
	if err := f.Flags.Check(); err != nil {
		return f, size, &Error{Err: err, Offset: offset}
	}
	return f, size, nil
}

// AppendFrame appends a whole packet, header and body, to dst.
func AppendFrame(dst []byte, flags Flags, m Appender) ([]byte, error) {
	begin := len(dst)
	out, err := m.AppendBody(AppendHeader(dst, Header{Flags: flags}), flags)
	if err != nil {
		return dst, err
	}
	length := len(out) - begin - HeaderSize
	if uint64(length) > 1<<32-1 {
		return dst, ErrNotEncodable
	}
	AppendHeader(out[:begin], Header{Flags: flags, Length: uint32(length)})
	return out, nil
}

// Appender is what can be written as a packet: a [*Packet] or a generated
// message.
type Appender interface {
	// AppendBody appends the body under these flags to dst, deflated when
	// they have FlagZlib. On error it returns dst as it was.
	AppendBody(dst []byte, flags Flags) ([]byte, error)

	// SizeBody returns the size of the body before deflating.
	SizeBody(flags Flags) int
}

// Opcode returns the opcode with which the frame's body begins, without
// reading any more of it.
func (f Frame) Opcode() (Opcode, error) {
	start := f.Body
	if f.Flags&FlagZlib != 0 && f.Flags.Check() == nil {
		z := inflaters.Get().(*inflater)
		defer inflaters.Put(z)
		var first [maxNumberSize]byte
		n, err := z.peek(f.Body, first[:])
		if n == 0 && err != nil {
			return 0, &Error{Err: err, Offset: 0}
		}
		start = first[:n]
	}
	d := Decoder{body: start, flags: f.Flags}
	if err := f.Flags.Check(); err != nil {
		d.fail(err, 0)
	} else if value, next := d.number(0, 1); next >= 0 {
		return Opcode(value), nil
	}
	return 0, d.err
}
