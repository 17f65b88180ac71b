package codec

import "encoding/binary"

// HeaderSize is the size of a packet's header in bytes.
const HeaderSize = 8

// Header stands before each body. Its numbers are big-endian and never UTF-8
// coded.
type Header struct {
	Flags  Flags
	Length uint32 // of the body as transmitted, without the header
}

// AppendHeader appends the eight bytes of h to dst.
func AppendHeader(dst []byte, h Header) []byte {
	dst = binary.BigEndian.AppendUint32(dst, uint32(h.Flags))
	return binary.BigEndian.AppendUint32(dst, h.Length)
}

// parseHeader reads the header from the first HeaderSize bytes of b.
func parseHeader(b []byte) Header {
	return Header{
		Flags:  Flags(binary.BigEndian.Uint32(b)),
		Length: binary.BigEndian.Uint32(b[4:]),
	}
}

// check gives aMule's verdict on a header, in aMule's order: a body over the
// limit closes the connection before the flags are looked at.
func (h Header) check(limits Limits) error {
	if uint64(h.Length) > uint64(limits.Budgets().Body) {
		return ErrBodyTooLarge
	}
	return nil
}
