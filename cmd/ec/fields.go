package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// request is a message that is made of options: one for each tag that the
// protocol has for it.
type request struct {
	name   string // in the protocol
	opcode codec.Opcode
	fields []*field
	tags   value // of the whole message
	given  bool  // some option was
}

// field is the option for one tag.
type field struct {
	*codec.Field
	option   string // its name
	parent   *field // nil at the top
	children []*field
}

// value is what options gave for one tag.
type value struct {
	text  string              // of the tag's own data
	given bool                // text was
	parts map[*field][]*value // of children
}

// newRequest returns the request with a name as the protocol spells it, or in
// small letters with dashes.
func newRequest(given string) (*request, error) {
	name := strings.ToUpper(strings.ReplaceAll(given, "-", "_"))
	for op, label := range ec.Protocol.Opcodes {
		shape := ec.Protocol.Message(codec.FromClient, op)
		if label.Protocol != name || shape == nil {
			continue
		}
		r := &request{name: name, opcode: op, fields: newFields(shape, nil)}
		nameOptions(r.fields)
		return r, nil
	}
	return nil, usageError(fmt.Sprintf("there is no request %q; \"ec call --list\" lists them", given))
}

// requestNames returns the names of all requests, sorted.
func requestNames() (names []string) {
	for op := range ec.Protocol.Messages[codec.FromClient] {
		names = append(names, ec.Protocol.Opcodes[op].Protocol)
	}
	slices.Sort(names)
	return names
}

func newFields(shape *codec.Shape, parent *field) (fields []*field) {
	for i := range shape.Fields {
		f := &field{Field: &shape.Fields[i], parent: parent}
		if f.Kind == codec.KindObject {
			f.children = newFields(&ec.Protocol.Shapes[f.Children], f)
		}
		fields = append(fields, f)
	}
	return fields
}

// nameOptions gives each field the name of its tag, in small letters with
// dashes, with that of its parent before it and a dot where several have it.
func nameOptions(fields []*field) {
	count := make(map[string]int)
	for f := range all(fields) {
		f.option = strings.ToLower(strings.ReplaceAll(tagTitle(f.Tag), "_", "-"))
		count[f.option]++
	}
	for f := range all(fields) {
		if name := f.option; count[name] > 1 && f.parent != nil {
			f.option = f.parent.option + "." + name
		}
	}
}

// all walks fields and their children, parents first.
func all(fields []*field) iter.Seq[*field] {
	return func(yield func(*field) bool) { walk(fields, yield) }
}

func walk(fields []*field, yield func(*field) bool) bool {
	for _, f := range fields {
		if !yield(f) || !walk(f.children, yield) {
			return false
		}
	}
	return true
}

// define defines an option for each tag.
func (r *request) define(flags *flag.FlagSet) {
	for f := range all(r.fields) {
		usage := f.usage()
		if f.isSwitch() {
			flags.BoolFunc(f.option, usage, func(text string) error { return r.set(f, text) })
		} else {
			flags.Func(f.option, usage, func(text string) error { return r.set(f, text) })
		}
	}
}

// isSwitch reports whether the option needs no value.
func (f *field) isSwitch() bool {
	if own := f.own(); own != nil {
		return own.Kind == codec.KindBool || own.Kind == codec.KindSwitch || own.Kind == codec.KindEmpty
	}
	return f.Kind == codec.KindObject && !f.Repeated
}

// own returns what the option's value is a value of: the field itself, or an
// object's own data, of which requests have at most one kind; or nil.
func (f *field) own() *codec.Field {
	if f.Kind != codec.KindObject {
		return f.Field
	}
	if shape := &ec.Protocol.Shapes[f.Children]; len(shape.Own) > 0 {
		return &shape.Own[0]
	}
	return nil
}

// usage says what the option takes.
func (f *field) usage() string {
	what := "a tag of parts"
	if own := f.own(); own != nil {
		what = kindUsage(own)
	}
	var notes []string
	if f.Required && f.parent == nil {
		notes = append(notes, "needed")
	}
	if f.Repeated {
		notes = append(notes, "may be repeated")
	}
	if f.parent != nil {
		notes = append(notes, "part of --"+f.parent.option)
	}
	if len(notes) == 0 {
		return what
	}
	return what + "; " + strings.Join(notes, ", ")
}

func kindUsage(f *codec.Field) string {
	switch f.Kind {
	case codec.KindUint:
		if f.Enum > 0 {
			return "a `NAME` or number: " + strings.Join(enumNames(f.Enum), ", ")
		}
		return fmt.Sprintf("a `NUMBER` up to %d", f.Most)
	case codec.KindBool, codec.KindSwitch:
		return "true or false"
	case codec.KindEmpty:
		return "an empty tag"
	case codec.KindString:
		return "a `TEXT`"
	case codec.KindDouble:
		return "a `NUMBER`, which may have a fraction"
	case codec.KindIPv4:
		return "an address, `IP:PORT`"
	default:
		return "bytes in `HEX`"
	}
}

// enumNames returns the names of an enumeration by value.
func enumNames(enum int) (names []string) {
	values := ec.Protocol.Enums[enum-1].Values
	for _, number := range slices.Sorted(maps.Keys(values)) {
		names = append(names, values[number])
	}
	return names
}

// set notes the value of an option. That of a repeated tag begins another one;
// options for parts are for the last.
func (r *request) set(f *field, text string) error {
	if f.Kind == codec.KindEmpty || f.own() == nil {
		if on, err := strconv.ParseBool(text); err != nil || !on {
			return errors.New("want no value: the tag is there or not")
		}
	} else if _, err := jsonValue(f.own(), text); err != nil {
		return err
	}
	r.given = true
	parent := r.last(f.parent)
	before := parent.parts[f]
	if n := len(before); n > 0 && !f.Repeated {
		if before[n-1].given {
			return errors.New("it was given already")
		}
		before[n-1].text, before[n-1].given = text, true
		return nil
	}
	parent.add(f, &value{text: text, given: true})
	return nil
}

// last returns the last value for a field, a new one if there is none.
func (r *request) last(f *field) *value {
	if f == nil {
		return &r.tags
	}
	parent := r.last(f.parent)
	if list := parent.parts[f]; len(list) > 0 {
		return list[len(list)-1]
	}
	v := new(value)
	parent.add(f, v)
	return v
}

func (v *value) add(f *field, part *value) {
	if v.parts == nil {
		v.parts = make(map[*field][]*value)
	}
	v.parts[f] = append(v.parts[f], part)
}

// message returns the request with the fields that options gave, or those that
// JSON says instead.
func (r *request) message(fields string) (ec.Message, error) {
	if fields == "" {
		if err := r.missing(); err != nil {
			return nil, err
		}
		fields = string(appendFields(nil, r.fields, &r.tags))
	} else if r.given {
		return nil, usageError("--fields is all that the message has: want it alone, or an option for each tag")
	} else if err := json.Unmarshal([]byte(fields), new(json.RawMessage)); err != nil {
		return nil, usageError("--fields: " + err.Error())
	}
	text := fmt.Sprintf(`{"opcode":%q,"from":"client","flags":%d,"fields":%s}`, r.name, codec.FlagBase|codec.FlagLargeTagCount, fields)
	m, err := viewer.ParseJSON([]byte(text))
	if err != nil {
		return nil, usageError(err.Error())
	}
	body, err := m.Packet.AppendBody(nil, m.Flags)
	if err != nil {
		return nil, err
	}
	message := ec.New(codec.FromClient, r.opcode)
	return message, message.UnmarshalBody(body, m.Flags)
}

// missing says which tag is not there that must be. For those within others
// appendFields writes a value of zero.
func (r *request) missing() error {
	for _, f := range r.fields {
		if f.Required && len(r.tags.parts[f]) == 0 {
			return usageError(fmt.Sprintf("%s wants --%s", r.name, f.option))
		}
	}
	return nil
}

// appendFields appends the members of a JSON object, as package view reads it.
func appendFields(dst []byte, fields []*field, v *value) []byte {
	dst = append(dst, '{')
	if v.given {
		dst = append(dst, `"own":`...)
		dst = append(dst, v.text...)
	}
	for _, f := range fields {
		list := v.parts[f]
		if len(list) == 0 && f.Required && f.parent != nil {
			list = []*value{{text: zeroes[f.Kind], given: true}}
		}
		if len(list) == 0 {
			continue
		}
		if dst[len(dst)-1] != '{' {
			dst = append(dst, ',')
		}
		dst = append(dst, `"`+tagTitle(f.Tag)+`":`...)
		if f.Repeated {
			dst = append(dst, '[')
		}
		for i, part := range list {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendValue(dst, f, part)
		}
		if f.Repeated {
			dst = append(dst, ']')
		}
	}
	return append(dst, '}')
}

// zeroes has values of options that are zero, where it is not the empty text.
var zeroes = map[codec.Kind]string{codec.KindUint: "0", codec.KindBool: "false", codec.KindSwitch: "false"}

func appendValue(dst []byte, f *field, v *value) []byte {
	own := f.own()
	text := ""
	if v.given && own != nil {
		text, _ = jsonValue(own, v.text) // set has seen that it is right
	}
	if f.Kind != codec.KindObject {
		return append(dst, text...)
	}
	return appendFields(dst, f.children, &value{text: text, given: text != "", parts: v.parts})
}

// jsonValue returns the JSON for the value of an option.
func jsonValue(f *codec.Field, text string) (string, error) {
	switch f.Kind {
	case codec.KindUint:
		number, err := parseNumber(f, text)
		return strconv.Quote(strconv.FormatUint(number, 10)), err
	case codec.KindBool, codec.KindSwitch:
		on, err := strconv.ParseBool(text)
		if err != nil {
			err = errors.New("want true or false")
		}
		return strconv.FormatBool(on), err
	case codec.KindEmpty:
		return "true", nil
	default:
		quoted, err := json.Marshal(text)
		return string(quoted), err
	}
}

// parseNumber reads a number, or names of the field's enumeration, joined by |
// where they are bits.
func parseNumber(f *codec.Field, text string) (number uint64, err error) {
	if f.Enum > 0 {
		var known bool
		if number, known = ec.Protocol.Enums[f.Enum-1].Parse(text); !known {
			return 0, fmt.Errorf("want a number or one of %s", strings.Join(enumNames(f.Enum), ", "))
		}
	} else if number, err = strconv.ParseUint(text, 0, 64); err != nil {
		return 0, fmt.Errorf("want a number from 0 to %d", f.Most)
	}
	if number > f.Most {
		return 0, fmt.Errorf("want a number from 0 to %d", f.Most)
	}
	return number, nil
}
