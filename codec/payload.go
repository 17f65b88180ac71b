package codec

import (
	"encoding/binary"
	"unsafe"
)

// Payload is the own data of a tag on its way into a body: either a number,
// whose lowest bytes are written big-endian, or bytes and perhaps a NUL. It
// aliases the bytes that it was made from. It has no more fields than the
// compiler keeps in registers.
type Payload struct {
	form   uint32 // type, nulBit, and the width of number from widthShift on
	number uint64 // written first
	bytes  string
}

const (
	nulBit     = 1 << 8 // a NUL stands behind bytes
	widthShift = 16
)

// Type returns the type that goes with the data.
func (p Payload) Type() Type { return Type(p.form) }

func (p Payload) width() int { return int(p.form >> widthShift) }

// UintPayload is v in the narrowest of the types UINT8 to UINT64.
func UintPayload(v uint64) Payload {
	class := integerClass(v)
	return Payload{form: uint32(TypeUint8) + uint32(class) | 1<<class<<widthShift, number: v}
}

// BoolPayload is an integer 0 or 1.
func BoolPayload(v bool) Payload {
	if v {
		return UintPayload(1)
	}
	return UintPayload(0)
}

// StringPayload is a STRING: text and its NUL.
func StringPayload(text string) Payload { return textPayload(TypeString, text) }

// DoublePayload is a DOUBLE: decimal text and its NUL.
func DoublePayload(value Double) Payload { return textPayload(TypeDouble, string(value)) }

func textPayload(t Type, text string) Payload { return Payload{form: uint32(t) | nulBit, bytes: text} }

// IPv4Payload is an IPV4: address and port.
func IPv4Payload(value IPv4) Payload {
	address := binary.BigEndian.Uint32(value.Address[:])
	return Payload{form: uint32(TypeIPv4) | 6<<widthShift, number: uint64(address)<<16 | uint64(value.Port)}
}

// BytesPayload is data, of any type.
func BytesPayload(t Type, data []byte) Payload {
	return Payload{form: uint32(t), bytes: unsafe.String(unsafe.SliceData(data), len(data))}
}

// SwitchPayload is an empty CUSTOM for SwitchEmpty, else an integer: 1 for
// SwitchOn and 0 for the others.
func SwitchPayload(s Switch) Payload {
	switch s {
	case SwitchEmpty:
		return NoPayload()
	case SwitchOn:
		return UintPayload(1)
	default:
		return UintPayload(0)
	}
}

// NoPayload is a CUSTOM without data, as containers and flags have it.
func NoPayload() Payload { return Payload{form: uint32(TypeCustom)} }

// IsUint reports whether the payload is an integer.
func (p Payload) IsUint() bool { return p.Type() >= TypeUint8 && p.Type() <= TypeUint64 }

func (p Payload) size() int {
	size := p.width() + len(p.bytes)
	if p.form&nulBit != 0 {
		size++
	}
	return size
}

func (p Payload) append(dst []byte) []byte {
	width, n := p.width(), len(dst)
	if cap(dst)-n < 8 {
		return p.appendSlowly(dst)
	}
	binary.BigEndian.PutUint64(dst[n:n+8], p.number<<(64-8*width))
	dst = dst[:n+width]
	if len(p.bytes) == 0 && p.form&nulBit == 0 {
		return dst
	}
	return p.appendBytes(dst)
}

// appendSlowly is append where there may be no room for a number of 8 bytes.
func (p Payload) appendSlowly(dst []byte) []byte {
	for shift := 8*p.width() - 8; shift >= 0; shift -= 8 {
		dst = append(dst, byte(p.number>>shift))
	}
	return p.appendBytes(dst)
}

func (p Payload) appendBytes(dst []byte) []byte {
	dst = append(dst, p.bytes...)
	if p.form&nulBit != 0 {
		dst = append(dst, 0)
	}
	return dst
}
