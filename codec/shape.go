package codec

import (
	"strconv"
	"strings"
)

// Protocol describes messages and tags as data: which tags stand where, what
// they hold and what they are called. Generated code provides one; package
// codec/view reads and prints packets by it. It is not changed after it was
// made and may be used by several goroutines at once.
type Protocol struct {
	Shapes   []Shape             // of messages and of tags with children
	Messages [2]map[Opcode]int   // by Direction: the index of a message's shape
	Replies  map[Opcode][]Opcode // by request: what answers it, refusals included
	Opcodes  map[Opcode]Label    // names of the opcodes
	Tags     map[TagName]Label   // names of the tags
	Enums    []Enum
	Releases []Release // of aMule that brought something, oldest first
}

// Release is a version of aMule.
type Release struct {
	Name        string // as Since says it: 3.0
	Provisional bool   // in development: what it brings may still change
}

// Enum names the values of a field, or its single bits.
type Enum struct {
	Name   string // of the Go type
	Bits   bool
	Values map[uint64]string // protocol spelling: PAUSED
}

// Format returns the name of v, or for bits the names of those that are set,
// joined by |. What has no name is a number.
func (e *Enum) Format(v uint64) string {
	if !e.Bits {
		if name, ok := e.Values[v]; ok {
			return name
		}
		return strconv.FormatUint(v, 10)
	}
	var names []string
	for bit := uint64(1); bit != 0 && bit <= v; bit <<= 1 {
		if name, ok := e.Values[bit]; ok && v&bit != 0 {
			names = append(names, name)
			v &^= bit
		}
	}
	if v != 0 || len(names) == 0 {
		names = append(names, strconv.FormatUint(v, 10))
	}
	return strings.Join(names, "|")
}

// Parse is the inverse of Format. Names may have small letters and dashes, and
// numbers may have any base that Go has. It reports whether text is all of that.
func (e *Enum) Parse(text string) (v uint64, ok bool) {
	parts := []string{text}
	if e.Bits {
		parts = strings.Split(text, "|")
	}
	for _, part := range parts {
		number, known := e.value(strings.ReplaceAll(part, "-", "_"))
		if !known {
			var err error
			if number, err = strconv.ParseUint(part, 0, 64); err != nil {
				return 0, false
			}
		}
		v |= number
	}
	return v, true
}

// value returns the value of a name, in letters of any case.
func (e *Enum) value(name string) (v uint64, known bool) {
	for value, protocol := range e.Values {
		if strings.EqualFold(protocol, name) {
			return value, true
		}
	}
	return 0, false
}

// Label is a code's name in two spellings.
type Label struct {
	Protocol string // as in aMule without the prefix: PARTFILE_NAME
	Go       string // as in generated Go: PartFileName
}

// OpcodeName returns the Go spelling, or "".
func (p *Protocol) OpcodeName(op Opcode) string { return p.Opcodes[op].Go }

// TagName returns the Go spelling, or "".
func (p *Protocol) TagName(name TagName) string { return p.Tags[name].Go }

// Provisional reports whether what came with a release may still change.
func (p *Protocol) Provisional(since string) bool {
	for _, r := range p.Releases {
		if r.Name == since {
			return r.Provisional
		}
	}
	return false
}

// Message returns the shape of a message, or nil when there is none with this
// opcode in this direction.
func (p *Protocol) Message(from Direction, op Opcode) *Shape {
	if i, ok := p.Messages[from&1][op]; ok {
		return &p.Shapes[i]
	}
	return nil
}

// Shape describes the tags of a message, or the children and own data of a
// tag.
type Shape struct {
	Name   string  // of the Go type
	Since  string  // the release that brought it, "" for 2.3.3 and older
	Own    []Field // alternatives for the own data; none for a message or a container
	Fields []Field // in the order in which they are written
}

// Field describes one tag of a Shape, or one alternative of its own data.
type Field struct {
	Tag       TagName
	Also      []TagName // other names that are taken in this place
	Name      string    // of the Go field
	Kind      Kind
	Most      uint64 // the largest number that the Go field holds; 1 for KindBool and KindSwitch
	Repeated  bool
	Required  bool
	Children  int     // KindObject: index of the shape
	Positions []Field // KindPositions: what each of so many siblings holds
	Enum      int     // 1 + index into Protocol.Enums; 0 for none
	List      string  // of several fields that are one ordered Go list: the list's name
	Since     string  // the release that brought it, "" for 2.3.3 and older
}

// Kind says what a field makes of a tag.
type Kind uint8

// The kinds of fields, with the tags that they hold. Any other tag is kept as
// an unknown tag is. Except for KindObject the tags have no children.
const (
	KindUint      Kind = iota // UINT8 to UINT64 of its exact length up to Most, or, unless Repeated, an empty CUSTOM, which is 0
	KindBool                  // the same up to 1
	KindSwitch                // the same up to 1; empty is a state of its own
	KindEmpty                 // an empty CUSTOM, whose presence is what it says
	KindString                // STRING that ends in NUL
	KindDouble                // DOUBLE that ends in NUL
	KindIPv4                  // IPV4 of 6 bytes
	KindHash16                // HASH16 of 16 bytes
	KindUint128               // UINT128 of 16 bytes
	KindBytes                 // CUSTOM
	KindObject                // a tag with the children and own data of a Shape
	KindPositions             // siblings of one name that are one item together
)

// Index returns the index of the field for tags of this name, or -1.
func (s *Shape) Index(name TagName) int {
	for i := range s.Fields {
		f := &s.Fields[i]
		if f.Tag == name {
			return i
		}
		for _, also := range f.Also {
			if also == name {
				return i
			}
		}
	}
	return -1
}

// Rare is what a generated decode notes in presence bits of one word, and
// seldom has to. It is handed around by its address and so stays in memory: bits
// that are in registers are saved on the stack for each tag, whether they have
// changed or not.
type Rare struct {
	Odd   uint64 // fields of which a tag was kept as unknown
	Empty uint64 // fields that were read from an empty tag
}

// Misfit notes in the presence bits of one word (fields 64*word and up) that a
// tag was kept as unknown. If a field has that name, no further tag of the
// name may go into it, so that tags of one name stay in order: its bit is set in
// seen, which is returned, and in rare.Odd unless the field has its value.
func (s *Shape) Misfit(name TagName, word int, seen uint64, rare *Rare) uint64 {
	i := s.Index(name) - 64*word
	if i < 0 || i >= 64 {
		return seen
	}
	bit := uint64(1) << i
	if seen&bit == 0 || s.Fields[i+64*word].Repeated {
		rare.Odd |= bit
	}
	return seen | bit
}

// Holds reports whether own data of this type are what the field makes a
// value of. It does not look at children.
func (f *Field) Holds(t Type, data []byte) bool {
	n := len(data)
	switch f.Kind {
	case KindUint, KindBool, KindSwitch:
		if t == TypeCustom {
			return n == 0 && !f.Repeated
		}
		tag := Tag{Type: t, Data: data}
		v, ok := tag.Uint()
		return ok && n > 0 && v <= f.Most
	case KindEmpty:
		return t == TypeCustom && n == 0
	case KindString, KindDouble:
		return f.Kind.holds(t) && n > 0 && data[n-1] == 0
	case KindIPv4:
		return t == TypeIPv4 && n == 6
	case KindHash16, KindUint128:
		return f.Kind.holds(t) && n == 16
	case KindBytes:
		return t == TypeCustom
	default:
		return false
	}
}

// HoldsOwn returns the alternative for own data of this type, or -1 when
// there is none. For a tag without own data, of type CUSTOM, it returns -1
// and ok; so it does when the shape is of a container.
func (s *Shape) HoldsOwn(t Type, data []byte) (alternative int, ok bool) {
	for i := range s.Own {
		f := &s.Own[i]
		empty := t == TypeCustom && len(data) == 0
		if f.Holds(t, data) && (!empty || f.Kind == KindSwitch) {
			return i, true
		}
	}
	return -1, t == TypeCustom && len(data) == 0
}

// Admits reports whether the shape has an alternative for own data of this
// type, whatever their length. CUSTOM, as of a tag without own data, is always
// admitted.
func (s *Shape) Admits(t Type) bool {
	if t == TypeCustom {
		return true
	}
	for i := range s.Own {
		if s.Own[i].Kind.holds(t) {
			return true
		}
	}
	return false
}

// holds reports whether t is the type that fields of this kind are written
// with when they are not empty.
func (k Kind) holds(t Type) bool {
	switch k {
	case KindUint, KindBool, KindSwitch:
		return t >= TypeUint8 && t <= TypeUint64
	case KindString:
		return t == TypeString
	case KindDouble:
		return t == TypeDouble
	case KindIPv4:
		return t == TypeIPv4
	case KindHash16:
		return t == TypeHash16
	case KindUint128:
		return t == TypeUint128
	default:
		return t == TypeCustom
	}
}

// Present reports whether a message of this shape, whose presence bits are
// marks, had a tag of this name when it was last read, or was told by
// SetPresent to write it. The bits of required fields are inverted.
func (s *Shape) Present(marks []uint64, name TagName) bool {
	i := s.Index(name)
	return i >= 0 && (marks[i/64]>>(i%64)&1 != 0) != s.Fields[i].Required
}

// SetPresent changes marks, and the bits of empty tags with them, so that
// Present says present.
func (s *Shape) SetPresent(marks, empties []uint64, name TagName, present bool) {
	i := s.Index(name)
	if i < 0 {
		return
	}
	bit := uint64(1) << (i % 64)
	marks[i/64] &^= bit
	if present != s.Fields[i].Required {
		marks[i/64] |= bit
	}
	if empties != nil {
		empties[i/64] &^= bit
	}
}
