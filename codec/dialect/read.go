package dialect

import (
	"errors"
	"io"
	"math"
	"math/bits"
	"slices"
	"unsafe"

	"github.com/ecgen/ecgen/codec"
)

// bodyReader reads one body, number by number. The first thing that is wrong
// stays in err, and every method returns false from then on.
type bodyReader struct {
	rules   *rules
	flags   codec.Flags
	in      source // the inflated bytes, for a body under zlib
	at      int    // bytes read from in
	budgets codec.Budgets
	tags    int
	memory  int64 // charged so far
	err     error // a sentinel of codec, or what the stream returned
	failed  int   // where
	path    []codec.Step
	trace   func(part) // called for each part that was read, unless nil
}

// part is a number or own data, for those who want to see each byte.
type part struct {
	at, size int
	depth    int
	kind     partKind
	value    uint64     // of a number
	tag      *codec.Tag // what is known of the tag so far; nil for the packet's own parts
}

type partKind uint8

const (
	partID partKind = iota
	partOpcode
	partCount
	partName
	partType
	partLength
	partData
)

func (r *bodyReader) fail(err error, at int) bool {
	if r.err == nil {
		r.err, r.failed = err, at
	}
	return false
}

// broken notes that in ended or failed, while something that began at offset
// at was read.
func (r *bodyReader) broken(err error, at int) bool {
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		err = codec.ErrTruncated
	}
	return r.fail(err, at)
}

// packet reads a whole body.
func (r *bodyReader) packet(p *Packet) bool {
	if r.rules.hasID(p.Flags) && !r.id(p) {
		return false
	}
	at := r.at
	op, ok := r.number(1)
	if !ok {
		return false
	}
	p.Opcode = codec.Opcode(op)
	r.note(part{at: at, kind: partOpcode, value: uint64(op)})
	count, ok := r.count(0)
	if !ok {
		return false
	}
	p.Tags, _, ok = r.list(count, 0)
	return ok
}

// id reads the packet's number, which stands in the byte order of the machine
// that wrote it. All that is known of were little-endian.
func (r *bodyReader) id(p *Packet) bool {
	at := r.at
	for shift := 0; shift < 32; shift += 8 {
		b, ok := r.byte(at)
		if !ok {
			return false
		}
		p.ID |= uint32(b) << shift
	}
	r.note(part{at: at, kind: partID, value: uint64(p.ID)})
	return true
}

// count reads how many tags follow.
func (r *bodyReader) count(depth int) (count int, ok bool) {
	at := r.at
	v, ok := r.number(2)
	if ok && v == 0xFFFF && r.rules.large && r.flags&codec.FlagLargeTagCount != 0 {
		v, ok = r.number(4)
	}
	if !ok {
		return 0, false
	}
	if uint64(v) > uint64(r.budgets.Tags-r.tags) {
		return 0, r.fail(codec.ErrTooManyTags, at)
	}
	r.tags += int(v)
	r.note(part{at: at, kind: partCount, depth: depth, value: uint64(v)})
	return int(v), true
}

const tagMemory = int(unsafe.Sizeof(codec.Tag{}))

// list reads count tags. It returns them with what they add to the TAGLEN of
// the tag around them. Memory grows with what arrives, not with what count
// promises.
func (r *bodyReader) list(count, depth int) (tags []codec.Tag, size int64, ok bool) {
	for i := range count {
		if len(tags) == cap(tags) {
			room := min(count, max(4, 2*len(tags)))
			if !r.charge((room - len(tags)) * tagMemory) {
				return nil, 0, false
			}
			tags = slices.Grow(tags, room-len(tags))
		}
		tags = tags[:len(tags)+1]
		t := &tags[i]
		*t = codec.Tag{}
		more, named := r.tag(t, depth)
		if r.err != nil {
			if named {
				r.path = append(r.path, codec.Step{Name: t.Name, Index: i})
			}
			return nil, 0, false
		}
		size += more
	}
	return tags, size, true
}

// tag reads one tag into t. It returns what the tag adds to the TAGLEN of the
// one around it, and whether its name was read.
func (r *bodyReader) tag(t *codec.Tag, depth int) (size int64, named bool) {
	at := r.at
	code, ok := r.number(2)
	if !ok {
		return 0, false
	}
	hasChildren := uint16(code)&r.rules.childBit != 0
	t.Name = r.rules.name15(uint16(code))
	r.note(part{at: at, kind: partName, depth: depth, value: uint64(code), tag: t})
	if r.rules.typed {
		at = r.at
		kind, ok := r.number(1)
		if !ok {
			return 0, true
		}
		t.Type = codec.Type(kind)
		r.note(part{at: at, kind: partType, depth: depth, value: uint64(kind), tag: t})
	}
	at = r.at
	length, ok := r.number(4)
	if !ok {
		return 0, true
	}
	r.note(part{at: at, kind: partLength, depth: depth, value: uint64(length), tag: t})
	own := int64(length)
	size = own + int64(r.rules.headSize())
	if hasChildren {
		if depth++; depth > r.budgets.Depth {
			r.fail(codec.ErrTooDeep, at)
			return 0, true
		}
		count, ok := r.count(depth)
		if !ok {
			return 0, true
		}
		var children int64
		if t.Children, children, ok = r.list(count, depth); !ok {
			return 0, true
		}
		depth--
		own -= children
		size += r.rules.countSize(count, r.flags)
	}
	if own < 0 {
		r.fail(codec.ErrLength, at)
		return 0, true
	}
	at = r.at
	if t.Data, ok = r.data(own); ok && own > 0 {
		r.note(part{at: at, size: int(own), kind: partData, depth: depth, tag: t})
	}
	return size, true
}

// name15 returns the tag name that a coded name has.
func (r *rules) name15(code uint16) codec.TagName {
	if r.childBit == 1 {
		return codec.TagName(code >> 1)
	}
	return codec.TagName(code &^ r.childBit)
}

// headSize returns what TAGLEN counts for the head of a child: name, type and
// length, whatever they take.
func (r *rules) headSize() int {
	if r.typed {
		return 7
	}
	return 6
}

// countSize returns what TAGLEN counts for the count of a child's children.
func (r *rules) countSize(count int, flags codec.Flags) int64 {
	switch {
	case count == 0:
		return 0
	case count >= 0xFFFF && r.large && flags&codec.FlagLargeTagCount != 0:
		return 6
	default:
		return 2
	}
}

// number reads a number of width bytes, or a coded one, which is cut to that
// width as aMule cuts it.
func (r *bodyReader) number(width int) (v uint32, ok bool) {
	at := r.at
	if r.flags&codec.FlagUTF8Numbers == 0 {
		for range width {
			b, ok := r.byte(at)
			if !ok {
				return 0, false
			}
			v = v<<8 | uint32(b)
		}
		return v, true
	}
	var coded [6]byte
	for n := 0; n == 0 || n < min(codedSize(coded[0]), len(coded)); n++ {
		if coded[n], ok = r.byte(at); !ok {
			return 0, false
		}
	}
	v, _, err := codec.ConsumeNumber(coded[:])
	if err != nil {
		return 0, r.fail(err, at)
	}
	return v & (1<<(8*width) - 1), true
}

// codedSize returns the size of the coded number that begins with lead.
func codedSize(lead byte) int { return max(1, bits.LeadingZeros8(^lead)) }

// byte reads one byte of what began at offset at.
func (r *bodyReader) byte(at int) (byte, bool) {
	b, err := r.in.ReadByte()
	if err != nil {
		return 0, r.broken(err, at)
	}
	r.at++
	return b, true
}

// firstRead is how much memory a length alone can make a reader allocate.
const firstRead = 64 << 10

// data reads size bytes.
func (r *bodyReader) data(size int64) (data []byte, ok bool) {
	at := r.at
	for int64(len(data)) < size {
		room := int(min(size, max(firstRead, 2*int64(len(data)))))
		bigger := make([]byte, room)
		n, err := io.ReadFull(r.in, bigger[copy(bigger, data):])
		n += len(data)
		r.at += n - len(data)
		data = bigger[:n]
		if err != nil {
			return nil, r.broken(err, at)
		}
	}
	return data, true
}

// charge takes bytes from what reading may allocate, which grows with what
// was read.
func (r *bodyReader) charge(bytes int) bool {
	r.memory += int64(bytes)
	if r.memory > allowance(r.budgets, r.at) {
		return r.fail(codec.ErrTooMuchMemory, r.at)
	}
	return true
}

// allowance returns how many bytes reading this many of an inflated body may
// allocate.
func allowance(b codec.Budgets, size int) int64 {
	high, low := bits.Mul64(uint64(b.AllocationFactor), uint64(size))
	sum, carry := bits.Add64(low, uint64(b.Allocation), 0)
	if high != 0 || carry != 0 || sum > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(sum)
}

func (r *bodyReader) note(p part) {
	if r.trace == nil {
		return
	}
	if p.size == 0 {
		p.size = r.at - p.at
	}
	r.trace(p)
}

// failure returns what is wrong, with its place: behind base bytes, which
// stand before the body, unless that is under zlib.
func (r *bodyReader) failure(base int) error {
	if r.err == nil {
		return nil
	}
	if !isSentinel(r.err) {
		return r.err
	}
	slices.Reverse(r.path)
	return &codec.Error{Err: r.err, Offset: base + r.failed, Path: r.path}
}

// isSentinel reports whether err says what is wrong with bytes, and not with
// the stream that they come from.
func isSentinel(err error) bool {
	switch err {
	case codec.ErrTruncated, codec.ErrNumber, codec.ErrLength, codec.ErrZlib, codec.ErrFlags, codec.ErrEncrypted,
		codec.ErrBodyTooLarge, codec.ErrInflatedTooBig, codec.ErrTooDeep, codec.ErrTooManyTags, codec.ErrTooMuchMemory:
		return true
	}
	return false
}
