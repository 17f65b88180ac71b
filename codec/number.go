package codec

import "math/bits"

// Under FlagUTF8Numbers each number of the protocol (opcode, count, tag name,
// type, length) is coded by the original UTF-8 scheme of up to six bytes and
// 31 bits (reference section 1.4). Unlike today's UTF-8 it has surrogates as
// ordinary numbers, so package unicode/utf8 is of no use here. Forms longer
// than needed are refused.

// maxNumber is the largest number that the scheme can carry.
const maxNumber = 1<<31 - 1

// maxNumberSize is the length of its coded form.
const maxNumberSize = 6

// What readNumber returns in place of the next offset.
const (
	numberTruncated = -1
	numberInvalid   = -2
)

// numberSize returns the length of v's coded form, 1 to 6 bytes.
func numberSize(v uint32) int {
	if v < 0x80 {
		return 1
	}
	return (bits.Len32(v) + 3) / 5 // two bytes up to 11 bits, then one more for each five bits
}

// appendNumber appends v, which is at most maxNumber, in coded form.
func appendNumber(dst []byte, v uint32) []byte {
	switch {
	case v < 0x80:
		return append(dst, byte(v))
	case v < 0x800:
		return append(dst, 0xc0|byte(v>>6), 0x80|byte(v)&0x3f)
	case v < 0x10000:
		return append(dst, 0xe0|byte(v>>12), 0x80|byte(v>>6)&0x3f, 0x80|byte(v)&0x3f)
	}
	size := numberSize(v)
	lead := byte(0xff) << (8 - size)
	dst = append(dst, lead|byte(v>>(6*(size-1))))
	for shift := 6 * (size - 2); shift >= 0; shift -= 6 {
		dst = append(dst, 0x80|byte(v>>shift)&0x3f)
	}
	return dst
}

// readNumber reads the coded number at b[at:] and returns it with the offset
// behind it, or with numberTruncated or numberInvalid.
func readNumber(b []byte, at int) (v uint32, next int) {
	if at >= len(b) {
		return 0, numberTruncated
	}
	lead := b[at]
	if lead < 0x80 {
		return uint32(lead), at + 1
	}
	size := bits.LeadingZeros8(^lead)
	if size < 2 || size > 6 {
		return 0, numberInvalid
	}
	if len(b)-at < size {
		return 0, numberTruncated
	}
	v = uint32(lead) & (0x7f >> size)
	for _, c := range b[at+1 : at+size] {
		if c&0xc0 != 0x80 {
			return 0, numberInvalid
		}
		v = v<<6 | uint32(c&0x3f)
	}
	if numberSize(v) != size {
		return 0, numberInvalid
	}
	return v, at + size
}
