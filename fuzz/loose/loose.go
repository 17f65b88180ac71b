// Package loose reads and writes fuzz inputs as trees of tags that may lie:
// whose lengths and counts are not what they must be, and behind which bytes
// stand that are no tags. Any input is read, and written again as the same
// bytes, so a mutator can change the tree of one that is broken, and a reducer
// can cut it. It shares no code with package codec, which is what the inputs
// are for.
package loose

// Form says how the bytes of an input are read.
type Form int

// The forms of inputs.
const (
	Bytes  Form = iota // no packets
	Body               // one byte of flags, and a body
	Tags               // one byte of flags, and a body without its opcode
	Pair               // one byte of flags, two with the length of the first body, and two bodies
	Stream             // frames: header and body
	Pieces             // one byte, and frames
)

// Input is what the bytes of an input stand for.
type Input struct {
	Form    Form
	Lead    byte // the first byte of Pieces
	Packets []Packet
	Tail    []byte // what is too short to be a packet; all of Bytes
}

// The flags by which bodies differ.
const (
	FlagZlib          = 0x01
	FlagUTF8Numbers   = 0x02
	FlagLargeTagCount = 0x10
	FlagBase          = 0x20
)

// Packet is one body with its flags. Those of a Pair are the first packet's.
type Packet struct {
	Flags  uint32
	Lie    int64 // added to the length in the header, or before the first body of a Pair
	Opcode byte
	List
	Tail []byte // behind the last tag: ignored by readers, or what could not be read

	// Opaque marks a body that is only bytes, which are Tail: deflated, or too
	// short.
	Opaque bool
}

// List is the tags of a packet or the children of a tag, with their count.
type List struct {
	Tags     []Tag
	Lie      int64 // added to the count
	Extended bool  // the count has the long form although it fits the short one
}

// Tag is one tag. Its length is that of its children, by their logical sizes,
// and of its data, and LengthLie.
type Tag struct {
	Name      uint16 // 15 bits
	Type      byte
	Parent    bool // a count stands there, although it may be 0
	LengthLie int64
	Children  List
	Data      []byte // own data

	length int64 // TAGLEN, as measure found it
}

// sentinel is the count that says that the long form follows.
const sentinel = 0xFFFF

// headSize is what a tag's head counts in its parent's length.
const headSize = 7

// count returns the count that is written.
func (l *List) count() int64 { return max(0, int64(len(l.Tags))+l.Lie) }

// long reports whether the count is written in the long form.
func (l *List) long(flags uint32) bool {
	return flags&FlagLargeTagCount != 0 && (l.Extended || l.count() >= sentinel)
}

// measure sets the lengths of all tags and returns the logical size of the
// list.
func (l *List) measure(flags uint32) (size int64) {
	for i := range l.Tags {
		t := &l.Tags[i]
		t.length = max(0, t.Children.measure(flags)+int64(len(t.Data))+t.LengthLie)
		size += headSize + t.length + t.countSize(flags)
	}
	return size
}

// countSize returns what the count of a tag adds to its parent's length.
func (t *Tag) countSize(flags uint32) int64 {
	switch count := t.Children.count(); {
	case !t.hasCount() || count == 0:
		return 0
	case flags&FlagLargeTagCount != 0 && count >= sentinel:
		return 6
	default:
		return 2
	}
}

// hasCount reports whether the tag's head has the bit for children.
func (t *Tag) hasCount() bool { return t.Parent || len(t.Children.Tags) > 0 }
