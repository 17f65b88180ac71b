// Package reference is a second reader of bodies: slow, plain, and written
// from the description of aMule's protocol alone, so that package codec can be
// compared with it. It shares nothing with codec, neither code nor types.
//
// A body is an opcode, a count of tags, and the tags:
//
//	body  = opcode count tag*
//	tag   = name*2+children type length [ count tag* ] own data
//
// Numbers are big-endian, of 1 (opcode, type), 2 (count, name) or 4 bytes
// (length), or under FlagUTF8Numbers coded and then cut to that width. The
// length is that of the own data and of the children, each of which counts 7
// more, 2 for its own count if that is not 0, and 4 more if that is extended.
package reference

// The flags of a packet that matter here.
const (
	FlagUTF8Numbers   = 0x02
	FlagLargeTagCount = 0x10
)

// Verdict says whether a body was accepted, or why it was refused.
type Verdict string

// What is wrong with a body.
const (
	Accepted    Verdict = "accepted"
	BadFlags    Verdict = "bad flags"     // aMule closes the connection
	Sealed      Verdict = "sealed"        // the body is encrypted
	EndsEarly   Verdict = "ends early"    // bytes are missing
	BadNumber   Verdict = "bad number"    // not in the coded form, or longer than needed
	TooShort    Verdict = "too short"     // a tag's length is less than its children take
	TooDeep     Verdict = "too deep"      // more levels than allowed
	TooManyTags Verdict = "too many tags" // more tags than allowed
)

// Limits are how deep tags may be nested and how many there may be.
type Limits struct{ Depth, Tags int }

// Packet is what a body says.
type Packet struct {
	Opcode byte
	Tags   []Tag
}

// Tag is one tag.
type Tag struct {
	Name     uint16
	Type     byte
	Own      []byte
	Children []Tag
}

// CheckFlags gives aMule 3.0's verdict on the flags of a header. Bit 5 is
// always set and bit 6 never; bits 2, 7, 15 and 23 may be anything.
func CheckFlags(flags uint32) Verdict {
	verdict := Accepted
	for bit := range 32 {
		set := flags>>bit&1 == 1
		switch bit {
		case 0, 1, 4: // deflated, coded numbers, large counts
		case 2, 7, 15, 23: // ignored
		case 3:
			if set {
				verdict = Sealed
			}
		case 5:
			if !set {
				return BadFlags
			}
		default:
			if set {
				return BadFlags
			}
		}
	}
	return verdict
}

// Decode reads a plain body. When it is refused, offset is where what could
// not be read begins: a number; own data that is not all there; behind the
// head of a tag that is too short, or with which the tags become too deep or
// too many; and a count for which, if all tags had the least size, the rest of
// the body has no room.
func Decode(body []byte, flags uint32, limits Limits) (p Packet, verdict Verdict, offset int) {
	if verdict := CheckFlags(flags); verdict != Accepted {
		return Packet{}, verdict, 0
	}
	r := reader{body: body, utf8: flags&FlagUTF8Numbers != 0, large: flags&FlagLargeTagCount != 0, limits: limits}
	defer func() {
		switch reason := recover().(type) {
		case nil:
		case refusal:
			p, verdict, offset = Packet{}, reason.verdict, reason.offset
		default:
			panic(reason)
		}
	}()
	p.Opcode = byte(r.number(1))
	count := r.at
	p.Tags, _ = r.tags(r.count(), count, 0)
	return p, Accepted, r.at
}

// refusal ends reading.
type refusal struct {
	verdict Verdict
	offset  int
}

type reader struct {
	body        []byte
	at          int
	utf8, large bool
	limits      Limits
	promised    int // tags that the counts so far say there are
}

func refuse(verdict Verdict, offset int) { panic(refusal{verdict, offset}) }

// take returns the next size bytes of what began at begin.
func (r *reader) take(size, begin int) []byte {
	if size > len(r.body)-r.at {
		refuse(EndsEarly, begin)
	}
	r.at += size
	return r.body[r.at-size : r.at]
}

// number reads a number of this many bytes, or a coded one cut to as many.
func (r *reader) number(width int) uint32 {
	if r.utf8 {
		return r.coded() & uint32(1<<(8*width)-1)
	}
	v := uint32(0)
	for _, c := range r.take(width, r.at) {
		v = v*256 + uint32(c)
	}
	return v
}

// coded reads a number of the scheme of up to six bytes.
//
//	below 0x80        0xxxxxxx
//	below 0x800       110xxxxx 10xxxxxx
//	below 0x10000     1110xxxx 10xxxxxx 10xxxxxx
//	below 0x200000    11110xxx and three
//	below 0x4000000   111110xx and four
//	below 0x80000000  1111110x and five
func (r *reader) coded() uint32 {
	begin := r.at
	lead := r.take(1, begin)[0]
	switch {
	case lead < 0x80:
		return uint32(lead)
	case lead < 0xC0, lead > 0xFD:
		refuse(BadNumber, begin)
	}
	var v, least uint32
	var more int
	switch {
	case lead < 0xE0:
		v, more, least = uint32(lead-0xC0), 1, 0x80
	case lead < 0xF0:
		v, more, least = uint32(lead-0xE0), 2, 0x800
	case lead < 0xF8:
		v, more, least = uint32(lead-0xF0), 3, 0x10000
	case lead < 0xFC:
		v, more, least = uint32(lead-0xF8), 4, 0x200000
	default:
		v, more, least = uint32(lead-0xFC), 5, 0x4000000
	}
	for _, c := range r.take(more, begin) {
		if c < 0x80 || c > 0xBF {
			refuse(BadNumber, begin)
		}
		v = v*64 + uint32(c-0x80)
	}
	if v < least {
		refuse(BadNumber, begin)
	}
	return v
}

// leastTag is the size of the shortest tag.
func (r *reader) leastTag() int {
	if r.utf8 {
		return 3
	}
	return 7
}

// count reads a count: 0xFFFF says that the real one follows, if the packet
// has large counts.
func (r *reader) count() int {
	begin := r.at
	count := int64(r.number(2))
	if count == 0xFFFF && r.large {
		count = int64(r.number(4))
	}
	if count > int64(len(r.body)-r.at)/int64(r.leastTag()) {
		refuse(EndsEarly, begin)
	}
	return int(count)
}

// tags reads tags at this depth. It returns them with what they count in the
// length of their parent. At offset at it is noticed when they are too many.
func (r *reader) tags(count, at, depth int) (tags []Tag, size int64) {
	r.promised += count
	switch room := len(r.body) / r.leastTag(); {
	case room <= r.limits.Tags && r.promised > room:
		refuse(EndsEarly, at)
	case r.promised > r.limits.Tags:
		refuse(TooManyTags, at)
	}
	for range count {
		t, tagSize := r.tag(depth)
		tags = append(tags, t)
		size += tagSize
	}
	return tags, size
}

// tag reads one tag and returns what it counts in its parent's length.
func (r *reader) tag(depth int) (t Tag, size int64) {
	name := r.number(2)
	t = Tag{Name: uint16(name / 2), Type: byte(r.number(1))}
	length := int64(r.number(4))
	size = 7 + length
	own := length
	if name%2 == 1 {
		if count := r.count(); count > 0 {
			size += 2
			if count >= 0xFFFF && r.large {
				size += 4
			}
			if depth == r.limits.Depth {
				refuse(TooDeep, r.at)
			}
			behindHead := r.at
			var children int64
			t.Children, children = r.tags(count, behindHead, depth+1)
			if own -= children; own < 0 {
				refuse(TooShort, behindHead)
			}
		}
	}
	if own > int64(len(r.body)) {
		refuse(EndsEarly, r.at)
	}
	t.Own = r.take(int(own), r.at)
	return t, size
}
