package codec

import (
	"encoding/binary"
	"math"
)

// headSize is what a tag's head counts in its parent's TAGLEN: name, type and
// length in the fixed form, also when they are UTF-8 coded (reference section
// 1.5).
const headSize = 7

// Head is what stands before a tag's children and its own data. It has no
// more fields than the compiler keeps in registers.
type Head struct {
	code  uint64 // name, type and the bits below, and TAGLEN in the upper half
	value uint64 // of an integer; the number of children of a parent
	At    int    // offset of the own data, or of the first child
	End   int    // offset behind the own data; At when there are children; negative when reading failed
}

const (
	typeShift          = 16
	parentBit   uint64 = 1 << 24 // there are children
	integerBit  uint64 = 1 << 25 // value is the tag's value
	emptyBit    uint64 = 1 << 26 // it is that of a tag without data
	namedBit    uint64 = 1 << 27 // the head could not be read, but its name could
	lengthShift        = 32
)

// Name returns the tag's name.
func (h Head) Name() TagName { return TagName(h.code) }

// Type returns the type of the tag's own data.
func (h Head) Type() Type { return Type(h.code >> typeShift) }

// HasChildren reports whether children come before the own data.
func (h Head) HasChildren() bool { return h.code&parentBit != 0 }

// Length returns TAGLEN: the length of the own data and, by their logical
// sizes, of the children.
func (h Head) Length() uint32 { return uint32(h.code >> lengthShift) }

// Size returns what the tag counts in its parent's TAGLEN, without the count
// field of its own children.
func (h Head) Size() int64 { return headSize + int64(h.code>>lengthShift) }

// Value returns the tag's number, given that Fits returned true.
func (h Head) Value() uint64 { return h.value }

// Fits reports whether the tag has no children and is an integer of at most
// most: own data of type UINT8 to UINT64 of exactly that length, or no data
// of type CUSTOM, which is 0.
func (h Head) Fits(most uint64) bool { return h.code&integerBit != 0 && h.value <= most }

// Empty returns a mask of all bits when the tag has no data, given that Fits
// returned true; else zero.
func (h Head) Empty() uint64 {
	return -(h.code / emptyBit & 1)
}

// IsUint is Fits for a tag that has data.
func (h Head) IsUint(most uint64) bool { return h.Fits(most) && h.Type() != TypeCustom }

// Is reports whether the tag has this type and no children.
func (h Head) Is(t Type) bool { return h.Type() == t && !h.HasChildren() }

// IsSized reports whether the tag has this type, own data of this length, and
// no children.
func (h Head) IsSized(t Type, length uint32) bool { return h.Is(t) && h.Length() == length }

// Switch returns the state of a switch, given that Fits(1) is true.
func (h Head) Switch() Switch {
	if h.Type() == TypeCustom {
		return SwitchEmpty
	}
	return SwitchOf(h.value != 0)
}

// MayBe reports whether own data of this type and length may stand in the
// tag. Behind children their length is not known yet.
func (h Head) MayBe(t Type, length uint32) bool {
	return h.Type() == t && (h.HasChildren() || h.Length() == length)
}

// MayBeUint reports whether an integer of at most most may stand in the tag.
func (h Head) MayBeUint(most uint64) bool {
	if h.HasChildren() {
		return h.Type() >= TypeUint8 && h.Type() <= TypeUint64
	}
	return h.IsUint(most)
}

// Head reads the head of the tag at offset at. Of a tag without children it
// makes sure that the own data is there. On failure End is negative and the
// error is kept until Finish.
//
// Nearly all heads are of seven bytes or fewer and have 16 bytes of the body
// from their beginning on, which two loads take: the head, and behind it an
// integer. All others are left to headByNumber.
func (d *Decoder) Head(at int) Head {
	if at > len(d.body)-16 {
		return d.headByNumber(at)
	}
	word := binary.BigEndian.Uint64(d.body[at:])
	var name, length uint64 // name with the bit for children
	tagType := word >> 40 & 0xff
	next := at + headSize
	if d.flags&FlagUTF8Numbers == 0 {
		name = word >> 48
		length = word >> 8 & math.MaxUint32
	} else {
		size := 0
		switch {
		case word>>60 == 0b1110 && word&(0x00c0c0<<40) == 0x008080<<40: // 1110xxxx 10xxxxxx 10xxxxxx
			name = word>>56&0x0f<<12 | word>>48&0x3f<<6 | word>>40&0x3f
			if name >= 0x800 {
				size = 3
			}
		case word>>61 == 0b110 && word>>54&3 == 0b10: // 110xxxxx 10xxxxxx
			name = word>>56&0x1f<<6 | word>>48&0x3f
			if name >= 0x80 {
				size = 2
			}
		case word>>63 == 0:
			name = word >> 56
			size = 1
		}
		word <<= 8 * size
		tagType = word >> 56
		length = word >> 48 & 0x7f
		next = at + size + 2
		if word>>55&1 != 0 { // the length takes more than one byte
			length = word>>48&0x1f<<6 | word>>40&0x3f
			next++
			if word>>53&7 != 0b110 || word>>46&3 != 0b10 || length < 0x80 {
				size = 0
			}
		}
		if size == 0 || tagType >= 0x80 {
			return d.headByNumber(at)
		}
	}
	h := Head{code: name>>1 | tagType<<typeShift | length<<lengthShift, At: next}
	if name&1 != 0 {
		return d.parent(h)
	}
	if length > uint64(len(d.body)-next) {
		return d.failHead(h, ErrTruncated, next)
	}
	h.End = next + int(length)
	return h.withInteger(binary.BigEndian.Uint64(d.body[next:]))
}

// withInteger completes the head of a tag without children, whose own data are
// the first bytes of the big-endian word, as far as they are an integer.
func (h Head) withInteger(word uint64) Head {
	if class := h.Type() - TypeUint8; class <= TypeUint64-TypeUint8 {
		if h.Length() == 1<<class {
			h.code |= integerBit
			h.value = word >> (64 - 8<<class)
		}
	} else if h.code>>typeShift == uint64(TypeCustom) { // and no length
		h.code |= integerBit | emptyBit
	}
	return h
}

// headByNumber is Head for the rest: long lengths, unknown types, the end of a
// body, and what is broken.
func (d *Decoder) headByNumber(at int) Head {
	name, next := d.number(at, 2)
	if next < 0 {
		return Head{End: next}
	}
	h := Head{code: uint64(name >> 1)}
	tagType, next := d.number(next, 1)
	if next < 0 {
		return h.failed()
	}
	length, next := d.number(next, 4)
	if next < 0 {
		return h.failed()
	}
	h.code |= uint64(tagType)<<typeShift | uint64(length)<<lengthShift
	h.At = next
	if name&1 != 0 {
		return d.parent(h)
	}
	return d.leaf(h)
}

// parent completes the head of a tag that says it has children: it reads
// their count. With a count of 0 the tag is one without children.
func (d *Decoder) parent(h Head) Head {
	count, next := d.count(h.At)
	switch {
	case next < 0:
		return h.failed()
	case count == 0:
		h.At = next
		return d.leaf(h)
	}
	h.code |= parentBit
	h.At, h.End, h.value = next, next, uint64(count)
	return h
}

// leaf completes the head of a tag without children.
func (d *Decoder) leaf(h Head) Head {
	rest := d.body[h.At:]
	if uint64(h.Length()) > uint64(len(rest)) {
		return d.failHead(h, ErrTruncated, h.At)
	}
	h.End = h.At + int(h.Length())
	var word [8]byte
	copy(word[:], rest)
	return h.withInteger(binary.BigEndian.Uint64(word[:]))
}

func (d *Decoder) failHead(h Head, err error, at int) Head {
	d.fail(err, at)
	return h.failed()
}

// failed returns what is left of a head that could not be read: its name.
func (h Head) failed() Head { return Head{code: uint64(h.Name()) | namedBit, End: -1} }

// appendHead appends the head of a tag.
func appendHead(dst []byte, flags Flags, name TagName, t Type, length uint32, children bool) []byte {
	coded := uint16(name) << 1
	if children {
		coded |= 1
	}
	if flags&FlagUTF8Numbers != 0 {
		dst = appendNumber(dst, uint32(coded))
		dst = appendNumber(dst, uint32(t))
		return appendNumber(dst, length)
	}
	dst = binary.BigEndian.AppendUint16(dst, coded)
	dst = append(dst, byte(t))
	return binary.BigEndian.AppendUint32(dst, length)
}

// codedHeadSize returns the number of bytes that appendHead appends.
func codedHeadSize(flags Flags, name TagName, t Type, length uint32) int {
	if flags&FlagUTF8Numbers == 0 {
		return headSize
	}
	return numberSize(uint32(name)<<1) + numberSize(uint32(t)) + numberSize(length)
}
