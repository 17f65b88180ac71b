package codectest

import (
	"math/rand/v2"
	"reflect"
	"strings"

	"github.com/ecgen/ecgen/codec"
)

// filler sets fields to values that tell mistakes apart: of all widths, with
// zeros, empty and long text among them.
type filler struct{ random *rand.Rand }

// fields sets the exported fields of a struct, and of what it contains down to
// depth levels.
func (f filler) fields(v reflect.Value, depth int) {
	if isMixed(v) {
		f.value(v.Field(f.random.IntN(v.NumField())), depth)
		return
	}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Anonymous {
			continue
		}
		if field.IsExported() && field.Name != "Unknown" && field.Name != "Tag" && f.random.IntN(4) > 0 {
			f.value(v.Field(i), depth)
		}
	}
}

// isMixed reports whether v is an element of a list that mixes tags: a struct
// of pointers, of which one is set.
func isMixed(v reflect.Value) bool {
	for i := range v.NumField() {
		if v.Field(i).Kind() != reflect.Pointer {
			return false
		}
	}
	return v.NumField() > 0
}

func (f filler) value(v reflect.Value, depth int) {
	switch v.Interface().(type) {
	case codec.Double:
		v.SetString([]string{"0", "1.5", "-nan", "1.23457e+06"}[f.random.IntN(4)])
		return
	case codec.Switch:
		v.SetUint(f.random.Uint64N(4))
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(f.random.IntN(2) > 0)
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(f.random.Uint64() >> f.random.IntN(64) >> (64 - v.Type().Bits()))
	case reflect.String:
		v.SetString(f.text())
	case reflect.Array:
		for i := range v.Len() {
			v.Index(i).SetUint(f.random.Uint64N(256))
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 && v.Type().Elem().PkgPath() == "" {
			v.SetBytes([]byte(f.text()))
			return
		}
		if depth <= 0 {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), f.random.IntN(4), 4))
		for i := range v.Len() {
			f.value(v.Index(i), depth-1)
		}
	case reflect.Pointer:
		if depth > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			f.fields(v.Elem(), depth-1)
		}
	case reflect.Struct:
		if _, ok := v.Interface().(codec.IPv4); ok {
			v.Set(reflect.ValueOf(codec.IPv4{Address: [4]byte{10, 1, 2, byte(f.random.Uint32())}, Port: uint16(f.random.Uint32())}))
			return
		}
		f.fields(v, depth-1)
	}
}

func (f filler) text() string {
	return strings.Repeat("aMule – ", f.random.IntN(3)*f.random.IntN(12)) + "ü"[:2*f.random.IntN(2)]
}
