package codec

import (
	"slices"
	"strings"
	"sync"
	"unsafe"
)

// Mode says how a typed message takes what it reads.
type Mode uint8

// The bits of a Mode. Zero means: forget what was there, and copy.
const (
	// Merge keeps the fields whose tags are absent, as an incremental update
	// wants it.
	Merge Mode = 1 << iota

	// Share lets strings and bytes alias the body instead of copying them.
	// They are valid until the body's memory is used again.
	Share
)

// Decoder is what generated messages read a body with. It checks bounds and
// limits, and keeps the first error. Offsets are handed around as values. Get
// one from NewDecoder.
type Decoder struct {
	body      []byte
	base      unsafe.Pointer // of body
	fixedRoom int            // the number of offsets at which there may be a head that IsFixed takes
	codedRoom int            // the same for IsCoded5 and IsCoded4
	saved     int            // what heads and counts so far are shorter on the wire than TAGLEN counts them
	flags     Flags
	mode      Mode
	depth     int   // levels left
	allowance int64 // bytes that may still be allocated
	tags      int   // tags left, as setTagBudget says
	tagLimit  int

	tooManyTags error
	texts       []byte
	err         *Error

	opcodeRead bool

	inflater *inflater // whose memory body is, until Finish
	corrupt  []byte    // the zlib stream, if it is corrupt behind what became body
}

var decoders = sync.Pool{New: func() any { return new(Decoder) }}

// NewDecoder returns a Decoder for a body whose packet had these flags. Under
// FlagZlib body is what was transmitted, and is inflated here. An error is
// kept until Finish, which must be called.
func NewDecoder(body []byte, flags Flags, mode Mode, limits Limits) *Decoder {
	budgets := limits.Budgets()
	d := decoders.Get().(*Decoder)
	*d = Decoder{
		flags: flags,
		mode:  mode,
		depth: budgets.Depth,

		tagLimit: budgets.Tags,
	}
	if err := flags.Check(); err != nil {
		d.fail(err, 0)
		return d
	}
	transmitted := len(body)
	if flags&FlagZlib != 0 {
		body = d.inflate(body, limits)
	}
	d.setBody(body)
	d.allowance = budgets.allowance(transmitted, len(body))
	d.setTagBudget(len(body), d.tagLimit)
	return d
}

func (d *Decoder) setBody(body []byte) {
	d.body, d.base = body, unsafe.Pointer(unsafe.SliceData(body))
	if d.flags&FlagUTF8Numbers == 0 {
		d.fixedRoom = max(0, len(body)-fixedNeed+1)
	} else {
		d.codedRoom = max(0, len(body)-codedNeed+1)
	}
}

// inflate returns the inflated body: in memory of its own when strings may
// alias it, else in memory that Finish gives back. What is wrong with the
// stream matters only when the tree needs the bytes that are missing (aMule
// inflates no further than it reads), unless the stream just ends or a limit
// is reached.
func (d *Decoder) inflate(deflated []byte, limits Limits) (body []byte) {
	z := inflaters.Get().(*inflater)
	err := z.inflate(deflated, limits)
	body = z.out
	if d.Sharing() {
		z.out = nil
		inflaters.Put(z)
	} else {
		d.inflater = z
	}
	if err == ErrZlib {
		d.corrupt = deflated
	} else if err != nil {
		d.fail(err, len(body))
	}
	return body
}

// Opcode reads the opcode, with which a body begins, and the count of the
// tags that follow. It returns the offset of the first of them.
func (d *Decoder) Opcode() (op Opcode, count, at int) {
	if d.err != nil {
		return 0, 0, -1
	}
	value, at := d.number(0, 1)
	if at < 0 {
		return 0, 0, at
	}
	d.opcodeRead = true
	count, next := d.count(at)
	if next < 0 || !d.expect(count, at) {
		return Opcode(value), 0, -1
	}
	return Opcode(value), count, next
}

// Expect is Opcode for a message that knows its opcode: another one is
// ErrOpcode.
func (d *Decoder) Expect(op Opcode) (count, at int) {
	got, count, at := d.Opcode()
	if at >= 0 && got != op {
		return 0, d.fail(ErrOpcode, 0)
	}
	return count, at
}

// Len returns how many bytes the body has, after inflating.
func (d *Decoder) Len() int { return len(d.body) }

// Merging reports whether absent fields keep their values.
func (d *Decoder) Merging() bool { return d.mode&Merge != 0 }

// Sharing reports whether strings and bytes alias the body.
func (d *Decoder) Sharing() bool { return d.mode&Share != 0 }

// Open goes down to the children of the tag that h heads. It returns their
// number, which may be 0, the offset of the first, and what Close, which must
// follow unless at is negative, takes as opened.
func (d *Decoder) Open(h Head) (count, at, opened int) {
	if !h.HasChildren() {
		return 0, h.At(), 0
	}
	if d.depth--; d.depth < 0 {
		return 0, d.fail(ErrTooDeep, h.End), 0
	}
	if !d.expect(int(h.value), h.End) {
		return 0, -1, 0
	}
	return int(h.value), h.End, h.End + d.saved
}

// Close reads the own data behind the children, which end at offset at. The
// logical size of the children is what they subtract from TAGLEN. It returns
// where the own data begins and ends, which is where the tag ends too; end is
// negative when the tag is shorter than its children or the body ends.
func (d *Decoder) Close(h Head, at, opened int) (begin, end int) {
	switch {
	case at < 0:
		return at, at
	case !h.HasChildren():
		return h.At(), h.End
	}
	d.depth++
	own := int64(h.Length()) - int64(at+d.saved-opened)
	switch {
	case own < 0:
		return at, d.fail(ErrLength, h.End)
	case own > int64(len(d.body)-at):
		return at, d.fail(ErrTruncated, at)
	}
	return at, at + int(own)
}

// Mark and Rewind allow to read heads again: Rewind takes what Mark returned
// before the first of them was read.
func (d *Decoder) Mark() int { return d.saved }

// Rewind goes back to a Mark.
func (d *Decoder) Rewind(mark int) { d.saved = mark }

// Integer returns what own data of this type from begin to end says: the
// value, and whether it is an integer of its exact length.
func (d *Decoder) Integer(t Type, begin, end int) (v uint64, ok bool) {
	class := t - TypeUint8
	if class > TypeUint64-TypeUint8 || end-begin != 1<<class {
		return 0, false
	}
	for _, c := range d.body[begin:end] {
		v = v<<8 | uint64(c)
	}
	return v, true
}

// IsText reports whether the tag has this type, text that ends in a NUL, and
// no children.
func (d *Decoder) IsText(h Head, t Type) bool { return h.Is(t) && d.endsInNUL(h.At(), h.End) }

// MayBeText reports whether text that ends in a NUL may stand in the tag.
func (d *Decoder) MayBeText(h Head, t Type) bool {
	return h.Type() == t && (h.HasChildren() || d.endsInNUL(h.At(), h.End))
}

// OwnText reports whether the own data from begin to end of a tag with
// children are text that ends in a NUL.
func (d *Decoder) OwnText(h Head, t Type, begin, end int) bool {
	return h.Type() == t && d.endsInNUL(begin, end)
}

func (d *Decoder) endsInNUL(begin, end int) bool { return begin < end && d.body[end-1] == 0 }

// Text returns the text from begin to end, whose last byte is a NUL that is
// left out. It is old itself when that is equal, else a copy, or when sharing
// an alias of the body.
func (d *Decoder) Text(begin, end int, old string) string {
	if d.mode >= Share {
		return unsafe.String(&d.body[begin], end-1-begin)
	}
	return d.copyText(begin, end, old)
}

// copyText returns old when it is the text from begin to end, else a copy.
func (d *Decoder) copyText(begin, end int, old string) string {
	b := d.body[begin : end-1]
	switch {
	case len(b) == 0:
		return ""
	case string(b) == old:
		return old
	}
	b = d.copyBytes(begin, end-1)
	return unsafe.String(&b[0], len(b))
}

// Bytes returns the bytes from begin to end, which may be none: old itself
// when that is equal, else a copy, or when sharing an alias of the body. It
// never returns nil.
func (d *Decoder) Bytes(begin, end int, old []byte) []byte {
	b := d.body[begin:end:end]
	switch {
	case d.Sharing():
		return b
	case len(b) == 0:
		return []byte{}
	case string(b) == string(old):
		return old
	}
	return d.copyBytes(begin, end)
}

// textBlock is the size of the blocks that strings are copied into. A body
// that is smaller needs one block; of a larger one a string that is kept for
// long does not hold on to all others.
const textBlock = 64 << 10

// copyBytes copies the bytes from begin to end, at least one, into the
// current block. Memory that is handed out once is never written again.
func (d *Decoder) copyBytes(begin, end int) []byte {
	size := end - begin
	if cap(d.texts)-len(d.texts) < size {
		d.texts = newTextBlock(max(size, min(len(d.body)-begin, textBlock)))
	}
	n := len(d.texts)
	d.texts = d.texts[:n+size]
	if size >= leastInPieces && size <= mostInPieces {
		copyPieces(unsafe.Pointer(&d.texts[n]), unsafe.Pointer(&d.body[begin]), size)
	} else {
		copy(d.texts[n:], d.body[begin:end])
	}
	return d.texts[n : n+size : n+size]
}

// newTextBlock returns an empty slice with room for size bytes, at least one.
// Unlike make it does not clear them: all that is handed out was written before.
func newTextBlock(size int) []byte {
	var block strings.Builder
	block.Grow(size)
	block.WriteByte(0)
	return unsafe.Slice(unsafe.StringData(block.String()), size)[:0]
}

// Hash returns the sixteen bytes at begin.
func (d *Decoder) Hash(begin int) Hash { return Hash(d.body[begin:]) }

// UInt128 returns the sixteen bytes at begin.
func (d *Decoder) UInt128(begin int) UInt128 { return UInt128(d.body[begin:]) }

// IPv4 returns the six bytes at begin.
func (d *Decoder) IPv4(begin int) IPv4 {
	b := d.body[begin : begin+6]
	return IPv4{Address: [4]byte(b), Port: uint16(b[4])<<8 | uint16(b[5])}
}

// Charge takes bytes of memory from the packet's allowance. It returns false
// after failing when that is used up.
func (d *Decoder) Charge(bytes int64, at int) bool {
	if d.allowance -= bytes; d.allowance < 0 {
		d.fail(ErrTooMuchMemory, at)
		return false
	}
	return true
}

// fail keeps the first error and returns a negative offset.
func (d *Decoder) fail(err error, at int) int {
	if d.err == nil {
		d.err = &Error{Err: err, Offset: at}
	}
	return -1
}

// Failed is In for a tag whose head, which Head returned, could not be read:
// if it has no name yet, nothing is added.
func (d *Decoder) Failed(h Head, index int) int {
	if h.End == endNameless {
		return -1
	}
	return d.In(h.Name(), index)
}

// In adds a level to the path of the error on the way up: it happened in the
// tag of this name, which is number index of its parent. It returns a
// negative offset.
func (d *Decoder) In(name TagName, index int) int {
	d.err.Path = append(d.err.Path, Step{Name: name, Index: index})
	return -1
}

// Finish ends reading. The tree ended at offset end, or reading failed and
// end is negative. It returns nil, or the error with the names of op and of
// the tags. The Decoder must not be used any more.
func (d *Decoder) Finish(op Opcode, end int, names Names) error {
	if d.corrupt != nil && d.needsMore(end) {
		d.err = &Error{Err: ErrZlib, Offset: len(d.body)}
	}
	if d.err != nil {
		d.err.opcode, d.err.hasOpcode = op, d.opcodeRead
	}
	return d.release(names)
}

// needsMore reports whether aMule would have gone on in a stream that is
// corrupt behind the body: for bytes of the tree, which ended at offset end, or
// because zlib looks for the end of the stream behind the last of them.
func (d *Decoder) needsMore(end int) bool {
	if d.err != nil {
		return d.err.Err == ErrTruncated
	}
	return end == len(d.body) && !copiesTooFar(d.corrupt, len(d.body))
}

// release gives back the memory of d and returns the error, if any.
func (d *Decoder) release(names Names) error {
	if d.inflater != nil {
		inflaters.Put(d.inflater)
	}
	failure := d.err
	*d = Decoder{}
	decoders.Put(d)
	if failure == nil {
		return nil
	}
	slices.Reverse(failure.Path)
	failure.names = names
	return failure
}
