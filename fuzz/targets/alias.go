package targets

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/generated/ec"
)

// Alias looks for memory that is read or changed by those who do not own it.
var Alias = Target{
	Name: "Alias", Form: loose.Pair, Folder: "fuzz",
	Doc: "What stands in memory behind a body does not matter; what was copied does not change when the body is " +
		"overwritten, when the message is reset and read into again, nor when others are read and written; what was " +
		"written belongs to the caller. The input is one byte of flags, two bytes with the length of the first body, " +
		"and two bodies.",
	Run: func(data []byte) error {
		flags, bodies := split(data)
		a, b := pair(bodies)
		if err := bothEnds(a, flags); err != nil {
			return err
		}
		var p codec.Packet
		ours := bytes.Clone(a)
		if p.Decode(ours, flags, 0, budgets) == nil {
			held := hold(reflect.ValueOf(&p))
			clear(ours)
			if err := held.same("an untyped packet was copied and its body overwritten"); err != nil {
				return err
			}
		}
		return eachMessage(a, flags, func(_ codec.Direction, m ec.Message) error {
			return keeps(m, a, b, flags)
		})
	},
}

// bothEnds reads a body with two different ends of the memory that it is in.
func bothEnds(body []byte, flags codec.Flags) error {
	const behind = 32
	var trees [2]codec.Packet
	var errs [2]error
	var bodies [2][]byte
	for i, end := range []byte{0x00, 0x81} {
		memory := append(slices.Clip(bytes.Clone(body)), bytes.Repeat([]byte{end}, behind)...)
		bodies[i] = memory[:len(body)]
		errs[i] = trees[i].Decode(bodies[i], flags, codec.Share, budgets)
		if errs[i] == nil {
			elements, walkErr := walk(bodies[i], flags, budgets)
			if walkErr == nil && !trees[i].Equal(&codec.Packet{Opcode: trees[i].Opcode, Tags: elements}) {
				return fmt.Errorf("before %#x the elements are %v", end, elements)
			}
		}
	}
	if !sameError(errs[0], errs[1]) || !trees[0].Equal(&trees[1]) {
		return fmt.Errorf("with other bytes behind it the body is\n%v, %v\nelse\n%v, %v", &trees[0], errs[0], &trees[1], errs[1])
	}
	return eachMessage(body, flags, func(from codec.Direction, a ec.Message) error {
		b := ec.New(from, a.Opcode())
		aErr, bErr := a.DecodeBody(bodies[0], flags, codec.Share, budgets), b.DecodeBody(bodies[1], flags, codec.Share, budgets)
		if !sameError(aErr, bErr) || a.String() != b.String() {
			return fmt.Errorf("with other bytes behind it the message is\n%v, %v\nelse\n%v, %v", b, bErr, a, aErr)
		}
		return nil
	})
}

// keeps reads a into a message, holds what it has, and uses the message for
// something else.
func keeps(m ec.Message, a, b []byte, flags codec.Flags) error {
	body := bytes.Clone(a)
	if m.DecodeBody(body, flags, 0, budgets) != nil {
		return nil
	}
	held := hold(reflect.ValueOf(m))
	written, err := m.AppendBody(nil, flags)
	if err != nil {
		return err
	}
	before := bytes.Clone(written)
	other := slices.Concat(b, []byte{0})[:len(b)]
	for _, step := range []struct {
		name string
		do   func()
	}{
		{"its body was overwritten", func() { fill(body) }},
		{"it was merged with another body", func() { m.DecodeBody(other, flags, codec.Merge, budgets) }},
		{"it was read into again", func() { m.DecodeBody(other, flags, 0, budgets) }},
		{"it was reset", func() { m.Reset() }},
		{"it shared another body", func() { m.DecodeBody(other, flags, codec.Share, budgets) }},
		{"that body was overwritten", func() { fill(other) }},
		{"it was read into once more", func() { m.DecodeBody(a, flags, 0, budgets) }},
		{"it was written", func() { m.AppendBody(nil, flags); m.SizeBody(flags) }},
	} {
		step.do()
		if err := held.same(step.name); err != nil {
			return fmt.Errorf("%T: %w", m, err)
		}
		if !bytes.Equal(written, before) {
			return fmt.Errorf("%T: when %s what it was written as changed", m, step.name)
		}
	}
	fill(written)
	if again, err := m.AppendBody(nil, flags); err != nil || !bytes.Equal(again, before) {
		return fmt.Errorf("%T: when what it was written as was overwritten it is written as\n%x, %v\nnot as\n%x", m, again, err, before)
	}
	return nil
}

// fill overwrites b with what it is not.
func fill(b []byte) {
	for i := range b {
		b[i] ^= 0x55
	}
}

// heldTexts are strings and bytes that somebody holds, with what they were.
type heldTexts struct {
	strings, stringsWere []string
	bytes                [][]byte
	bytesWere            []string
}

// hold collects all strings and bytes that v has.
func hold(v reflect.Value) *heldTexts {
	held := &heldTexts{}
	held.collect(v)
	return held
}

func (h *heldTexts) collect(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			h.collect(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() || v.Type().Field(i).Anonymous {
				h.collect(v.Field(i))
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			h.bytes = append(h.bytes, v.Bytes())
			h.bytesWere = append(h.bytesWere, string(v.Bytes()))
			return
		}
		for i := range v.Len() {
			h.collect(v.Index(i))
		}
	case reflect.String:
		h.strings = append(h.strings, v.String())
		h.stringsWere = append(h.stringsWere, strings.Clone(v.String()))
	}
}

// same returns an error unless all are what they were.
func (h *heldTexts) same(when string) error {
	for i, was := range h.stringsWere {
		if h.strings[i] != was {
			return fmt.Errorf("when %s the text %q became %q", when, was, h.strings[i])
		}
	}
	for i, was := range h.bytesWere {
		if string(h.bytes[i]) != was {
			return fmt.Errorf("when %s the bytes %x became %x", when, was, h.bytes[i])
		}
	}
	return nil
}
