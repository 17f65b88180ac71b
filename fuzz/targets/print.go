package targets

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/view"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/generated/ec"
)

// Print prints packets, messages and errors.
var Print = Target{
	Name: "Print", Form: loose.Body, Folder: "fuzz",
	Doc: "Any packet, message, value and error is printed, on one line for each tag; a tag that has a value is what is " +
		"made of that value; and the first tag of a name is found. The input is one byte of flags and a body.",
	Run: func(data []byte) error {
		flags, body := split(data)
		var p codec.Packet
		if err := p.Decode(body, flags, 0, budgets); err != nil {
			return first(describe(err), names(err), typedNames(body, flags))
		}
		tags := 0
		for depth, t := range p.All() {
			tags++
			if err := first(tagIsItsValue(t), finds(t.Children, t.Find), walks(t)); err != nil {
				return fmt.Errorf("at depth %d: %w", depth, err)
			}
		}
		if lines := strings.Count(p.String(), "\n"); lines != tags {
			return fmt.Errorf("%d tags are printed on %d lines:\n%v", tags, lines, &p)
		}
		for _, from := range []codec.Direction{codec.FromClient, codec.FromDaemon} {
			m := &view.Message{From: from, Flags: flags, Packet: p}
			if tree := viewer.AppendTree(nil, m, false); len(tree) == 0 || tree[len(tree)-1] != '\n' {
				return fmt.Errorf("from the %v it is printed as %q", from, tree)
			}
		}
		return first(finds(p.Tags, p.Find), differsFromOthers(&p), eachMessage(body, flags, func(from codec.Direction, m ec.Message) error {
			if err := m.DecodeBody(body, flags, 0, budgets); err != nil {
				return describe(err)
			}
			if m.String() == "" {
				return errors.New("it is printed as nothing")
			}
			return printsValues(reflect.ValueOf(m))
		}))
	},
}

// differsFromOthers compares p with packets of which one tag is another.
func differsFromOthers(p *codec.Packet) error {
	for depth, t := range p.All() {
		before := *t
		for _, other := range []codec.Tag{
			{Name: t.Name ^ 1, Type: t.Type, Data: t.Data, Children: t.Children},
			{Name: t.Name, Type: t.Type, Data: append([]byte{0}, t.Data...), Children: t.Children},
			{Name: t.Name, Type: t.Type, Data: t.Data, Children: append([]codec.Tag{{}}, t.Children...)},
		} {
			if other.Equal(&before) || before.Equal(&other) {
				return fmt.Errorf("at depth %d %v equals %v", depth, &before, &other)
			}
		}
		if depth > 0 {
			break
		}
	}
	return nil
}

// names prints an error with the protocol's names and without.
func names(err error) error {
	e, ok := errors.AsType[*codec.Error](err)
	if !ok {
		return fmt.Errorf("%v is no codec.Error", err)
	}
	named := e.WithNames(ec.Protocol)
	if strings.Count(named.PathString(), "[") != len(e.Path) || strings.Count(e.PathString(), "[") != len(e.Path) {
		return fmt.Errorf("a path of %d steps is printed as %s and %s", len(e.Path), e.PathString(), named.PathString())
	}
	if !errors.Is(named, e.Err) || !strings.Contains(named.Error(), e.Err.Error()) {
		return fmt.Errorf("%v is not %v", named, e.Err)
	}
	return nil
}

// typedNames prints the errors of typed messages, and that there is none for
// an opcode.
func typedNames(body []byte, flags codec.Flags) error {
	return eachMessage(body, flags, func(from codec.Direction, m ec.Message) error {
		err := m.DecodeBody(body, flags, 0, budgets)
		if err == nil {
			return errors.New("it accepts what is refused without types")
		}
		_, readErr := ec.Read(from, codec.Frame{Flags: flags, Body: body})
		_, unknownErr := ec.Read(from, codec.Frame{Flags: codec.FlagBase, Body: []byte{0xFF, 0, 0}})
		if !errors.Is(unknownErr, codec.ErrOpcode) {
			return fmt.Errorf("an unknown opcode is %v", unknownErr)
		}
		return first(describe(err), names(err), describe(readErr), names(unknownErr))
	})
}

// tagIsItsValue makes the tag again of the value that it says it has.
func tagIsItsValue(t *codec.Tag) error {
	var made codec.Tag
	text, isText := t.Text()
	number, isNumber := t.Uint()
	address, isAddress := t.IPv4()
	hash, isHash := t.Hash()
	switch {
	case isNumber:
		made = codec.NewUint(t.Name, number, t.Children...)
		if again, ok := made.Uint(); !ok || again != number || len(t.Data) > 0 && len(made.Data) > len(t.Data) {
			return fmt.Errorf("%v is made again as %v", t, &made)
		}
		return nil
	case isText && t.Type == codec.TypeString:
		made = codec.NewString(t.Name, text, t.Children...)
	case isText:
		made = codec.NewDoubleTag(t.Name, codec.Double(text), t.Children...)
		if err := doubleIsItsText(codec.Double(text)); err != nil {
			return err
		}
	case isAddress:
		made = codec.NewIPv4(t.Name, address, t.Children...)
	case isHash:
		made = codec.NewHash(t.Name, hash, t.Children...)
	case t.Type == codec.TypeUint128 && len(t.Data) == 16:
		made = codec.NewUInt128(t.Name, codec.UInt128(t.Data), t.Children...)
	case t.Type == codec.TypeCustom:
		made = codec.NewCustom(t.Name, t.Data, t.Children...)
	default:
		return nil
	}
	if !made.Equal(t) {
		return fmt.Errorf("%v is made again as %v", t, &made)
	}
	return nil
}

// doubleIsItsText writes the number that a text says, with six digits.
func doubleIsItsText(text codec.Double) error {
	f, err := text.Float64()
	if err != nil {
		return nil
	}
	again, err := codec.NewDouble(f).Float64()
	if err != nil || again != f && math.Abs(again-f) > math.Abs(f)/1e5 && f == f {
		return fmt.Errorf("%q is %v, which is written as %q", text, f, codec.NewDouble(f))
	}
	return nil
}

// finds looks for each tag of a list by its name.
func finds(tags []codec.Tag, find func(codec.TagName) *codec.Tag) error {
	for i := range tags {
		if i == 20 {
			break
		}
		found := find(tags[i].Name)
		if found == nil || found.Name != tags[i].Name || !slices.ContainsFunc(tags[:i+1], func(t codec.Tag) bool { return t.Equal(found) }) {
			return fmt.Errorf("%v is found as %v", &tags[i], found)
		}
	}
	if unknown := find(codec.OwnData); unknown != nil {
		return fmt.Errorf("a name that no tag has is found: %v", unknown)
	}
	return nil
}

// walks ends a walk over the tags below t after two of them.
func walks(t *codec.Tag) error {
	n := 0
	for depth, below := range t.All() {
		if n++; (n == 1) != (depth == 0 && below == t) {
			return fmt.Errorf("tag %d of the walk is %v at depth %d", n, below, depth)
		}
		if n == 2 {
			break
		}
	}
	return nil
}

// printsValues prints all values that have a String method.
func printsValues(v reflect.Value) error {
	if v.CanInterface() && v.Kind() != reflect.Pointer {
		switch value := v.Interface().(type) {
		case codec.IPv4:
			if value.AddrPort().Port() != value.Port {
				return fmt.Errorf("%v is %v for others", value, value.AddrPort())
			}
		case codec.Switch:
			if value.On() && !value.Present() {
				return fmt.Errorf("a switch that is %v is not there", value)
			}
		}
		if value, ok := v.Interface().(fmt.Stringer); ok && value.String() == "" {
			return fmt.Errorf("%#v is printed as nothing", value)
		}
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return printsValues(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if err := printsValues(v.Field(i)); err != nil {
				return err
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if err := printsValues(v.Index(i)); err != nil {
				return err
			}
		}
	}
	return nil
}
