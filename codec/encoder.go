package codec

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
	"sync"
	"unsafe"
)

// Encoder is what generated messages write a body with. Its methods append to
// the slice that they are given and return it. Get one from NewEncoder.
type Encoder struct {
	flags    Flags
	utf8     bool
	extended bool // some list needed the extended count
	deflater *deflater
	err      error

	// saved is how many bytes less the tags appended so far take than they
	// count logically, because their heads are coded.
	saved int

	tags int // appended so far to the tag or body that was opened last
}

var encoders = sync.Pool{New: func() any { return new(Encoder) }}

// NewEncoder returns an Encoder for a body under these flags, and the slice to
// append to: dst itself, or under FlagZlib memory of the Encoder's own. Finish
// must follow.
func NewEncoder(dst []byte, flags Flags) (*Encoder, []byte) {
	e := encoders.Get().(*Encoder)
	*e = Encoder{flags: flags, utf8: flags&FlagUTF8Numbers != 0, err: flags.Check()}
	if flags&FlagZlib == 0 || e.err != nil {
		return e, dst
	}
	e.deflater = deflaters.Get().(*deflater)
	return e, e.deflater.plain[:0]
}

// Finish returns dst with the body behind it. The body is what was appended
// to what NewEncoder returned. On error it returns dst as NewEncoder was given
// it. The Encoder must not be used any more.
func (e *Encoder) Finish(dst, body []byte) ([]byte, error) {
	begin := len(dst)
	if e.deflater != nil {
		begin = 0
	}
	if uint64(len(body)-begin) > math.MaxUint32 && e.err == nil {
		e.err = ErrNotEncodable
	}
	if e.extended && e.flags&FlagLargeTagCount == 0 && e.err == nil {
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

// putSmallHead writes the head of a tag without children to room in UTF-8 coded
// numbers, and returns how many bytes it took. The type must be below 0x80 and
// the length below 0x800.
func (e *Encoder) putSmallHead(room *[8]byte, name TagName, t Type, length uint64) int {
	behind, size := uint64(t)<<56|length<<48, 2
	if length >= 0x80 {
		behind, size = uint64(t)<<56|(0xc080|length>>6<<8|length&0x3f)<<40, 3
	}
	word, nameSize := codeName(name, behind)
	size += nameSize
	binary.BigEndian.PutUint64(room[:], word)
	e.saved += headSize - size
	return size
}

// codeName returns a word that begins with the coded name of a tag without
// children and goes on with behind, and how many bytes the name has.
func codeName(name TagName, behind uint64) (word uint64, size int) {
	switch coded := uint64(name) << 1; {
	case coded >= 0x800:
		return (0xe08080|coded>>12<<16|coded>>6&0x3f<<8|coded&0x3f)<<40 | behind>>24, 3
	case coded >= 0x80:
		return (0xc080|coded>>6<<8|coded&0x3f)<<48 | behind>>16, 2
	default:
		return coded<<56 | behind>>8, 1
	}
}

// AppendUint appends a tag without children whose own data is v, in the
// narrowest integer type.
func (e *Encoder) AppendUint(dst []byte, name TagName, v uint64) []byte {
	n := len(dst)
	if cap(dst)-n < 16 {
		return e.appendUint(dst, name, v)
	}
	e.tags++
	form := &integerForms[bits.Len64(v)]
	room := dst[n : n+16]
	if !e.utf8 {
		binary.BigEndian.PutUint64(room, headWord(name, 0, 0)|form.word)
		binary.BigEndian.PutUint64(room[headSize:], v<<(form.shift&63))
		return dst[:n+form.size]
	}
	word, nameSize := codeName(name, form.coded)
	binary.BigEndian.PutUint64(room, word)
	binary.BigEndian.PutUint64(room[nameSize+2:], v<<(form.shift&63))
	e.saved += headSize - 2 - nameSize
	return dst[:n+form.size-(headSize-2)+nameSize]
}

// appendUint is AppendUint where there may be no room.
func (e *Encoder) appendUint(dst []byte, name TagName, v uint64) []byte {
	return e.appendLeaf(dst, name, UintPayload(v))
}

// integerForm says how an integer is written. All fields are words, which take
// the fewest instructions to load.
type integerForm struct {
	word  uint64 // type and length, where a head's word has them
	coded uint64 // type and length in the highest bytes, as they are coded
	size  int    // of the tag in the fixed form
	shift uint64 // which brings the integer to the upper end of a word
}

// integerForms has by bits.Len64 of an integer its narrowest form.
var integerForms = func() (forms [65]integerForm) {
	for n := range forms {
		class := integerClass(math.MaxUint64 >> (64 - n))
		length := 1 << class
		t := TypeUint8 + Type(class)
		forms[n] = integerForm{headWord(0, t, uint32(length)), uint64(t)<<56 | uint64(length)<<48, headSize + length, uint64(64 - 8*length)}
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
	return e.appendText(dst, name, TypeString, text)
}

// AppendDouble appends a DOUBLE tag without children.
func (e *Encoder) AppendDouble(dst []byte, name TagName, value Double) []byte {
	return e.appendText(dst, name, TypeDouble, string(value))
}

func (e *Encoder) appendText(dst []byte, name TagName, t Type, text string) []byte {
	n := len(dst)
	length := len(text) + 1
	if cap(dst)-n < 8+length || e.utf8 && length >= 0x800 {
		return e.appendLeaf(dst, name, textPayload(t, text))
	}
	e.tags++
	begin := n + headSize
	if room := (*[8]byte)(dst[n : n+8]); !e.utf8 {
		binary.BigEndian.PutUint64(room[:], headWord(name, t, uint32(length)))
	} else {
		begin = n + e.putSmallHead(room, name, t, uint64(length))
	}
	dst = dst[:begin+length]
	dst[begin+length-1] = 0
	if n := len(text); n >= leastInPieces && n <= mostInPieces {
		copyPieces(unsafe.Pointer(&dst[begin]), unsafe.Pointer(unsafe.StringData(text)), n)
	} else {
		copy(dst[begin:], text)
	}
	return dst
}

// AppendBytes appends a tag without children whose own data are these bytes.
func (e *Encoder) AppendBytes(dst []byte, name TagName, t Type, data []byte) []byte {
	n := len(dst)
	if cap(dst)-n < 8+len(data) || e.utf8 && len(data) >= 0x800 {
		return e.appendLeaf(dst, name, BytesPayload(t, data))
	}
	e.tags++
	begin := n + headSize
	if room := (*[8]byte)(dst[n : n+8]); !e.utf8 {
		binary.BigEndian.PutUint64(room[:], headWord(name, t, uint32(len(data))))
	} else {
		begin = n + e.putSmallHead(room, name, t, uint64(len(data)))
	}
	dst = dst[:begin+len(data)]
	copy(dst[begin:], data)
	return dst
}

// AppendHash appends a HASH16 tag without children.
func (e *Encoder) AppendHash(dst []byte, name TagName, hash *Hash) []byte {
	n := len(dst)
	if cap(dst)-n < 8+len(hash) {
		return e.appendLeaf(dst, name, BytesPayload(TypeHash16, hash[:]))
	}
	e.tags++
	begin := n + headSize
	if room := (*[8]byte)(dst[n : n+8]); !e.utf8 {
		binary.BigEndian.PutUint64(room[:], headWord(name, TypeHash16, uint32(len(hash))))
	} else {
		begin = n + e.putSmallHead(room, name, TypeHash16, uint64(len(hash)))
	}
	dst = dst[:begin+len(hash)]
	*(*Hash)(dst[begin:]) = *hash
	return dst
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
	e.tags++
	n := len(dst)
	dst = appendHead(dst, e.flags, name, own.Type(), uint32(own.size()), false)
	e.saved += headSize - (len(dst) - n)
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
	e.saved += int(w.measure(tags)) - w.coded
	e.tags += len(tags)
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
	saved   int // Encoder.saved before them
	tags    int // Encoder.tags before them
}

// usualSize is the size that type, length and count are expected to have when
// they are coded: a length from 128 to 2,047, and up to 127 children. Close
// makes room where they have not.
const usualSize = 1 + 2 + 1

// Open leaves room for the head of a tag whose children follow. Close must be
// called with the mark that Open returns.
func (e *Encoder) Open(dst []byte, name TagName) ([]byte, Mark) {
	start := len(dst)
	if !e.utf8 {
		dst = append(binary.BigEndian.AppendUint64(dst, 0), 0) // a head of seven bytes, and the count
	} else {
		dst = append(appendNumber(dst, uint32(name)<<1|1), 0, 0, 0, 0)
	}
	mark := Mark{start, len(dst), e.saved, e.tags}
	e.tags = 0
	return dst, mark
}

// Close completes the tag that Open began, behind whose head children were
// appended: it writes the head and their count, and appends its own data.
func (e *Encoder) Close(dst []byte, name TagName, mark Mark, own Payload) []byte {
	count := e.tags
	e.tags = mark.tags + 1
	logical := len(dst) - mark.content + e.saved - mark.saved + own.size()
	if !e.utf8 {
		return e.closeFixed(dst, name, mark, logical, count, own)
	}
	if uint(logical-0x80) < 0x800-0x80 && uint(count-1) < 0x80-1 && own.Type() < 0x80 { // as Open expects it
		room := dst[mark.content-usualSize : mark.content]
		room[0], room[1], room[2], room[3] = byte(own.Type()), 0xc0|byte(logical>>6), 0x80|byte(logical&0x3f), byte(count)
		e.saved += headSize + logicalCountSize(count, FlagLargeTagCount) - (mark.content - mark.start)
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
	e.saved += headSize + logicalCountSize(count, FlagLargeTagCount) - len(head)
	if mark.start+len(head) == mark.content {
		copy(dst[mark.start:], head)
	} else {
		dst = slices.Replace(dst, mark.start, mark.content, head...)
	}
	return own.append(dst)
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
	e.tags = 0
	return dst, Mark{start: start, content: len(dst)}
}

// CloseBody completes the body that OpenBody began, behind whose count tags
// were appended.
func (e *Encoder) CloseBody(dst []byte, mark Mark) []byte {
	var room [12]byte
	coded := e.appendCount(room[:0], e.tags)
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
	body := appendTag([]byte{0, 0, 1}, &e, 0)
	var p Packet
	if err := p.UnmarshalBody(body, e.flags); err != nil || len(p.Tags) != 1 {
		return Tag{}
	}
	return p.Tags[0]
}
