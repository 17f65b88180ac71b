package codec

import (
	"encoding/binary"
	"math"
	"unsafe"
)

// headSize is what a tag's head counts in its parent's TAGLEN: name, type and
// length in the fixed form, also when they are UTF-8 coded (reference section
// 1.5).
const headSize = 7

// Head is what stands before a tag's children and its own data. It has no
// more fields than the compiler keeps in registers.
type Head struct {
	word  uint64 // name, childrenBit, type and TAGLEN where the fixed form has them; the lowest byte is anything
	value uint64 // of a tag without children the first eight bytes of its own data, as a number; of others the number of children
	End   int    // offset behind the own data, or of the first child; negative when reading failed
}

// Where the fixed form has the parts of a head, in a big-endian word.
const (
	nameShift   = 49
	childrenBit = 1 << 48
	typeShift   = 40
	lengthShift = 8
)

func headWord(name TagName, t Type, length uint32) uint64 {
	return uint64(name)<<nameShift | uint64(t)<<typeShift | uint64(length)<<lengthShift
}

// Name returns the tag's name.
func (h Head) Name() TagName { return TagName(h.word >> nameShift) }

// Type returns the type of the tag's own data.
func (h Head) Type() Type { return Type(h.word >> typeShift) }

// HasChildren reports whether children come before the own data.
func (h Head) HasChildren() bool { return h.word&childrenBit != 0 }

// Length returns TAGLEN: the length of the own data and, by their logical
// sizes, of the children.
func (h Head) Length() uint32 { return uint32(h.word >> lengthShift) }

// At returns the offset of the own data of a tag without children.
func (h Head) At() int { return h.End - int(h.Length()) }

// Value returns the tag's number, given that Fits returned true.
func (h Head) Value() uint64 { return h.value >> (-(8 * h.Length()) & 63) }

// form returns the type, and above it whether there are children.
func (h Head) form() uint64 { return h.word >> typeShift & 0x1ff }

// Fits reports whether the tag has no children and is an integer of at most
// most: own data of type UINT8 to UINT64 of exactly that length, or no data
// of type CUSTOM, which is 0.
func (h Head) Fits(most uint64) bool {
	return h.Length() == integerLengths[h.form()] && h.Value() <= most
}

// integerLengths has by form the TAGLEN of an integer: no other has it.
var integerLengths = func() (lengths [0x200]uint32) {
	for form := range lengths {
		lengths[form] = math.MaxUint32
	}
	lengths[TypeCustom] = 0
	lengths[TypeUint8], lengths[TypeUint16], lengths[TypeUint32], lengths[TypeUint64] = 1, 2, 4, 8
	return lengths
}()

// Empty returns a mask of all bits when the tag has no data, else zero.
func (h Head) Empty() uint64 { return uint64((int64(h.Length()) - 1) >> 63) }

// IsUint is Fits for a tag that has data.
func (h Head) IsUint(most uint64) bool { return h.Fits(most) && h.Length() != 0 }

// Is reports whether the tag has this type and no children.
func (h Head) Is(t Type) bool { return h.form() == uint64(t) }

// IsSized reports whether the tag has this type, own data of this length, and
// no children.
func (h Head) IsSized(t Type, length uint32) bool { return h.Is(t) && h.Length() == length }

// Switch returns the state of a switch, given that Fits(1) is true.
func (h Head) Switch() Switch {
	if h.Length() == 0 {
		return SwitchEmpty
	}
	return SwitchOf(h.Value() != 0)
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

// IsFixed reports whether FixedHead can read the head at offset at. Nearly all
// heads are of that kind: in the fixed form, of a tag without children, with
// own data of at least one byte, and with 15 bytes of the body from at on.
func (d *Decoder) IsFixed(at int) bool {
	if uint(at) >= uint(d.fixedRoom) {
		return false
	}
	word := d.word(at)
	length := uint32(word >> lengthShift)
	return word&childrenBit == 0 && length != 0 && uint64(at)+headSize+uint64(length) <= uint64(len(d.body))
}

// FixedHead reads the head at offset at, given that IsFixed returned true.
func (d *Decoder) FixedHead(at int) Head {
	word := d.word(at)
	return Head{word, d.word(at + headSize), int(uint64(at) + headSize + uint64(uint32(word>>lengthShift)))}
}

// word returns eight bytes of the body, which must be there.
func (d *Decoder) word(at int) uint64 {
	return binary.BigEndian.Uint64((*[8]byte)(unsafe.Add(d.base, at))[:])
}

// half returns four bytes of the body, which must be there.
func (d *Decoder) half(at int) uint32 {
	return binary.BigEndian.Uint32((*[4]byte)(unsafe.Add(d.base, at))[:])
}

// What a body must have from a tag on: IsFixed wants a head and the word that
// its value is taken from, IsCoded5 and IsCoded4 any tag of theirs and a word.
const (
	fixedNeed = headSize + 8
	codedNeed = 5 + 0x7f + 8
)

// IsCoded5 reports whether CodedHead5 can read the head at offset at. It is
// what IsFixed is for UTF-8 coded numbers that take five bytes: a name from
// 0x400 to 0x7FF, as most tags of shared files, clients and servers have, and
// a type and a length below 128.
func (d *Decoder) IsCoded5(at int) bool {
	if uint(at) >= uint(d.codedRoom) {
		return false
	}
	return d.half(at)&0xFFE0C180 == 0xE0A08000 && *(*int8)(unsafe.Add(d.base, at+4)) > 0
}

// CodedHead5 reads the head at offset at, given that IsCoded5 returned true.
func (d *Decoder) CodedHead5(at int) Head {
	coded, length := d.half(at), int(*(*byte)(unsafe.Add(d.base, at+4)))
	h := Head{uint64(coded<<6&(0x3f<<22)|coded<<8&0x3f7f00)<<32 | uint64(length)<<lengthShift, d.word(at + 5), at + 5 + length}
	d.saved += headSize - 5
	return h
}

// IsCoded4 is IsCoded5 for four bytes: a name from 0x200 to 0x3FF, as tags of
// downloads and statistics have.
func (d *Decoder) IsCoded4(at int) bool {
	if uint(at) >= uint(d.codedRoom) {
		return false
	}
	coded := d.half(at)
	return coded&0xF0C18080 == 0xD0800000 && coded&0x7f != 0
}

// CodedHead4 reads the head at offset at, given that IsCoded4 returned true.
func (d *Decoder) CodedHead4(at int) Head {
	coded := d.half(at)
	length := int(coded & 0x7f)
	h := Head{uint64(coded>>2&(0x1f<<22)|coded&0x3f7f00)<<32 | uint64(length)<<lengthShift, d.word(at + 4), at + 4 + length}
	d.saved += headSize - 4
	return h
}

// Head reads the head of the tag at offset at. Of a tag without children it
// makes sure that the own data is there. On failure End is negative and the
// error is kept until Finish.
func (d *Decoder) Head(at int) Head {
	if at > len(d.body)-16 {
		return d.headByNumber(at)
	}
	word := binary.BigEndian.Uint64(d.body[at:])
	next := at + headSize
	if d.flags&FlagUTF8Numbers != 0 {
		size := 0
		if word, size = decodeHead(word); size == 0 {
			return d.headByNumber(at)
		}
		next = at + size
		d.saved += headSize - size
	}
	h := Head{word: word, End: next}
	if length := h.Length(); length-1 < uint32(len(d.body)-next) && !h.HasChildren() {
		h.value = binary.BigEndian.Uint64(d.body[next:])
		h.End += int(length)
		return h
	}
	if h.HasChildren() {
		if count, size := d.shortCount(next); size > 0 {
			h.value, h.End = uint64(count), next+size
			d.saved += 2 - size
			return h
		}
	}
	return d.complete(h)
}

// shortCount reads a count that complete would accept, if it has the fewest
// bytes that there are: two in the fixed form, and one coded. Else size is 0.
func (d *Decoder) shortCount(at int) (count, size int) {
	if d.flags&FlagUTF8Numbers != 0 {
		count, size = int(d.body[at]), 1
		if count >= 0x80 {
			return 0, 0
		}
	} else {
		count, size = int(binary.BigEndian.Uint16(d.body[at:])), 2
		if count == largeCount {
			return 0, 0
		}
	}
	if count == 0 || count*d.smallestTag() > len(d.body)-at-size {
		return 0, 0
	}
	return count, size
}

// decodeHead turns a head of UTF-8 coded numbers into that of the fixed form,
// if it takes at most seven bytes: name, type below 128 and length below
// 2,048. Coded is the big-endian word that begins with it. Size is the number
// of its bytes, or 0 for one that is of another kind or broken.
func decodeHead(coded uint64) (word uint64, size int) {
	if coded>>16&0xFFE0C080E0C0 == 0xE0A08000C080 {
		// As IsCoded5, but of any length that takes two bytes, and perhaps with children.
		if length := coded>>18&(0x1f<<6) | coded>>16&0x3f; length >= 0x80 {
			return coded<<6&(0x3f<<54) | coded<<8&(0x3f7f<<typeShift) | length<<lengthShift, 6
		}
	}
	var name uint64 // with the bit for children
	switch {
	case coded>>60 == 0b1110 && coded&(0x00c0c0<<40) == 0x008080<<40: // 1110xxxx 10xxxxxx 10xxxxxx
		name = coded>>56&0x0f<<12 | coded>>48&0x3f<<6 | coded>>40&0x3f
		if name < 0x800 {
			return 0, 0
		}
		size = 3
	case coded>>61 == 0b110 && coded>>54&3 == 0b10: // 110xxxxx 10xxxxxx
		name = coded>>56&0x1f<<6 | coded>>48&0x3f
		if name < 0x80 {
			return 0, 0
		}
		size = 2
	case coded>>63 == 0:
		name = coded >> 56
		size = 1
	default:
		return 0, 0
	}
	coded <<= 8 * size
	tagType := coded >> 56
	if tagType >= 0x80 {
		return 0, 0
	}
	length := coded >> 48 & 0x7f
	size += 2
	if coded>>55&1 != 0 { // the length takes more than one byte
		length = coded>>48&0x1f<<6 | coded>>40&0x3f
		size++
		if coded>>53&7 != 0b110 || coded>>46&3 != 0b10 || length < 0x80 {
			return 0, 0
		}
	}
	return name<<(nameShift-1) | tagType<<typeShift | length<<lengthShift, size
}

// headByNumber is Head for the rest: long lengths, unknown types, the end of a
// body, and what is broken.
func (d *Decoder) headByNumber(at int) Head {
	name, next := d.number(at, 2)
	if next < 0 {
		return Head{End: endNameless}
	}
	h := Head{word: uint64(name) << (nameShift - 1)}
	tagType, next := d.number(next, 1)
	if next < 0 {
		return h.failed()
	}
	length, next := d.number(next, 4)
	if next < 0 {
		return h.failed()
	}
	d.saved += headSize - (next - at)
	h.word |= headWord(0, Type(tagType), length)
	h.End = next
	return d.complete(h)
}

// complete reads the count of children, if the tag says that it has some, and
// makes sure that own data that come next are there. So far h ends where the
// head does. A tag with a count of 0 is one without children.
func (d *Decoder) complete(h Head) Head {
	if h.HasChildren() {
		count, next := d.count(h.End)
		if next < 0 {
			return h.failed()
		}
		d.saved += logicalCountSize(count, d.flags) - (next - h.End)
		h.End = next
		if count > 0 {
			h.value = uint64(count)
			return h
		}
		h.word &^= childrenBit
	}
	rest := d.body[h.End:]
	if uint64(h.Length()) > uint64(len(rest)) {
		d.fail(ErrTruncated, h.End)
		return h.failed()
	}
	var word [8]byte
	copy(word[:], rest[:h.Length()])
	h.value = binary.BigEndian.Uint64(word[:])
	h.End += int(h.Length())
	return h
}

// What End is when reading failed.
const (
	endNameless = -1 // not even the name could be read
	endNamed    = -2
)

// failed returns what is left of a head that could not be read: its name.
func (h Head) failed() Head { return Head{word: headWord(h.Name(), 0, 0), End: endNamed} }

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
