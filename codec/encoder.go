package codec

import (
	"encoding/binary"
	"io"
	"math"
	"math/bits"
	"slices"
	"sync"
)

// Encoder is what generated messages write a body with. Its methods append to
// the slice that they are given and return it. Get one from NewEncoder, append
// the body, and give it to Grow and to Finish.
type Encoder struct {
	flags    Flags
	utf8     bool
	extended bool // some list needed the extended count
	deflater *deflater
	err      error

	tally   tally  // of the tags appended so far to the body and to tags that are open; tags that are closed are one with what is in them
	missing uint64 // the size of all tags for which there was no room
	spare   uint64 // what Grow last made room for beyond what was needed
}

// tally is a number of tags, in the lowest bits, and above them by how many
// bytes less they take than they count logically, because their heads are coded
// or because they are missing. Both are in one word because each tag adds to
// both.
type tally int64

const (
	oneTag    tally = 1
	savedByte tally = 1 << 31
)

func (t tally) tags() int  { return int(t & (savedByte - 1)) }
func (t tally) saved() int { return int(t >> 31) }

var encoders = sync.Pool{New: func() any { return new(Encoder) }}

// NewEncoder returns an Encoder for a body under these flags, and the slice to
// append to: dst itself, or under FlagZlib memory of the Encoder's own. Finish
// must follow, also when nothing was appended.
func NewEncoder(dst []byte, flags Flags) (*Encoder, []byte) {
	e := encoders.Get().(*Encoder)
	*e = Encoder{flags: flags, utf8: flags&FlagUTF8Numbers != 0, err: flags.Check()}
	if flags&FlagZlib == 0 || e.err != nil {
		return e, dst
	}
	e.deflater = deflaters.Get().(*deflater)
	return e, e.deflater.plain[:0]
}

// Grow reports whether tags are missing from body, which is what was appended
// to dst, because there was no room for them. Then it gives dst room for all,
// and the body must be appended to it once more.
func (e *Encoder) Grow(dst *[]byte, body []byte) (again bool) {
	if e.missing == 0 {
		return false
	}
	// While a tag is open its head may take a little more than in the end.
	spare := max(64, 16*e.spare)
	size := uint64(len(body)-len(*dst)) + e.missing + spare
	if size > math.MaxUint32 || size > math.MaxInt {
		e.fail(ErrNotEncodable)
	}
	if e.err != nil {
		return false
	}
	*dst = slices.Grow(*dst, int(size))
	*e = Encoder{flags: e.flags, utf8: e.utf8, deflater: e.deflater, spare: spare}
	return true
}

// Finish returns dst with the body behind it. The body is what was appended
// to what NewEncoder returned, as Grow left it. On error it returns dst as
// NewEncoder was given it. The error is io.ErrShortBuffer when Grow was not
// called though tags are missing. The Encoder must not be used any more.
func (e *Encoder) Finish(dst, body []byte) ([]byte, error) {
	begin := len(dst)
	if e.deflater != nil {
		begin = 0
	}
	switch {
	case e.err != nil:
	case uint64(len(body)-begin) > math.MaxUint32:
		e.err = ErrNotEncodable
	case e.missing > 0:
		e.err = io.ErrShortBuffer
	case e.extended && e.flags&FlagLargeTagCount == 0:
		body, e.err = e.cut(body, begin)
	}
	if e.deflater != nil {
		e.deflater.plain = body
		body = dst
		if e.err == nil {
			body, e.err = e.deflater.appendDeflated(dst)
		}
		deflaters.Put(e.deflater)
	}
	err := e.err
	encoders.Put(e)
	if err != nil {
		return dst, err
	}
	return body, nil
}

// cut writes the body at body[begin:], which has the extended counts that its
// flags do not allow, again: with lists cut short as aMule cuts them.
func (e *Encoder) cut(body []byte, begin int) ([]byte, error) {
	var p Packet
	plain := e.flags &^ FlagZlib
	if err := p.UnmarshalBody(body[begin:], plain|FlagLargeTagCount); err != nil {
		return body, err
	}
	return p.AppendBody(body[:begin], plain)
}

// AppendOpcode appends the opcode with which a body begins.
func (e *Encoder) AppendOpcode(dst []byte, op Opcode) []byte {
	if e.utf8 {
		return appendNumber(dst, uint32(op))
	}
	return append(dst, byte(op))
}

// opcodeSize returns the number of bytes that AppendOpcode appends.
func opcodeSize(flags Flags, op Opcode) int {
	if flags&FlagUTF8Numbers != 0 {
		return numberSize(uint32(op))
	}
	return 1
}

// AppendIPv4 appends an IPV4 tag without children.
func (e *Encoder) AppendIPv4(dst []byte, name TagName, value IPv4) []byte {
	return e.appendLeaf(dst, name, IPv4Payload(value))
}

// AppendEmpty appends a CUSTOM tag without own data and without children.
func (e *Encoder) AppendEmpty(dst []byte, name TagName) []byte {
	return e.appendLeaf(dst, name, NoPayload())
}

// AppendSwitch appends the tag that s stands for. SwitchAbsent is written as
// an integer 0: the caller has decided that the tag is there.
func (e *Encoder) AppendSwitch(dst []byte, name TagName, s Switch) []byte {
	return e.appendLeaf(dst, name, SwitchPayload(s))
}

func (e *Encoder) appendLeaf(dst []byte, name TagName, own Payload) []byte {
	n := len(dst)
	dst = appendHead(dst, e.flags, name, own.Type(), uint32(own.size()), false)
	e.tally += oneTag + savedByte*tally(headSize-(len(dst)-n))
	return own.append(dst)
}

// AppendUnknown appends the tags that a message did not know.
func (e *Encoder) AppendUnknown(dst []byte, tags []Tag) []byte {
	if len(tags) == 0 {
		return dst
	}
	return e.appendUnknown(dst, tags)
}

func (e *Encoder) appendUnknown(dst []byte, tags []Tag) []byte {
	tags = withoutOwn(tags)
	w := treeWriter{flags: e.flags | FlagLargeTagCount}
	logical := int(w.measure(tags))
	e.tally += oneTag*tally(len(tags)) + savedByte*tally(logical-w.coded)
	e.extended = e.extended || w.extended
	if err := w.check(); err != nil {
		e.fail(err)
	}
	return w.append(dst, tags)
}

// AppendEmpties appends an empty tag for each bit of one word of a message's
// presence bits, but for fields that are among the message's tags from begin
// on: they got a value since they were read as empty.
func (e *Encoder) AppendEmpties(dst []byte, begin int, s *Shape, word int, empties uint64) []byte {
	for rest := empties &^ e.wrote(dst[begin:], s, word); rest != 0; rest &= rest - 1 {
		dst = e.AppendEmpty(dst, s.Fields[64*word+bits.TrailingZeros64(rest)].Tag)
	}
	return dst
}

// wrote returns the presence bits, of one word, of the fields that tags has.
func (e *Encoder) wrote(tags []byte, s *Shape, word int) (fields uint64) {
	d := Decoder{flags: e.flags&^FlagZlib | FlagLargeTagCount, depth: math.MaxInt, tags: math.MaxInt}
	d.setBody(tags)
	for at := 0; at >= 0 && at < len(tags); {
		h := d.Head(at)
		if i := s.Index(h.Name()) - 64*word; i >= 0 && i < 64 {
			fields |= 1 << i
		}
		at = d.skip(h)
	}
	return fields
}

// Mark is the place of a tag or body whose children are being appended.
type Mark struct {
	start   int // of the tag; of the count in a body
	content int // where the children begin
	before  tally
}

// usualSize is the size that type, length and count are expected to have when
// they are coded: a length from 128 to 2,047, and up to 127 children. Close
// makes room where they have not.
const usualSize = 1 + 2 + 1

// Open leaves room for the head of a tag whose children follow. Close must be
// called with the mark that Open returns.
func (e *Encoder) Open(dst []byte, name TagName) ([]byte, Mark) {
	start := len(dst)
	switch {
	case !e.utf8:
		dst = append(binary.BigEndian.AppendUint64(dst, 0), 0) // a head of seven bytes, and the count
	case cap(dst)-start < 8:
		dst = append(appendNumber(dst, uint32(name)<<1|1), 0, 0, 0, 0)
	default:
		word, size := codeBefore(0, uint64(name)<<1|1)
		binary.BigEndian.PutUint64(dst[start:start+8], word)
		dst = dst[:start+size+usualSize]
	}
	return dst, Mark{start, len(dst), e.tally}
}

// Close completes the tag that Open began, behind whose head children were
// appended: it writes the head and their count, and appends its own data.
func (e *Encoder) Close(dst []byte, name TagName, mark Mark, own Payload) []byte {
	within := e.tally - mark.before
	count := within.tags()
	e.tally -= oneTag * tally(count-1) // they and their parent are one
	logical := len(dst) - mark.content + within.saved() + own.size()
	if !e.utf8 {
		return e.closeFixed(dst, name, mark, logical, count, own)
	}
	if uint(logical-0x80) < 0x800-0x80 && uint(count-1) < 0x80-1 && own.Type() < 0x80 { // as Open expects it
		room := dst[mark.content-usualSize : mark.content]
		room[0], room[1], room[2], room[3] = byte(own.Type()), 0xc0|byte(logical>>6), 0x80|byte(logical&0x3f), byte(count)
		e.tally += savedByte * tally(headSize+logicalCountSize(count, FlagLargeTagCount)-(mark.content-mark.start))
		return own.append(dst)
	}
	return e.closeCoded(dst, name, mark, logical, count, own)
}

// closeCoded is Close for UTF-8 coded numbers of any size.
func (e *Encoder) closeCoded(dst []byte, name TagName, mark Mark, logical, count int, own Payload) []byte {
	if uint64(logical) > maxNumber {
		e.fail(ErrNotEncodable)
		return dst
	}
	var room [24]byte
	head := appendHead(room[:0], e.flags, name, own.Type(), uint32(logical), count > 0)
	if count > 0 {
		head = e.appendCount(head, count)
	}
	e.tally += savedByte * tally(headSize+logicalCountSize(count, FlagLargeTagCount)-len(head))
	return own.append(slices.Replace(dst, mark.start, mark.content, head...))
}

// closeFixed is Close for the fixed form.
func (e *Encoder) closeFixed(dst []byte, name TagName, mark Mark, logical, count int, own Payload) []byte {
	if uint64(logical) > math.MaxUint32 {
		e.fail(ErrNotEncodable)
		return dst
	}
	head := dst[mark.start : mark.start+headSize+2]
	binary.BigEndian.PutUint64(head, headWord(name, own.Type(), uint32(logical))|childrenBit)
	switch {
	case count == 0:
		head[1] &^= 1
		dst = dst[:mark.start+headSize]
	case count < largeCount:
		binary.BigEndian.PutUint16(head[headSize:], uint16(count))
	default:
		e.extended = true
		dst = patchCount(dst, mark.start+headSize, count, FlagLargeTagCount)
	}
	return own.append(dst)
}

// OpenBody appends the opcode with which a body begins, and room for a count
// that is expected to be about guess. CloseBody must be called with the mark
// that OpenBody returns.
func (e *Encoder) OpenBody(dst []byte, op Opcode, guess int) ([]byte, Mark) {
	dst = e.AppendOpcode(dst, op)
	start := len(dst)
	dst = appendCount(dst, guess, e.flags|FlagLargeTagCount)
	return dst, Mark{start, len(dst), e.tally}
}

// CloseBody completes the body that OpenBody began, behind whose count tags
// were appended.
func (e *Encoder) CloseBody(dst []byte, mark Mark) []byte {
	var room [12]byte
	coded := e.appendCount(room[:0], (e.tally - mark.before).tags())
	if mark.start+len(coded) == mark.content {
		copy(dst[mark.start:], coded)
		return dst
	}
	return slices.Replace(dst, mark.start, mark.content, coded...)
}

// appendCount appends a count as if FlagLargeTagCount were set; Finish mends
// it where it is not.
func (e *Encoder) appendCount(dst []byte, count int) []byte {
	e.extended = e.extended || count >= largeCount
	return appendCount(dst, count, e.flags|FlagLargeTagCount)
}

// fail keeps the first error for Finish.
func (e *Encoder) fail(err error) {
	if e.err == nil {
		e.err = err
	}
}

// TagOf returns the tag that a generated object's method appends, as an
// untyped tag.
func TagOf(appendTag func(dst []byte, e *Encoder, name TagName) []byte) Tag {
	e := Encoder{flags: FlagBase | FlagLargeTagCount}
	dst := []byte{0, 0, 1} // opcode and count
	body := appendTag(dst, &e, 0)
	for e.Grow(&dst, body) {
		body = appendTag(dst, &e, 0)
	}
	var p Packet
	if err := p.UnmarshalBody(body, e.flags); err != nil || len(p.Tags) != 1 {
		return Tag{}
	}
	return p.Tags[0]
}
