package codec

import (
	"encoding/binary"
	"unsafe"
)

// Payload is the own data of a tag on its way into a body: either a number,
// whose lowest bytes are written big-endian, or bytes and perhaps a NUL. It
// aliases the bytes that it was made from.
type Payload struct {
	Type   Type
	width  uint8  // of number
	nul    bool   // after bytes
	number uint64 // written first
	bytes  string
}

// UintPayload is v in the narrowest of the types UINT8 to UINT64.
func UintPayload(v uint64) Payload {
	class := integerClass(v)
	return Payload{Type: TypeUint8 + Type(class), width: 1 << class, number: v}
}

// StringPayload is a STRING: text and its NUL.
func StringPayload(text string) Payload { return textPayload(TypeString, text) }

// DoublePayload is a DOUBLE: decimal text and its NUL.
func DoublePayload(value Double) Payload { return textPayload(TypeDouble, string(value)) }

func textPayload(t Type, text string) Payload { return Payload{Type: t, bytes: text, nul: true} }

// IPv4Payload is an IPV4: address and port.
func IPv4Payload(value IPv4) Payload {
	address := binary.BigEndian.Uint32(value.Address[:])
	return Payload{Type: TypeIPv4, width: 6, number: uint64(address)<<16 | uint64(value.Port)}
}

// BytesPayload is data, of any type.
func BytesPayload(t Type, data []byte) Payload {
	return Payload{Type: t, bytes: unsafe.String(unsafe.SliceData(data), len(data))}
}

// SwitchPayload is an empty CUSTOM for SwitchEmpty, else an integer: 1 for
// SwitchOn and 0 for the others.
func SwitchPayload(s Switch) Payload {
	switch s {
	case SwitchEmpty:
		return Payload{Type: TypeCustom}
	case SwitchOn:
		return UintPayload(1)
	default:
		return UintPayload(0)
	}
}

// NoPayload is a CUSTOM without data, as containers and flags have it.
func NoPayload() Payload { return Payload{Type: TypeCustom} }

func (p Payload) size() int {
	size := int(p.width) + len(p.bytes)
	if p.nul {
		size++
	}
	return size
}

func (p Payload) append(dst []byte) []byte {
	for shift := 8*int(p.width) - 8; shift >= 0; shift -= 8 {
		dst = append(dst, byte(p.number>>shift))
	}
	dst = append(dst, p.bytes...)
	if p.nul {
		dst = append(dst, 0)
	}
	return dst
}
