package codec

import (
	"encoding/binary"
	"math"
	"math/bits"
	"unsafe"
)

// Bodies consist for the most part of tags without children. AppendUint and
// appendData, which append nearly all of them, call no other function: so they
// have no frame and save nothing on the stack, and writing a list of files takes
// a fifth less time. Hence they do not make room either: a tag for which there
// is none is left out and counted, and after Encoder.Grow all is appended once
// more. What they need is small enough that the compiler inlines it.

// put writes eight bytes, the highest first.
func put(to unsafe.Pointer, word uint64) {
	binary.BigEndian.PutUint64((*[8]byte)(to)[:], word)
}

// putFirst writes the n highest bytes, the highest first, where there is no
// room for all eight.
func putFirst(to unsafe.Pointer, word uint64, n int) {
	for i := range n {
		*(*byte)(unsafe.Add(to, i)) = byte(word << (8 * i & 63) >> 56)
	}
}

// miss notes that there is no room for a tag of this size. All but that is as
// if it had been appended, so that counts and lengths come out right.
func (e *Encoder) miss(dst []byte, size int) []byte {
	e.missing += uint64(size)
	e.tally += savedByte * tally(size)
	return dst
}

// AppendUint appends a tag without children whose own data is v, in the
// narrowest integer type.
func (e *Encoder) AppendUint(dst []byte, name TagName, v uint64) []byte {
	form := &integerForms[bits.Len64(v)]
	if !e.utf8 {
		end := len(dst) + form.size
		if uint(end) > uint(cap(dst)) {
			e.tally += oneTag
			return e.miss(dst, form.size)
		}
		e.tally += oneTag
		to := unsafe.Add(unsafe.Pointer(unsafe.SliceData(dst)), len(dst))
		put(unsafe.Add(to, form.size-8), v) // which is too much: the head comes over it, with the first byte of v
		put(to, uint64(name)<<nameShift|form.word|v>>(form.shift&63))
		return dst[:end]
	}
	word, nameSize := codedName(name)|form.coded>>24, 3
	if !isUsual(name) {
		word, nameSize = codeBefore(form.coded, uint64(name)<<1)
	}
	saved := headSize - 2 - nameSize
	end := len(dst) + form.size - saved
	if uint(end) > uint(cap(dst)) {
		e.tally += oneTag + savedByte*tally(saved)
		return e.miss(dst, form.size-saved)
	}
	e.tally += oneTag + savedByte*tally(saved)
	to := unsafe.Add(unsafe.Pointer(unsafe.SliceData(dst)), len(dst))
	v <<= form.left & 63
	if len(dst)+16 <= cap(dst) {
		put(to, word)
		put(unsafe.Add(to, nameSize+2), v)
	} else {
		putFirst(to, word, nameSize+2)
		putFirst(unsafe.Add(to, nameSize+2), v, form.size-headSize)
	}
	return dst[:end]
}

// integerForm says how an integer is written. All fields are words, which take
// the fewest instructions to load.
type integerForm struct {
	word  uint64 // type and length, where a head's word has them
	coded uint64 // type and length in the highest bytes, as they are coded
	size  int    // of the tag in the fixed form
	shift uint64 // which leaves the highest byte of the integer
	left  uint64 // which brings the integer to the upper end of a word
}

// integerForms has by bits.Len64 of an integer its narrowest form.
var integerForms = func() (forms [65]integerForm) {
	for n := range forms {
		class := integerClass(math.MaxUint64 >> (64 - n))
		length := 1 << class
		t := TypeUint8 + Type(class)
		forms[n] = integerForm{headWord(0, t, uint32(length)), uint64(t)<<56 | uint64(length)<<48, headSize + length, uint64(8*length - 8), uint64(64 - 8*length)}
	}
	return forms
}()

// AppendBool appends a tag without children whose own data is the integer 0
// or 1.
func (e *Encoder) AppendBool(dst []byte, name TagName, v bool) []byte {
	var number uint64
	if v {
		number = 1
	}
	return e.AppendUint(dst, name, number)
}

// AppendString appends a STRING tag without children.
func (e *Encoder) AppendString(dst []byte, name TagName, text string) []byte {
	return e.appendData(dst, name, uint32(TypeString)|nulBit, unsafe.Pointer(unsafe.StringData(text)), len(text))
}

// AppendDouble appends a DOUBLE tag without children.
func (e *Encoder) AppendDouble(dst []byte, name TagName, value Double) []byte {
	return e.appendData(dst, name, uint32(TypeDouble)|nulBit, unsafe.Pointer(unsafe.StringData(string(value))), len(value))
}

// AppendBytes appends a tag without children whose own data are these bytes.
func (e *Encoder) AppendBytes(dst []byte, name TagName, t Type, data []byte) []byte {
	return e.appendData(dst, name, uint32(t), unsafe.Pointer(unsafe.SliceData(data)), len(data))
}

// AppendHash appends a HASH16 tag without children.
func (e *Encoder) AppendHash(dst []byte, name TagName, hash *Hash) []byte {
	return e.AppendBytes(dst, name, TypeHash16, hash[:])
}

// appendData appends a tag without children whose own data are n bytes, and a
// NUL if form, which is the type, has nulBit as well.
func (e *Encoder) appendData(dst []byte, name TagName, form uint32, from unsafe.Pointer, n int) []byte {
	length := n + int(form/nulBit)
	var word uint64
	var head int
	switch {
	case !e.utf8:
		word, head = headWord(name, Type(form), uint32(length)), headSize
	case isUsual(name) && length < 0x80 && Type(form) < 0x80:
		word, head = codedName(name)|uint64(Type(form))<<32|uint64(length)<<24, 5
	default:
		var more int
		if word, head = codeBefore(0, uint64(length)); length >= 0x10000 {
			word, head = codeLong(uint64(length)>>18, codeLowest(uint64(length)))
		}
		word, more = codeBefore(word, uint64(Type(form)))
		head += more
		word, more = codeBefore(word, uint64(name)<<1)
		head += more
	}
	e.tally += oneTag + savedByte*tally(headSize-head)
	size := head + length
	end := len(dst) + size
	if uint(end) > uint(cap(dst)) {
		return e.miss(dst, size)
	}
	to := unsafe.Add(unsafe.Pointer(unsafe.SliceData(dst)), len(dst))
	*(*byte)(unsafe.Add(to, size-1)) = 0 // the NUL; without one the last byte, which is written below
	if len(dst)+8 <= cap(dst) {
		put(to, word)
	} else {
		putFirst(to, word, head)
	}
	for i := 8; i < head; i++ { // a length from 2 MiB on is coded in more than the word has
		*(*byte)(unsafe.Add(to, i)) = 0x80 | byte(length>>(6*(head-1-i)&63))&0x3f
	}
	if n == 0 {
		return dst[:end] // to would point behind dst
	}
	to = unsafe.Add(to, head)
	switch {
	case n > mostInPieces:
		last := n - 2*pieceSize
		for i := 0; i < last; i += 2 * pieceSize {
			*(*piece)(unsafe.Add(to, i)) = *(*piece)(unsafe.Add(from, i))
			*(*piece)(unsafe.Add(to, i+pieceSize)) = *(*piece)(unsafe.Add(from, i+pieceSize))
		}
		*(*piece)(unsafe.Add(to, last)) = *(*piece)(unsafe.Add(from, last))
		*(*piece)(unsafe.Add(to, last+pieceSize)) = *(*piece)(unsafe.Add(from, last+pieceSize))
	case n >= leastInPieces:
		copyPieces(to, from, n)
	case n >= 8:
		*(*[8]byte)(to) = *(*[8]byte)(from)
		*(*[8]byte)(unsafe.Add(to, n-8)) = *(*[8]byte)(unsafe.Add(from, n-8))
	case n >= 4:
		*(*[4]byte)(to) = *(*[4]byte)(from)
		*(*[4]byte)(unsafe.Add(to, n-4)) = *(*[4]byte)(unsafe.Add(from, n-4))
	default:
		*(*byte)(to) = *(*byte)(from)
		*(*byte)(unsafe.Add(to, n/2)) = *(*byte)(unsafe.Add(from, n/2))
		*(*byte)(unsafe.Add(to, n-1)) = *(*byte)(unsafe.Add(from, n-1))
	}
	return dst[:end]
}

// isUsual reports whether a name is one of those from 0x400 to 0x7FF, as most
// tags of files, clients and servers have.
func isUsual(name TagName) bool { return name/usualNames == 1 }

const usualNames = 0x400

// codedName returns a usual name as it is coded, in the highest three bytes.
func codedName(name TagName) uint64 { return codedNames[name%usualNames] }

var codedNames = func() (names [usualNames]uint64) {
	for i := range names {
		names[i], _ = codeBefore(0, uint64(usualNames+i)<<1)
	}
	return names
}()

// codeBefore returns a word that begins with a number below 0x10000 as it is
// coded, and goes on with behind. It also returns the size of the number.
func codeBefore(behind, number uint64) (word uint64, size int) {
	switch {
	case number >= 0x800:
		return (0xe08080|number>>12<<16|number>>6&0x3f<<8|number&0x3f)<<40 | behind>>24, 3
	case number >= 0x80:
		return (0xc080|number>>6<<8|number&0x3f)<<48 | behind>>16, 2
	default:
		return number<<56 | behind>>8, 1
	}
}

// codeLong is codeBefore for a number from 0x10000 on, of which it is given
// what is above the lowest 18 bits, and what codeLowest returns.
func codeLong(high, lowest uint64) (word uint64, size int) {
	switch {
	case high < 0x8:
		return (0xf0|high)<<56 | lowest>>8, 4
	case high < 0x100:
		return (0xf880|high>>6<<8|high&0x3f)<<48 | lowest>>16, 5
	default:
		return (0xfc8080|high>>12<<16|high>>6&0x3f<<8|high&0x3f)<<40 | lowest>>24, 6
	}
}

// codeLowest returns a word that begins with the last three bytes of a number
// as it is coded.
func codeLowest(number uint64) uint64 {
	return (0x808080 | number>>12&0x3f<<16 | number>>6&0x3f<<8 | number&0x3f) << 40
}
