// Package typed has what holds for every generated message, as functions of
// bytes. It knows no message by itself, so it serves the messages of any
// package that ecgen writes.
package typed

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"

	"github.com/ecgen/ecgen/codec"
)

// Message is what generated messages are.
type Message interface {
	Opcode() codec.Opcode
	DecodeBody(body []byte, flags codec.Flags, mode codec.Mode, limits codec.Limits) error
	AppendBody(dst []byte, flags codec.Flags) ([]byte, error)
	SizeBody(flags codec.Flags) int
	Reset()
	MarshalJSON() ([]byte, error)
	UnmarshalJSON(text []byte) error
}

// Plain are the flags that bodies are compared under.
const Plain = codec.FlagBase | codec.FlagLargeTagCount

// New returns an empty message of m's type.
func New[M Message](m M) M { return reflect.New(reflect.TypeOf(m).Elem()).Interface().(M) }

// Read reads a body into a message of m's type. The message must accept what
// an untyped packet accepts, and be written as the same tree, with integers in
// the narrowest type and siblings of different names in any order. Sharing
// must equal copying, a used message a new one, and nothing may be lost as
// JSON. It returns what does not hold.
func Read(m Message, body []byte, flags codec.Flags, limits codec.Limits) error {
	var p codec.Packet
	untypedErr := p.Decode(body, flags, 0, limits)
	if untypedErr == nil && p.Opcode != m.Opcode() {
		untypedErr = &codec.Error{Err: codec.ErrOpcode}
	}
	copied, shared := New(m), New(m)
	err := copied.DecodeBody(body, flags, 0, limits)
	if err := SameClass("typed and untyped", err, untypedErr); err != nil {
		return err
	}
	if err := SameClass("copying and sharing", err, shared.DecodeBody(body, flags, codec.Share, limits)); err != nil {
		return err
	}
	if err != nil || untypedErr != nil {
		return empty(copied)
	}
	form, err := write(copied)
	if err != nil {
		return err
	}
	return errors.Join(
		form.sameTree(&p, copied),
		form.same("shared", shared),
		form.sameForms(copied),
		form.intoUsed(shared, body, flags, limits),
		form.throughJSON(copied),
	)
}

// empty returns an error unless m, which could not be read, is empty.
func empty(m Message) error {
	fresh, err := write(New(m))
	if err != nil {
		return err
	}
	return fresh.same("after an error", m)
}

// form is a message as it is written.
type form []byte

func write(m Message) (form, error) {
	body, err := m.AppendBody(nil, Plain)
	if err != nil {
		return nil, fmt.Errorf("what was read cannot be written: %w", err)
	}
	return body, nil
}

// same returns an error unless m is written as this form.
func (f form) same(what string, m Message) error {
	other, err := write(m)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if !bytes.Equal(f, other) {
		return fmt.Errorf("%s it is\n%v\nelse\n%v", what, other, f)
	}
	return nil
}

// String prints the tree.
func (f form) String() string {
	var p codec.Packet
	if err := p.UnmarshalBody(f, Plain); err != nil {
		return fmt.Sprintf("%x, which is no body: %v", []byte(f), err)
	}
	return p.String()
}

// sameTree returns an error unless the form of m is of p, but for what typed
// messages do not keep, and as short as that of its tree.
func (f form) sameTree(p *codec.Packet, m Message) error {
	var q codec.Packet
	if err := q.Decode(f, Plain, 0, codec.DefaultLimits()); err != nil {
		return fmt.Errorf("it is written as what cannot be read: %w", err)
	}
	if a, b := Normal(&q), Normal(p); !a.Equal(b) {
		return fmt.Errorf("it is written as\n%v\nwant\n%v", a, b)
	}
	for _, flags := range []codec.Flags{codec.FlagBase, Plain, codec.FlagBase | codec.FlagUTF8Numbers, Plain | codec.FlagUTF8Numbers} {
		if typed, untyped := m.SizeBody(flags), q.SizeBody(flags); typed != untyped {
			return fmt.Errorf("flags %#x: %d bytes are written, but without types %d", flags, typed, untyped)
		}
	}
	return nil
}

// sameForms returns an error unless m is the same under all flags but those
// of deflated bodies.
func (f form) sameForms(m Message) error {
	again := New(m)
	for _, flags := range []codec.Flags{codec.FlagBase, codec.FlagBase | codec.FlagUTF8Numbers, Plain | codec.FlagUTF8Numbers} {
		prefix := []byte{'b', 'e', 'f', 'o', 'r', 'e'}
		body, err := m.AppendBody(prefix, flags)
		if err != nil {
			return fmt.Errorf("flags %#x: %w", flags, err)
		}
		if !bytes.HasPrefix(body, prefix) {
			return fmt.Errorf("flags %#x: appending changes what stands before", flags)
		}
		body = body[len(prefix):]
		if size := m.SizeBody(flags); size != len(body) {
			return fmt.Errorf("flags %#x: SizeBody is %d, but %d bytes are written", flags, size, len(body))
		}
		if flags&codec.FlagLargeTagCount == 0 && f.isLong() {
			continue // lists are cut
		}
		if err := again.DecodeBody(body, flags, codec.Share, codec.DefaultLimits()); err != nil {
			return fmt.Errorf("flags %#x: it is written as what cannot be read: %w", flags, err)
		}
		if err := f.same(fmt.Sprintf("read again with flags %#x", flags), again); err != nil {
			return err
		}
	}
	return nil
}

// isLong reports whether some list of the form needs large counts.
func (f form) isLong() bool {
	if len(f) < 0xFFFF*7 {
		return false
	}
	var p codec.Packet
	if err := p.Decode(f, Plain, codec.Share, codec.DefaultLimits()); err != nil {
		return false
	}
	long := len(p.Tags) > 0xFFFE
	for _, t := range p.All() {
		long = long || len(t.Children) > 0xFFFE
	}
	return long
}

// intoUsed reads the body into a message that held something, copying and
// sharing in turn, and overwrites the body when it was copied.
func (f form) intoUsed(used Message, body []byte, flags codec.Flags, limits codec.Limits) error {
	ours := make([]byte, len(body))
	for _, mode := range []codec.Mode{0, codec.Share, codec.Share, 0, 0} {
		copy(ours, body)
		if err := used.DecodeBody(ours, flags, mode, limits); err != nil {
			return fmt.Errorf("a used message refuses it: %w", err)
		}
		what := "read into a used message"
		if mode&codec.Share == 0 {
			clear(ours)
			what = "read into a used message, when its body was overwritten,"
		}
		if err := f.same(what, used); err != nil {
			return err
		}
	}
	used.Reset()
	return empty(used)
}

// throughJSON writes m as JSON and reads it again.
func (f form) throughJSON(m Message) error {
	text, err := m.MarshalJSON()
	if err != nil {
		return err
	}
	again := New(m)
	if err := again.UnmarshalJSON(text); err != nil {
		return fmt.Errorf("its JSON is refused: %w\n%s", err, text)
	}
	if err := f.same("read from its JSON", again); err != nil {
		return fmt.Errorf("%w\n%s", err, text)
	}
	return nil
}

// SameClass returns an error unless both errors, which may be nil, wrap the
// same sentinel. Readers may reach a limit in different places.
func SameClass(what string, a, b error) error {
	if errors.Unwrap(a) == errors.Unwrap(b) || IsLimit(a) || IsLimit(b) {
		return nil
	}
	return fmt.Errorf("%s differ: %v and %v", what, a, b)
}

// IsLimit reports whether err says that a budget is used up.
func IsLimit(err error) bool {
	for _, limit := range []error{
		codec.ErrBodyTooLarge, codec.ErrInflatedTooBig, codec.ErrTooDeep, codec.ErrTooManyTags, codec.ErrTooMuchMemory,
	} {
		if errors.Is(err, limit) {
			return true
		}
	}
	return false
}
