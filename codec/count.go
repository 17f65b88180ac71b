package codec

import (
	"encoding/binary"
	"slices"
)

// Before the tags of a packet, and before the children of a tag, stands their
// count (reference section 1.6): 16 bits, or under FlagLargeTagCount the
// sentinel 0xFFFF and then 32 bits. Without that flag 0xFFFF is a count like
// any other, and a writer stops at 0xFFFE children.

const (
	largeCount     = 0xFFFF // the sentinel, and the first count that needs it
	mostSmallCount = 0xFFFE // what is written of a longer list without FlagLargeTagCount
)

// written returns how many of count children a writer writes under flags.
func written(count int, flags Flags) int {
	if flags&FlagLargeTagCount == 0 {
		return min(count, mostSmallCount)
	}
	return count
}

// logicalCountSize returns what a tag's own count adds to its parent's
// TAGLEN: nothing without children, else 2, or 6 for an extended count.
func logicalCountSize(count int, flags Flags) int {
	switch {
	case count == 0:
		return 0
	case count >= largeCount && flags&FlagLargeTagCount != 0:
		return 6
	default:
		return 2
	}
}

// countSize returns the number of bytes that appendCount appends.
func countSize(count int, flags Flags) int {
	switch {
	case flags&FlagUTF8Numbers == 0:
		return max(2, logicalCountSize(count, flags))
	case count >= largeCount && flags&FlagLargeTagCount != 0:
		return numberSize(largeCount) + numberSize(uint32(count))
	default:
		return numberSize(uint32(count))
	}
}

// appendCount appends count, which is at most 0xFFFE or has FlagLargeTagCount.
func appendCount(dst []byte, count int, flags Flags) []byte {
	large := count >= largeCount && flags&FlagLargeTagCount != 0
	switch utf8 := flags&FlagUTF8Numbers != 0; {
	case utf8 && large:
		return appendNumber(appendNumber(dst, largeCount), uint32(count))
	case utf8:
		return appendNumber(dst, uint32(count))
	case large:
		return binary.BigEndian.AppendUint32(append(dst, 0xFF, 0xFF), uint32(count))
	default:
		return binary.BigEndian.AppendUint16(dst, uint16(count))
	}
}

// patchCount writes count over the two bytes that appendCount(dst, 0, flags)
// left at dst[at:], in the fixed form, and makes room for an extended one.
func patchCount(dst []byte, at, count int, flags Flags) []byte {
	if count >= largeCount && flags&FlagLargeTagCount != 0 {
		dst = slices.Insert(dst, at+2, 0, 0, 0, 0)
		binary.BigEndian.PutUint32(dst[at+2:], uint32(count))
		count = largeCount
	}
	binary.BigEndian.PutUint16(dst[at:], uint16(count))
	return dst
}

// count reads a count at d.body[at:]. It returns it with the offset behind it,
// or a negative offset after d.fail.
func (d *Decoder) count(at int) (count, next int) {
	value, next := d.number(at, 2)
	if next < 0 {
		return 0, next
	}
	if value == largeCount && d.flags&FlagLargeTagCount != 0 {
		if value, next = d.number(next, 4); next < 0 {
			return 0, next
		}
	}
	if uint64(value)*uint64(d.smallestTag()) > uint64(len(d.body)-next) {
		return 0, d.fail(ErrTruncated, at)
	}
	return int(value), next
}

// expect takes count tags from the budget before they are read. It returns
// false after failing. All counts of a body together cannot be more than the
// smallest tags that it has room for, so counts in counts do not multiply.
func (d *Decoder) expect(count, at int) bool {
	if d.tags -= count; d.tags < 0 {
		d.fail(d.tooManyTags, at)
		return false
	}
	return true
}

// setTagBudget prepares expect for a body of size bytes.
func (d *Decoder) setTagBudget(size, limit int) {
	d.tags, d.tooManyTags = size/d.smallestTag(), ErrTruncated
	if d.tags > limit {
		d.tags, d.tooManyTags = limit, ErrTooManyTags
	}
}

// smallestTag returns the size of the shortest tag there is: name, type and
// length.
func (d *Decoder) smallestTag() int {
	if d.flags&FlagUTF8Numbers != 0 {
		return 3
	}
	return 7
}

// number reads a protocol number at d.body[at:]: of width 1, 2 or 4 bytes, or
// UTF-8 coded and then cut to that width, as aMule cuts it.
func (d *Decoder) number(at, width int) (v uint32, next int) {
	if d.flags&FlagUTF8Numbers != 0 {
		v, next = readNumber(d.body, at)
		switch {
		case next == numberTruncated:
			return 0, d.fail(ErrTruncated, at)
		case next < 0:
			return 0, d.fail(ErrNumber, at)
		case width == 1:
			v &= 0xff
		case width == 2:
			v &= 0xffff
		}
		return v, next
	}
	b := d.body[at:]
	if len(b) < width {
		return 0, d.fail(ErrTruncated, at)
	}
	switch width {
	case 1:
		v = uint32(b[0])
	case 2:
		v = uint32(binary.BigEndian.Uint16(b))
	default:
		v = binary.BigEndian.Uint32(b)
	}
	return v, at + width
}
