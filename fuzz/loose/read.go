package loose

import "encoding/binary"

// mostDepth bounds the recursion. What is nested deeper is bytes.
const mostDepth = 2000

// Read reads an input. What it returns aliases data. An input that is too short
// for its form is Bytes.
func Read(form Form, data []byte) Input {
	in := Input{Form: form}
	switch {
	case form == Body && len(data) > 0, form == Tags && len(data) > 0:
		in.Packets = []Packet{readPacket(uint32(data[0]), data[1:], form == Body)}
	case form == Pair && len(data) >= 3:
		said, bodies := int(binary.BigEndian.Uint16(data[1:])), data[3:]
		first := min(said, len(bodies))
		in.Packets = []Packet{readPacket(uint32(data[0]), bodies[:first], true), readPacket(uint32(data[0]), bodies[first:], true)}
		in.Packets[0].Lie = int64(said - first)
	case form == Stream:
		in.frames(data)
	case form == Pieces && len(data) > 0:
		in.Lead = data[0]
		in.frames(data[1:])
	default:
		in.Form, in.Tail = Bytes, data
	}
	return in
}

func (in *Input) frames(stream []byte) {
	const headerSize = 8
	for len(stream) >= headerSize {
		flags, said := binary.BigEndian.Uint32(stream), int64(binary.BigEndian.Uint32(stream[4:]))
		stream = stream[headerSize:]
		size := min(said, int64(len(stream)))
		p := Packet{Flags: flags, Opaque: true, Tail: stream[:size]}
		if flags&FlagZlib == 0 {
			p = readPacket(flags, stream[:size], true)
		}
		p.Lie = said - size
		in.Packets = append(in.Packets, p)
		stream = stream[size:]
	}
	in.Tail = stream
}

// readPacket reads one body.
func readPacket(flags uint32, body []byte, hasOpcode bool) Packet {
	p := Packet{Flags: flags}
	r := reader{body: body, flags: flags}
	if hasOpcode {
		p.Opcode = byte(r.number(1))
	}
	count := r.count(&p.List)
	if r.stuck {
		return Packet{Flags: flags, Opaque: true, Tail: body}
	}
	r.list(&p.List, count)
	p.Tail = body[r.at:]
	return p
}

// reader reads tags until it is stuck: at is then where it could not go on.
type reader struct {
	body  []byte
	at    int
	flags uint32
	depth int
	stuck bool
}

// list reads as many of count tags as there are.
func (r *reader) list(l *List, count int64) {
	for range count {
		before := r.at
		t, ok := r.tag()
		if !ok {
			r.at = before
			break
		}
		l.Tags = append(l.Tags, t)
		if r.stuck {
			break
		}
	}
	l.Lie = count - int64(len(l.Tags))
}

// tag reads a tag. It returns ok when there was a head.
func (r *reader) tag() (t Tag, ok bool) {
	coded := r.number(2)
	t = Tag{Name: uint16(coded >> 1), Type: byte(r.number(1)), Parent: coded&1 != 0}
	t.length = r.number(4)
	var count int64
	if t.Parent {
		count = r.count(&t.Children)
	}
	if r.stuck || r.depth == mostDepth {
		r.stuck = true
		return t, false
	}
	r.depth++
	r.list(&t.Children, count)
	r.depth--
	own := t.length
	for i := range t.Children.Tags {
		child := &t.Children.Tags[i]
		own -= headSize + child.length + child.countSize(r.flags)
	}
	if !r.stuck {
		size := min(max(0, own), int64(len(r.body)-r.at))
		t.Data = r.body[r.at : r.at+int(size) : r.at+int(size)]
		r.at += int(size)
	}
	t.LengthLie = own - int64(len(t.Data))
	return t, true
}

// count reads a count of either form.
func (r *reader) count(l *List) int64 {
	count := r.number(2)
	if count == sentinel && r.flags&FlagLargeTagCount != 0 {
		count = r.number(4)
		l.Extended = count < sentinel
	}
	return count
}

// number reads a number of width bytes, or a coded one that is not larger.
func (r *reader) number(width int) (v int64) {
	rest := r.body[r.at:]
	size := width
	if r.flags&FlagUTF8Numbers != 0 {
		v, size = decode(rest)
		r.stuck = r.stuck || size == 0 || v >= 1<<(8*width)
	} else if r.stuck = r.stuck || len(rest) < width; !r.stuck {
		for _, c := range rest[:width] {
			v = v<<8 | int64(c)
		}
	}
	if r.stuck {
		return 0
	}
	r.at += size
	return v
}

// decode reads a coded number in its one form. The size is 0 when there is
// none.
func decode(b []byte) (v int64, size int) {
	if len(b) == 0 {
		return 0, 0
	}
	size = 1
	for lead := b[0]; lead >= 0xC0 && lead&(0x80>>size) != 0; {
		size++
	}
	switch {
	case b[0] < 0x80:
		return int64(b[0]), 1
	case size == 1 || size > 6 || size > len(b):
		return 0, 0
	}
	v = int64(b[0] & (0x7F >> size))
	for _, c := range b[1:size] {
		if c&0xC0 != 0x80 {
			return 0, 0
		}
		v = v<<6 | int64(c&0x3F)
	}
	if codedSize(v) != size {
		return 0, 0
	}
	return v, size
}
