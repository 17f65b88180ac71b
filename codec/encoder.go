package codec

import "encoding/binary"

// Encoder is what generated messages write a body with. Its methods append to
// the slice that they are given and return it, so an Encoder is small and
// usually lives on the stack. The zero value is of no use; call Start.
type Encoder struct {
	flags    Flags
	utf8     bool
	extended bool // some list needed the extended count
	deflater *deflater
	err      error
}

// Start makes e ready for a body under these flags, and returns the slice to
// append to: dst itself, or under FlagZlib memory of e's own. Finish must
// follow.
func (e *Encoder) Start(dst []byte, flags Flags) []byte {
	*e = Encoder{flags: flags, utf8: flags&FlagUTF8Numbers != 0, err: flags.Check()}
	if flags&FlagZlib == 0 || e.err != nil {
		return dst
	}
	e.deflater = deflaters.Get().(*deflater)
	return e.deflater.plain[:0]
}

// Finish returns dst with the body behind it. The body is what was appended
// to what Start returned. On error it returns dst as Start was given it.
func (e *Encoder) Finish(dst, body []byte) ([]byte, error) {
	if e.err != nil {
		return dst, e.err
	}
	begin := len(dst)
	if e.deflater != nil {
		begin = 0
	}
	if e.extended && e.flags&FlagLargeTagCount == 0 {
		body, e.err = e.cut(body, begin)
	} else if len(body)-begin > e.mostCoded() {
		e.err = ErrNotEncodable
	}
	if e.deflater == nil {
		if e.err != nil {
			return dst, e.err
		}
		return body, nil
	}
	z := e.deflater
	z.plain = body
	if e.err == nil {
		dst, e.err = z.appendDeflated(dst)
	}
	deflaters.Put(z)
	return dst, e.err
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

// mostCoded returns the size of a body up to which each TAGLEN is sure to be
// codable. A tag of three coded bytes, the shortest, counts seven.
func (e *Encoder) mostCoded() int {
	if e.utf8 {
		return maxNumber / 7 * 3
	}
	return min(maxInt, 1<<32-1)
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

// UTF8 reports whether numbers are UTF-8 coded, so that Open must be told the
// size of a tag's children beforehand.
func (e *Encoder) UTF8() bool { return e.utf8 }

// smallHead returns the head of a tag as the first bytes of a word, and how
// many they are. Coded, the type and the length must be below 0x80.
func (e *Encoder) smallHead(name TagName, t Type, length uint32) (word uint64, size int) {
	coded := uint64(name) << 1
	if !e.utf8 {
		return coded<<48 | uint64(t)<<40 | uint64(length)<<8, headSize
	}
	rest := uint64(t)<<8 | uint64(length)
	switch {
	case coded < 0x80:
		return (coded<<16 | rest) << 40, 3
	case coded < 0x800:
		return (0xc080<<16 | coded>>6<<24 | coded&0x3f<<16 | rest) << 32, 4
	default:
		return (0xe08080<<16 | coded>>12<<32 | coded>>6&0x3f<<24 | coded&0x3f<<16 | rest) << 24, 5
	}
}

// AppendUint appends a tag without children whose own data is v, in the
// narrowest integer type.
func (e *Encoder) AppendUint(dst []byte, name TagName, v uint64) []byte {
	n := len(dst)
	if cap(dst)-n < 16 {
		return e.appendLeaf(dst, name, UintPayload(v))
	}
	class := integerClass(v)
	word, size := e.smallHead(name, TypeUint8+Type(class), 1<<class)
	room := dst[n : n+16]
	binary.BigEndian.PutUint64(room, word)
	binary.BigEndian.PutUint64(room[size:], v<<(64-8<<class))
	return dst[:n+size+1<<class]
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
	if cap(dst)-n < 8+length || e.utf8 && length >= 0x80 {
		return e.appendLeaf(dst, name, textPayload(t, text))
	}
	word, size := e.smallHead(name, t, uint32(length))
	binary.BigEndian.PutUint64(dst[n:n+8], word)
	end := n + size + length
	dst = dst[:end]
	copy(dst[n+size:], text)
	dst[end-1] = 0
	return dst
}

// AppendBytes appends a tag without children whose own data are these bytes.
func (e *Encoder) AppendBytes(dst []byte, name TagName, t Type, data []byte) []byte {
	return e.appendLeaf(dst, name, BytesPayload(t, data))
}

// AppendIPv4 appends an IPV4 tag without children.
func (e *Encoder) AppendIPv4(dst []byte, name TagName, value IPv4) []byte {
	return e.appendLeaf(dst, name, IPv4Payload(value))
}

// AppendEmpty appends a CUSTOM tag without own data and without children.
func (e *Encoder) AppendEmpty(dst []byte, name TagName) []byte {
	return e.appendLeaf(dst, name, Payload{Type: TypeCustom})
}

// AppendSwitch appends the tag that s stands for. SwitchAbsent is written as
// an integer 0: the caller has decided that the tag is there.
func (e *Encoder) AppendSwitch(dst []byte, name TagName, s Switch) []byte {
	return e.appendLeaf(dst, name, SwitchPayload(s))
}

func (e *Encoder) appendLeaf(dst []byte, name TagName, own Payload) []byte {
	dst = appendHead(dst, e.flags, name, own.Type, uint32(own.size()), false)
	return own.append(dst)
}

// AppendTags appends untyped tags, such as those that a message did not know.
func (e *Encoder) AppendTags(dst []byte, tags []Tag) []byte {
	if len(tags) == 0 {
		return dst
	}
	w := treeWriter{flags: e.flags | FlagLargeTagCount}
	w.measure(tags)
	e.extended = e.extended || w.extended
	if w.badName && e.err == nil {
		e.err = ErrTagName
	}
	return w.append(dst, tags)
}

// Open appends the head of a tag whose children follow. Under UTF8 their size
// must be given. Close must be called with the mark that Open returns.
func (e *Encoder) Open(dst []byte, name TagName, own Payload, children Size) (out []byte, mark int) {
	mark = len(dst)
	if !e.utf8 {
		return append(appendHead(dst, e.flags, name, own.Type, 0, true), 0, 0), mark
	}
	length := uint32(children.Logical + int64(own.size()))
	dst = appendHead(dst, e.flags, name, own.Type, length, children.Count > 0)
	if children.Count > 0 {
		dst = e.appendCount(dst, children.Count)
	}
	return dst, mark
}

// Close completes the tag that Open began, behind whose head count children
// were appended: with its own data and, in the fixed form, its length.
func (e *Encoder) Close(dst []byte, mark, count int, own Payload) []byte {
	if e.utf8 {
		return own.append(dst)
	}
	begin := mark + headSize
	if count == 0 {
		dst[mark+1] &^= 1
		dst = dst[:begin]
	} else {
		dst = e.patchCount(dst, begin, count)
		begin += logicalCountSize(count, FlagLargeTagCount)
	}
	dst = own.append(dst)
	binary.BigEndian.PutUint32(dst[mark+3:], uint32(len(dst)-begin))
	return dst
}

// OpenBody appends the opcode and the count with which a body begins.
// CloseBody must be called with the mark that OpenBody returns.
func (e *Encoder) OpenBody(dst []byte, op Opcode, children Size) (out []byte, mark int) {
	dst = e.AppendOpcode(dst, op)
	mark = len(dst)
	return e.appendCount(dst, children.Count), mark
}

// CloseBody completes the body that OpenBody began, behind whose count this
// many tags were appended.
func (e *Encoder) CloseBody(dst []byte, mark, count int) []byte {
	if e.utf8 {
		return dst
	}
	return e.patchCount(dst, mark, count)
}

// appendCount appends a count as if FlagLargeTagCount were set; Finish mends
// it where it is not.
func (e *Encoder) appendCount(dst []byte, count int) []byte {
	e.extended = e.extended || count >= largeCount
	return appendCount(dst, count, e.flags|FlagLargeTagCount)
}

func (e *Encoder) patchCount(dst []byte, at, count int) []byte {
	e.extended = e.extended || count >= largeCount
	return patchCount(dst, at, count, FlagLargeTagCount)
}
