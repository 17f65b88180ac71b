package codec

import "encoding/binary"

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
	if h.Type() == TypeCustom {
		return ^uint64(0)
	}
	return 0
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
func (d *Decoder) Head(at int) Head {
	if d.flags&FlagUTF8Numbers != 0 {
		return d.headUTF8(at)
	}
	// Nearly all tags have 16 bytes of the body from their head on, which two
	// loads of eight take: the head, and an integer behind it.
	b := d.body
	if at > len(b)-16 {
		return d.headByNumber(at)
	}
	b = b[at : at+16]
	word := binary.BigEndian.Uint64(b)
	length := uint32(word >> 8)
	h := Head{code: word>>49 | word>>40&0xff<<typeShift | uint64(length)<<lengthShift, At: at + headSize}
	if word>>48&1 != 0 {
		return d.parent(h)
	}
	if uint64(length) > uint64(len(d.body)-h.At) {
		return d.failHead(ErrTruncated, h.At)
	}
	h.End = h.At + int(length)
	if class := h.Type() - TypeUint8; class <= TypeUint64-TypeUint8 {
		if length == 1<<class {
			h.code |= integerBit
			h.value = binary.BigEndian.Uint64(b[headSize:]) >> (64 - 8<<class)
		}
	} else if h.Type() == TypeCustom && length == 0 {
		h.code |= integerBit
	}
	return h
}

// headUTF8 is Head for coded numbers. Nearly all heads take at most seven
// bytes: a name of up to three, a type of one and a length of up to two. They
// are taken from one load of eight.
func (d *Decoder) headUTF8(at int) Head {
	if at > len(d.body)-8 {
		return d.headByNumber(at)
	}
	word := binary.BigEndian.Uint64(d.body[at:])
	var name uint64 // with the bit for children
	size := 1
	switch {
	case word>>60 == 0b1110 && word&(0x00c0c0<<40) == 0x008080<<40: // 1110xxxx 10xxxxxx 10xxxxxx
		name = word>>56&0x0f<<12 | word>>48&0x3f<<6 | word>>40&0x3f
		if size = 3; name < 0x800 {
			return d.failHead(ErrNumber, at)
		}
	case word>>61 == 0b110 && word>>54&3 == 0b10: // 110xxxxx 10xxxxxx
		name = word>>56&0x1f<<6 | word>>48&0x3f
		if size = 2; name < 0x80 {
			return d.failHead(ErrNumber, at)
		}
	case word>>63 == 0:
		name = word >> 56
	default:
		return d.headByNumber(at)
	}
	word <<= 8 * size
	at += size + 2
	var length uint64
	switch {
	case word>>63 != 0: // a type that aMule does not have
		return d.headByNumber(at - size - 2)
	case word>>55&1 == 0:
		length = word >> 48 & 0x7f
	case word>>53&7 == 0b110 && word>>46&3 == 0b10:
		length = word>>48&0x1f<<6 | word>>40&0x3f
		if at++; length < 0x80 {
			return d.failHead(ErrNumber, at-2)
		}
	default:
		return d.headByNumber(at - size - 2)
	}
	h := Head{code: name>>1 | word>>56<<typeShift | length<<lengthShift, At: at}
	if name&1 != 0 {
		return d.parent(h)
	}
	return d.leaf(h)
}

// headByNumber is Head for the rest: long lengths, unknown types, the end of a
// body, and what is broken.
func (d *Decoder) headByNumber(at int) Head {
	name, next := d.number(at, 2)
	if next < 0 {
		return Head{End: next}
	}
	tagType, next := d.number(next, 1)
	if next < 0 {
		return Head{End: next}
	}
	length, next := d.number(next, 4)
	if next < 0 {
		return Head{End: next}
	}
	h := Head{code: uint64(name>>1) | uint64(tagType)<<typeShift | uint64(length)<<lengthShift, At: next}
	if name&1 != 0 {
		return d.parent(h)
	}
	return d.leaf(h)
}

// parent completes the head of a tag that says it has children: it reads
// their count. With a count of 0 the tag is one without children.
func (d *Decoder) parent(h Head) Head {
	count, next := d.count(h.At)
	h.At, h.End, h.value = next, next, uint64(count)
	if count == 0 && next >= 0 {
		return d.leaf(h)
	}
	h.code |= parentBit
	return h
}

// leaf completes the head of a tag without children.
func (d *Decoder) leaf(h Head) Head {
	rest := d.body[h.At:]
	if uint64(h.Length()) > uint64(len(rest)) {
		return d.failHead(ErrTruncated, h.At)
	}
	h.End = h.At + int(h.Length())
	switch class := h.Type() - TypeUint8; {
	case class <= TypeUint64-TypeUint8 && h.Length() == 1<<class:
		h.code |= integerBit
		if len(rest) >= 8 {
			h.value = binary.BigEndian.Uint64(rest) >> (64 - 8<<class)
			break
		}
		for _, c := range rest[:h.Length()] {
			h.value = h.value<<8 | uint64(c)
		}
	case h.Type() == TypeCustom && h.Length() == 0:
		h.code |= integerBit
	}
	return h
}

func (d *Decoder) failHead(err error, at int) Head {
	return Head{End: d.fail(err, at)}
}

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
