package view

import (
	"strings"

	"github.com/ecgen/ecgen/codec"
)

// Typed is a generated message.
type Typed interface {
	Opcode() codec.Opcode
	AppendBody(dst []byte, flags codec.Flags) ([]byte, error)
	UnmarshalBody(body []byte, flags codec.Flags) error
}

// typedFlags are the flags with which typed messages become trees and back.
const typedFlags = codec.FlagBase | codec.FlagLargeTagCount

// String returns a typed message as AppendTree prints it, but without a last
// newline, and without direction and flags, which are its packet's.
func (v *Viewer) String(from codec.Direction, typed Typed) string {
	name := v.opcodeName(typed.Opcode())
	m, err := untyped(from, typed)
	if err != nil {
		return name + ": " + err.Error()
	}
	w := treeWriter{viewer: v, dst: append([]byte(name), '\n')}
	w.tags(v.protocol.Message(from, m.Packet.Opcode), m.Packet.Tags, 1)
	return strings.TrimSuffix(string(w.dst), "\n")
}

// TagString returns an object with this shape as AppendTree prints it, without
// the last newline: the shape's name in place of the tag's.
func (v *Viewer) TagString(shape int, t codec.Tag) string {
	w := treeWriter{viewer: v}
	s := &v.protocol.Shapes[shape]
	w.dst = append(w.dst, s.Name...)
	w.own(s, &t)
	w.dst = append(w.dst, '\n')
	w.tags(s, t.Children, 1)
	return strings.TrimSuffix(string(w.dst), "\n")
}

// TypedJSON returns a typed message as AppendJSON writes it. Its flags are
// those of the fixed form.
func (v *Viewer) TypedJSON(from codec.Direction, typed Typed) ([]byte, error) {
	m, err := untyped(from, typed)
	if err != nil {
		return nil, err
	}
	return v.AppendJSON(nil, m), nil
}

// ParseTyped reads what TypedJSON returned into a typed message of the same
// opcode.
func (v *Viewer) ParseTyped(typed Typed, text []byte) error {
	m, err := v.ParseJSON(text)
	if err != nil {
		return err
	}
	body, err := m.Packet.AppendBody(nil, typedFlags)
	if err != nil {
		return err
	}
	return typed.UnmarshalBody(body, typedFlags)
}

func untyped(from codec.Direction, typed Typed) (*Message, error) {
	body, err := typed.AppendBody(nil, typedFlags)
	if err != nil {
		return nil, err
	}
	m := &Message{From: from, Flags: typedFlags}
	return m, m.Packet.UnmarshalBody(body, typedFlags)
}
