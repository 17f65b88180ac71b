package codec

import "encoding/binary"

// headSize is what a tag's head counts in its parent's TAGLEN: name, type and
// length in the fixed form, also when they are UTF-8 coded (reference section
// 1.5).
const headSize = 7

// Head is what stands before a tag's children and its own data. It is small
// enough to be returned in registers.
type Head struct {
	Name     TagName
	Type     Type
	Children bool // children come first, then own data

	// Integer says that Value is the tag's value: own data of type UINT8 to
	// UINT64 of exactly that length, or no data of type CUSTOM, which is 0.
	// It is false for a tag with children, whose number Value is then.
	Integer bool
	Value   uint64

	Length uint32 // TAGLEN: own data and, by their logical sizes, the children
	At     int    // offset of the own data, or of the first child
	End    int    // offset behind the own data; At when there are children; negative when reading failed
}

// Size returns what the tag counts in its parent's TAGLEN, without the count
// field of its own children.
func (h Head) Size() int64 { return headSize + int64(h.Length) }

// Fits reports whether the tag is an integer of at most most.
func (h Head) Fits(most uint64) bool { return h.Integer && h.Value <= most }

// Empty returns a mask of all bits when the tag has no data and type CUSTOM,
// given that Fits returned true; else zero.
func (h Head) Empty() uint64 {
	if h.Type == TypeCustom {
		return ^uint64(0)
	}
	return 0
}

// Is reports whether the tag has this type and no children.
func (h Head) Is(t Type) bool { return h.Type == t && !h.Children }

// IsSized reports whether the tag has this type, this length and no children.
func (h Head) IsSized(t Type, length uint32) bool {
	return h.Type == t && h.Length == length && !h.Children
}

// Head reads the head of the tag at offset at. Of a tag without children it
// makes sure that the own data is there. On failure End is negative and the
// error is kept until Finish.
func (d *Decoder) Head(at int) Head {
	if d.flags&FlagUTF8Numbers != 0 {
		return d.headUTF8(at)
	}
	if len(d.body)-at < headSize {
		return d.failHead(ErrTruncated, at)
	}
	b := d.body[at:]
	coded := binary.BigEndian.Uint16(b)
	return d.finishHead(Head{
		Name:     TagName(coded >> 1),
		Children: coded&1 != 0,
		Type:     Type(b[2]),
		Length:   binary.BigEndian.Uint32(b[3:]),
		At:       at + headSize,
	})
}

// headUTF8 is Head for coded numbers. Nearly all heads take at most seven
// bytes: a name of up to three, a type of one and a length of up to two. They
// are taken from one load of eight.
func (d *Decoder) headUTF8(at int) Head {
	if len(d.body)-at < 8 {
		return d.headByNumber(at)
	}
	word := binary.BigEndian.Uint64(d.body[at:])
	var coded uint32
	var size int
	switch {
	case word>>61 == 0b110 && word>>54&3 == 0b10: // 110xxxxx 10xxxxxx
		coded = uint32(word>>56&0x1f<<6 | word>>48&0x3f)
		size = 2
	case word>>60 == 0b1110 && word&0x00c0c0<<40 == 0x008080<<40: // 1110xxxx 10xxxxxx 10xxxxxx
		coded = uint32(word>>56&0x0f<<12 | word>>48&0x3f<<6 | word>>40&0x3f)
		size = 3
		if coded < 0x800 {
			return d.failHead(ErrNumber, at)
		}
	case word>>63 == 0:
		coded = uint32(word >> 56)
		size = 1
	default:
		return d.headByNumber(at)
	}
	if size == 2 && coded < 0x80 {
		return d.failHead(ErrNumber, at)
	}
	word <<= 8 * size
	h := Head{Name: TagName(coded >> 1), Children: coded&1 != 0, Type: Type(word >> 56)}
	switch {
	case h.Type >= 0x80:
		return d.headByNumber(at)
	case word>>55&1 == 0:
		h.Length = uint32(word >> 48 & 0x7f)
		h.At = at + size + 2
	case word>>53&7 == 0b110 && word>>46&3 == 0b10:
		h.Length = uint32(word>>48&0x1f<<6 | word>>40&0x3f)
		h.At = at + size + 3
		if h.Length < 0x80 {
			return d.failHead(ErrNumber, at+size+1)
		}
	default:
		return d.headByNumber(at)
	}
	return d.finishHead(h)
}

// headByNumber is headUTF8 for the rest: long lengths, unknown types, the end
// of a body, and what is broken.
func (d *Decoder) headByNumber(at int) Head {
	coded, next := d.number(at, 2)
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
	return d.finishHead(Head{
		Name:     TagName(coded >> 1),
		Children: coded&1 != 0,
		Type:     Type(tagType),
		Length:   length,
		At:       next,
	})
}

// finishHead fills in End, Integer and Value. A tag that has the bit for
// children but a count of 0 is one without children.
func (d *Decoder) finishHead(h Head) Head {
	if h.Children {
		count, next := d.count(h.At)
		h.At, h.End = next, next
		if count != 0 || next < 0 {
			h.Value = uint64(count)
			return h
		}
		h.Children = false
	}
	rest := d.body[h.At:]
	if uint64(h.Length) > uint64(len(rest)) {
		return d.failHead(ErrTruncated, h.At)
	}
	h.End = h.At + int(h.Length)
	switch class := h.Type - TypeUint8; {
	case class <= TypeUint64-TypeUint8 && h.Length == 1<<class:
		h.Integer = true
		if len(rest) >= 8 {
			h.Value = binary.BigEndian.Uint64(rest) >> (64 - 8<<class)
			break
		}
		for _, c := range rest[:h.Length] {
			h.Value = h.Value<<8 | uint64(c)
		}
	case h.Type == TypeCustom && h.Length == 0:
		h.Integer = true
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
