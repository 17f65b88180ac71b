package targets

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/fuzz/typed"
	"github.com/ecgen/ecgen/generated/ec"
)

// Element reads generated objects one by one.
var Element = Target{
	Name: "Element", Form: loose.Body, Folder: "fuzz",
	Doc: "An object takes whatever tag it is given in a walk over the elements of a body, and is printed alike whether " +
		"it was copied, shares the body, or was used before; an error or Reset leaves it empty. The input is one byte " +
		"of flags and a body, whose opcode says which object reads its tags.",
	Run: func(data []byte) error {
		flags, body := split(data)
		op, err := codec.Frame{Flags: flags, Body: body}.Opcode()
		if err != nil {
			return nil
		}
		kind := Objects[int(op)%len(Objects)]
		var used object
		for element, err := range codec.Elements(body, flags, budgets) {
			if err != nil {
				return describe(err)
			}
			if used == nil {
				used = newObject(kind)
			}
			if err := readsElement(kind, used, element); err != nil {
				return fmt.Errorf("%s of tag %d: %w", kind.Name(), element.Index, err)
			}
		}
		return elementsUnderLimits(kind, body, flags)
	},
}

// object is what generated objects are.
type object interface {
	ReadElement(element codec.Element, mode codec.Mode) error
	Present(tag codec.TagName) bool
	SetPresent(tag codec.TagName, present bool)
	Reset()
	String() string
}

func newObject(kind reflect.Type) object { return reflect.New(kind).Interface().(object) }

// Objects are the types of generated objects, by name. An object's index is
// the opcode by which [Element] reads it.
var Objects = func() (kinds []reflect.Type) {
	seen := map[reflect.Type]bool{}
	var visit func(t reflect.Type)
	visit = func(t reflect.Type) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || seen[t] {
			return
		}
		seen[t] = true
		if reflect.PointerTo(t).Implements(reflect.TypeFor[object]()) {
			kinds = append(kinds, t)
		}
		for i := range t.NumField() {
			visit(t.Field(i).Type)
		}
	}
	for from, shapes := range ec.Protocol.Messages {
		for op := range shapes {
			visit(reflect.TypeOf(ec.New(codec.Direction(from), op)))
		}
	}
	slices.SortFunc(kinds, func(a, b reflect.Type) int { return strings.Compare(a.Name(), b.Name()) })
	return kinds
}()

// readsElement reads an element into objects that are new and used.
func readsElement(kind reflect.Type, used object, element codec.Element) error {
	fresh := newObject(kind)
	_, tagErr := element.Tag()
	err := fresh.ReadElement(element, 0)
	if err := typed.SameClass("an object and a tag", err, tagErr); err != nil {
		return err
	}
	want := fresh.String()
	if empty := newObject(kind).String(); err != nil && want != empty {
		return fmt.Errorf("after %w it is\n%s", err, want)
	}
	for _, mode := range []codec.Mode{codec.Merge, 0, codec.Share, codec.Share, 0, codec.Merge | codec.Share, codec.Share} {
		if err := typed.SameClass("a new object and a used one", err, used.ReadElement(element, mode)); err != nil {
			return err
		}
		if got := used.String(); err == nil && mode&codec.Merge == 0 && got != want {
			return fmt.Errorf("used before, it is\n%s\nwant\n%s", got, want)
		}
	}
	for _, f := range shapes[kind.Name()].Fields {
		for _, present := range []bool{true, false} {
			if used.SetPresent(f.Tag, present); used.Present(f.Tag) != present {
				return fmt.Errorf("presence of %s set to %t is %t", f.Name, present, !present)
			}
		}
	}
	if used.Reset(); used.String() != newObject(kind).String() {
		return fmt.Errorf("after Reset it is\n%s", used)
	}
	return nil
}

// elementsUnderLimits reads the elements with less and less memory.
func elementsUnderLimits(kind reflect.Type, body []byte, flags codec.Flags) error {
	for _, limits := range poor {
		for element, err := range codec.Elements(body, flags, limits) {
			if err != nil {
				break
			}
			m := newObject(kind)
			if err := m.ReadElement(element, 0); err != nil && !typed.IsLimit(err) {
				return fmt.Errorf("with little memory: %w", err)
			} else if err != nil && m.String() != newObject(kind).String() {
				return fmt.Errorf("after %w it is\n%s", err, m)
			}
			if _, err := element.Tag(); err != nil && !typed.IsLimit(err) {
				return fmt.Errorf("with little memory: %w", err)
			}
		}
	}
	return nil
}

// poor are limits with little memory, depth or tags, and some that need care.
var poor = []codec.Limits{
	newLimits(codec.Budgets{Allocation: 1, AllocationFactor: 1}),
	newLimits(codec.Budgets{Allocation: 200, AllocationFactor: 1}),
	newLimits(codec.Budgets{Allocation: 3000, AllocationFactor: 1}),
	newLimits(codec.Budgets{Depth: 1}),
	newLimits(codec.Budgets{Tags: 3}),
	newLimits(codec.Budgets{AllocationFactor: math.MaxInt}), // which is none
	{}, // the default
}
