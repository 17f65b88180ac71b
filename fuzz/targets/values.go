package targets

import (
	"bytes"
	"errors"
	"fmt"
	"go/token"
	"io"
	"reflect"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	gofuzz "github.com/google/gofuzz"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/fuzz/mutate"
	"github.com/ecgen/ecgen/generated/ec"
)

// Struct writes values of messages and reads them again.
var Struct = Target{
	Name: "Struct", Form: loose.Bytes, Folder: "fuzz",
	Doc: "Any value of any message, written under any flags, is read as an equal value, with the same tags present. " +
		"Wherever the memory ends that it is written to, the same bytes are written, and none behind it. " +
		"The input is choices: the message, whether it is deflated or has a long text, which tags are marked as present, and the value.",
	Run: func(data []byte) error {
		choices := mutate.NewChoices(data)
		from := codec.Direction(choices.IntN(2))
		op := mutate.Opcodes[from][choices.IntN(len(mutate.Opcodes[from]))]
		manner := choices.IntN(64)
		deflated := codec.Flags(manner % 8 / 7)
		marks := choices.Uint64()
		value := ec.New(from, op)
		gofuzz.NewFromGoFuzz(choices.Rest()).NilChance(0.5).NumElements(0, 3).MaxDepth(14).Funcs(
			func(s *codec.Switch, c gofuzz.Continue) { *s = codec.Switch(c.Intn(4)) },
			func(t *codec.Tag, c gofuzz.Continue) { *t = unknownTag(c, 2) },
		).Fuzz(value)
		settle(reflect.ValueOf(value).Elem())
		if n, ok := LongTexts[byte(manner)]; ok {
			lengthen(reflect.ValueOf(value).Elem(), n)
		}
		mark(value, ec.Protocol.Message(from, op), marks)
		for flags := range codec.Flags(4) {
			form := codec.FlagBase | deflated | flags&1*codec.FlagUTF8Numbers | flags>>1*codec.FlagLargeTagCount
			if err := first(comesBack(value, ec.New(from, op), form), needsNoRoom(value, form, marks)); err != nil {
				return fmt.Errorf("%T from the %v under flags %#x: %w", value, from, form, err)
			}
		}
		return refusesName(value)
	},
}

// LongTexts are the lengths that one text gets, by the manner of an input:
// those from which a coded length takes four and five bytes.
var LongTexts = map[byte]int{5: 1 << 16, 6: 1 << 21}

// lengthen repeats the first text of a value until it has length n, and
// reports whether there is one.
func lengthen(v reflect.Value, n int) bool {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			text := v.String() + "."
			v.SetString(strings.Repeat(text, n/len(text)+1)[:n])
			return true
		}
	case reflect.Pointer:
		return !v.IsNil() && lengthen(v.Elem(), n)
	case reflect.Slice:
		for i := range v.Len() {
			if lengthen(v.Index(i), n) {
				return true
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && lengthen(v.Field(i), n) {
				return true
			}
		}
	}
	return false
}

// refusesName gives a message an unknown tag whose name the wire cannot carry.
func refusesName(m ec.Message) error {
	unknown := reflect.ValueOf(m).Elem().FieldByName("Unknown")
	bad := codec.Tag{Name: codec.MaxTagName + 2}
	unknown.Set(reflect.Append(unknown, reflect.ValueOf(bad)))
	before := []byte("before")
	for name, message := range map[string]codec.Appender{"a message": m, "a packet": &codec.Packet{Tags: []codec.Tag{bad}}} {
		if out, err := message.AppendBody(before, codec.FlagBase); err != codec.ErrTagName || string(out) != "before" {
			return fmt.Errorf("%s with the tag name %#x is written as %x, %v", name, bad.Name, out, err)
		}
		if err := codec.NewWriter(io.Discard).Write(message); err != codec.ErrTagName {
			return fmt.Errorf("%s with the tag name %#x is written: %v", name, bad.Name, err)
		}
	}
	return nil
}

// unknownTag returns a tag of a name that no field has.
func unknownTag(c gofuzz.Continue, depth int) codec.Tag {
	t := codec.Tag{Name: codec.MaxTagName - codec.TagName(c.Intn(4)), Type: codec.Type(c.Intn(12)), Data: make([]byte, c.Intn(5))}
	c.Read(t.Data)
	for range c.Intn(depth + 1) {
		t.Children = append(t.Children, unknownTag(c, depth-1))
	}
	return t
}

// settle makes a value one that can be read: of a struct that stands for one
// tag of several kinds one pointer is set, and of the alternatives for own
// data one is used.
func settle(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			settle(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			settle(v.Index(i))
		}
	case reflect.Struct:
		if isChoice(v) {
			chooseOne(v)
		}
		if shape := shapes[v.Type().Name()]; shape != nil {
			settleOwn(v, shape.Own)
		}
		if names := otherNames[v.Type().Name()]; names != nil {
			tag := v.FieldByName("Tag")
			tag.SetUint(uint64(names[tag.Uint()%uint64(len(names))]))
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				settle(v.Field(i))
			}
		}
	}
}

// settleOwn leaves one of the alternatives. A switch that is own data cannot be
// absent.
func settleOwn(v reflect.Value, alternatives []codec.Field) {
	used := false
	for i := range alternatives {
		own := v.FieldByName(alternatives[i].Name)
		if used {
			own.SetZero()
		}
		used = used || !own.IsZero()
		if alternatives[i].Kind == codec.KindSwitch && !used {
			own.Set(reflect.ValueOf(codec.SwitchEmpty))
		}
	}
}

// shapes are those of the generated types.
var shapes = func() map[string]*codec.Shape {
	byName := map[string]*codec.Shape{}
	for i := range ec.Protocol.Shapes {
		byName[ec.Protocol.Shapes[i].Name] = &ec.Protocol.Shapes[i]
	}
	return byName
}()

// otherNames are the names that tags of these types may have, of those that
// may have several.
var otherNames = func() map[string][]codec.TagName {
	byName := map[string][]codec.TagName{}
	for _, shape := range ec.Protocol.Shapes {
		for _, f := range shape.Fields {
			if f.Kind == codec.KindObject && len(f.Also) > 0 {
				byName[ec.Protocol.Shapes[f.Children].Name] = append([]codec.TagName{f.Tag}, f.Also...)
			}
		}
	}
	return byName
}()

// isChoice reports whether v is an element of a list that mixes tags: a struct
// of pointers.
func isChoice(v reflect.Value) bool {
	for i := range v.NumField() {
		if v.Field(i).Kind() != reflect.Pointer {
			return false
		}
	}
	return v.NumField() > 0
}

// chooseOne leaves one pointer that is not nil.
func chooseOne(v reflect.Value) {
	chosen := false
	for i := range v.NumField() {
		if chosen {
			v.Field(i).SetZero()
		}
		chosen = chosen || !v.Field(i).IsNil()
	}
	if !chosen {
		v.Field(0).Set(reflect.New(v.Type().Field(0).Type.Elem()))
	}
}

// mark says of some tags of a message that they are present, or are not.
func mark(m ec.Message, shape *codec.Shape, marks uint64) {
	for i := range shape.Fields {
		if bits := marks >> (2 * (i % 32)); bits&2 != 0 {
			m.SetPresent(shape.Fields[i].Tag, bits&1 != 0)
		}
	}
}

// comesBack writes m and reads it into read.
func comesBack(m, read ec.Message, flags codec.Flags) error {
	body, err := m.AppendBody([]byte("before"), flags)
	if err != nil || string(body[:6]) != "before" {
		return fmt.Errorf("written behind other bytes as %x, %v", body, err)
	}
	body = body[6:]
	if size := m.SizeBody(flags); flags&codec.FlagZlib == 0 && size != len(body) {
		return fmt.Errorf("SizeBody is %d, but %d bytes are written", size, len(body))
	}
	if err := read.UnmarshalBody(body, flags); err != nil {
		return fmt.Errorf("what was written is refused: %w\n%x", err, body)
	}
	if !cmp.Equal(m, read, sameValue) {
		return fmt.Errorf("it comes back as another value:\n%s%x", cmp.Diff(m, read, sameValue), body)
	}
	return samePresence(m, read)
}

// needsNoRoom writes m to memory that ends somewhere, which choice says.
func needsNoRoom(m ec.Message, flags codec.Flags, choice uint64) error {
	want, err := m.AppendBody(nil, flags)
	if err != nil {
		return err
	}
	room := int(choice % uint64(len(want)+16))
	guard := bytes.Repeat([]byte{0xA5}, 64)
	memory := append(make([]byte, room), guard...)
	if got, err := m.AppendBody(memory[:0:room], flags); err != nil || !bytes.Equal(got, want) {
		return fmt.Errorf("with room for %d bytes it is written as %x, %v, want %x", room, got, err, want)
	}
	if !bytes.Equal(memory[room:], guard) {
		return fmt.Errorf("with room for %d bytes more is written: %x", room, memory[room:])
	}
	return nil
}

// sameValue compares what users see. A list of nothing is no list.
var sameValue = cmp.Options{
	cmpopts.EquateEmpty(),
	cmp.FilterPath(func(p cmp.Path) bool {
		field, ok := p.Last().(cmp.StructField)
		return ok && !token.IsExported(field.Name())
	}, cmp.Ignore()),
}

// samePresence compares the presence of the tags that are no lists and no
// objects: a tag is there when it was marked, or is not zero.
func samePresence(m, read ec.Message) error {
	shape := shapes[reflect.TypeOf(m).Elem().Name()]
	var errs []error
	for i := range shape.Fields {
		f := &shape.Fields[i]
		if f.Repeated || f.Kind == codec.KindObject || f.Kind == codec.KindPositions {
			continue
		}
		value := reflect.ValueOf(m).Elem().FieldByName(f.Name)
		want := !value.IsZero() && (f.Kind != codec.KindBytes || value.Len() > 0)
		if f.Kind != codec.KindEmpty && f.Kind != codec.KindSwitch { // whose value is presence
			want = want || m.Present(f.Tag)
		}
		if read.Present(f.Tag) != want {
			errs = append(errs, fmt.Errorf("presence of %s is %t, want %t", f.Name, !want, want))
		}
	}
	return errors.Join(errs...)
}
