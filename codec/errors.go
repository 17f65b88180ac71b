package codec

import (
	"errors"
	"strconv"
	"strings"
)

// The classes of what can be wrong with bytes, for errors.Is. Every error of
// this package about bytes is an [*Error] that wraps one of them.
var (
	ErrTruncated      = errors.New("the bytes end too early")
	ErrFlags          = errors.New("aMule refuses these flags")
	ErrEncrypted      = errors.New("the body is encrypted, which is not supported")
	ErrNumber         = errors.New("not a number of the UTF-8 scheme")
	ErrLength         = errors.New("the tag is shorter than its children")
	ErrZlib           = errors.New("the zlib stream is corrupt")
	ErrTrailing       = errors.New("bytes follow the packet")
	ErrOpcode         = errors.New("the packet does not have the opcode of this message, or of any")
	ErrBodyTooLarge   = errors.New("the body is larger than the limit")
	ErrInflatedTooBig = errors.New("the inflated body is larger than the limit")
	ErrTooDeep        = errors.New("the tags are nested deeper than the limit")
	ErrTooManyTags    = errors.New("the packet has more tags than the limit")
	ErrTooMuchMemory  = errors.New("the packet needs more memory than the limit")
	ErrNotEncodable   = errors.New("the packet is too large for its flags")
	ErrTagName        = errors.New("the tag name has more than 15 bits")
)

// Step is one level of a tag path.
type Step struct {
	Name  TagName
	Index int // among all the tags of its parent, from 0
}

// Error says what is wrong with bytes, and where.
type Error struct {
	Err    error  // one of the sentinels above
	Offset int    // in the body as it stands before UTF-8 decoding and after inflating; in the stream for a header
	Path   []Step // from the body's top down to the tag that Offset lies in

	opcode    Opcode
	hasOpcode bool
	names     Names
}

// UnknownOpcode returns the error that there is no message with this opcode.
func UnknownOpcode(op Opcode, names Names) error {
	return &Error{Err: ErrOpcode, opcode: op, hasOpcode: true, names: names}
}

// Names gives the names of codes for error texts.
type Names interface {
	OpcodeName(Opcode) string
	TagName(TagName) string
}

// WithNames returns the same error with names for the codes in its texts.
// Errors of generated messages have them already.
func (e *Error) WithNames(names Names) *Error {
	named := *e
	named.names = names
	return &named
}

// Unwrap returns the sentinel.
func (e *Error) Unwrap() error { return e.Err }

// Error returns the sentinel's text with offset and path, as in
//
//	ec: the bytes end too early at offset 1042 in SharedFiles/KnownFile[17]/PartFileName[5]
//
// Codes without a name stand there in hex.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("ec: ")
	b.WriteString(e.Err.Error())
	b.WriteString(" at offset ")
	b.WriteString(strconv.Itoa(e.Offset))
	if path := e.PathString(); path != "" {
		b.WriteString(" in ")
		b.WriteString(path)
	}
	return b.String()
}

// PathString returns the tag path by name, as in
// SharedFiles/KnownFile[17]/PartFileName[5]. It is empty when the error lies
// before the body.
func (e *Error) PathString() string {
	var b strings.Builder
	if e.hasOpcode {
		b.WriteString(e.opcodeName())
	}
	for _, step := range e.Path {
		if b.Len() > 0 {
			b.WriteByte('/')
		}
		b.WriteString(e.tagName(step.Name))
		b.WriteByte('[')
		b.WriteString(strconv.Itoa(step.Index))
		b.WriteByte(']')
	}
	return b.String()
}

func (e *Error) opcodeName() string {
	if e.names != nil {
		if name := e.names.OpcodeName(e.opcode); name != "" {
			return name
		}
	}
	return hexCode(uint64(e.opcode), 2)
}

func (e *Error) tagName(name TagName) string {
	if e.names != nil {
		if text := e.names.TagName(name); text != "" {
			return text
		}
	}
	return hexCode(uint64(name), 4)
}
