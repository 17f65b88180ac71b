package mirror

import (
	"reflect"
	"slices"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// object is what generated types of objects have in common.
type object interface {
	Present(codec.TagName) bool
	SetPresent(codec.TagName, bool)
}

// layout says where a type of objects has what updates treat alike. It is found
// by the protocol's table, so a tag that the spec gains needs no word here.
type layout struct {
	fields        []field
	ecid, unknown int // indices in the Go struct
}

// field is one of the fields that a tag holds.
type field struct {
	tag   codec.TagName
	index int // in the Go struct
}

var layouts = map[reflect.Type]*layout{}

func init() {
	for _, typ := range []reflect.Type{
		reflect.TypeFor[ec.PartFile](), reflect.TypeFor[ec.KnownFile](), reflect.TypeFor[ec.Client](),
		reflect.TypeFor[ec.Server](), reflect.TypeFor[ec.Friend](),
	} {
		layouts[typ] = layoutOf(typ)
	}
}

func layoutOf(typ reflect.Type) *layout {
	index := func(name string) int {
		f, _ := typ.FieldByName(name)
		return f.Index[0]
	}
	l := &layout{ecid: index("ECID"), unknown: index("Unknown")}
	shape := slices.IndexFunc(ec.Protocol.Shapes, func(s codec.Shape) bool { return s.Name == typ.Name() })
	for _, f := range ec.Protocol.Shapes[shape].Fields {
		if !slices.Contains(codedTags, f.Tag) {
			l.fields = append(l.fields, field{tag: f.Tag, index: index(f.Name)})
		}
	}
	return l
}

// codedTags are the tags of files that hold differences to what was sent before.
var codedTags = []codec.TagName{
	ec.TagPartFilePartStatus, ec.TagPartFileGapStatus, ec.TagPartFileReqStatus, ec.TagPartFileSourceNames,
}

// look returns the object as reflection sees it, and the layout of its type.
func look(o object) (reflect.Value, *layout) {
	value := reflect.ValueOf(o).Elem()
	return value, layouts[value.Type()]
}

// has reports whether the object says something in this field.
func has(o object, value reflect.Value, f field) bool {
	return !value.IsZero() || o.Present(f.tag)
}

// isBare reports whether an object of an update is nothing but its ECID, which
// means that it is unchanged.
func isBare[T any](update *T) bool {
	bare := *update
	value := reflect.ValueOf(&bare).Elem()
	value.Field(layouts[value.Type()].ecid).SetZero()
	return value.IsZero()
}

func isBareFile(f ec.SharedFile) bool {
	if f.PartFile != nil {
		return isBare(f.PartFile)
	}
	return isBare(f.KnownFile)
}

// merge changes the object to as the update has fields. Lists, and what
// pointers point to, are taken over whole, as aMule sends them. So what another
// copy of the object refers to is not written to.
func merge(to, update object) {
	target, l := look(to)
	source, _ := look(update)
	for _, f := range l.fields {
		if value := source.Field(f.index); has(update, value, f) {
			target.Field(f.index).Set(value)
			to.SetPresent(f.tag, true)
		}
	}
	came := unknown(source, l)
	var merged []codec.Tag
	for _, tag := range unknown(target, l) {
		if !update.Present(tag.Name) && !slices.ContainsFunc(came, func(t codec.Tag) bool { return t.Name == tag.Name }) {
			merged = append(merged, tag)
		}
	}
	target.Field(l.unknown).Set(reflect.ValueOf(append(merged, came...)))
}

func unknown(value reflect.Value, l *layout) []codec.Tag {
	return value.Field(l.unknown).Interface().([]codec.Tag)
}

// project sets the fields of an object whose tags another has too, which is of
// another type.
func project(to, from object) {
	target, l := look(to)
	source, other := look(from)
	for _, f := range l.fields {
		for _, g := range other.fields {
			if value := source.Field(g.index); f.tag == g.tag && has(from, value, g) {
				target.Field(f.index).Set(value)
				to.SetPresent(f.tag, true)
			}
		}
	}
}

// setECID sets the ECID, which is own data and not a field.
func setECID(o object, ecid uint32) {
	value, l := look(o)
	value.Field(l.ecid).SetUint(uint64(ecid))
}

// fill makes the object have these tags, with a value where zero is none.
func fill(o object, tags []codec.TagName) {
	value, l := look(o)
	for _, f := range l.fields {
		if !slices.Contains(tags, f.tag) {
			continue
		}
		v := value.Field(f.index)
		v.Set(explicit(v))
		o.SetPresent(f.tag, true)
	}
}

// explicit returns the value of a field, or what stands for zero where zero
// cannot be written.
func explicit(v reflect.Value) reflect.Value {
	switch {
	case v.Kind() == reflect.Pointer && v.IsNil():
		return reflect.New(v.Type().Elem())
	case v.Type() == reflect.TypeFor[codec.Double]() && v.IsZero():
		return reflect.ValueOf(codec.Double("0"))
	}
	return v
}

// drop makes the object lack some tags.
func drop(o object, unwanted func(codec.TagName) bool) {
	value, l := look(o)
	for _, f := range l.fields {
		if unwanted(f.tag) {
			value.Field(f.index).SetZero()
			o.SetPresent(f.tag, false)
		}
	}
}

// keep makes the object lack all tags but these.
func keep(o object, tags []codec.TagName) {
	drop(o, func(tag codec.TagName) bool { return !slices.Contains(tags, tag) })
	value, l := look(o)
	value.Field(l.unknown).SetZero()
}

// delta makes an update of what the present object has differently from what
// was sent, which it changes: a field that is absent now is still known, as in
// CValueMap. One that is zero now and not marked is sent all the same, but for
// conditional ones, which are left out when they no longer hold.
func delta(sent, now, update object, conditional []codec.TagName) {
	before, l := look(sent)
	after, _ := look(now)
	target, _ := look(update)
	for _, f := range l.fields {
		is, was, told := explicit(after.Field(f.index)), before.Field(f.index), sent.Present(f.tag)
		if !has(now, after.Field(f.index), f) && (!told || slices.Contains(conditional, f.tag)) || told && equal(is, was) {
			continue
		}
		target.Field(f.index).Set(is)
		was.Set(is)
		update.SetPresent(f.tag, true)
		sent.SetPresent(f.tag, true)
	}
	var news []codec.Tag
	for _, tag := range unknown(after, l) {
		if !slices.ContainsFunc(unknown(before, l), func(t codec.Tag) bool { return t.Equal(&tag) }) {
			news = append(news, tag)
		}
	}
	target.Field(l.unknown).Set(reflect.ValueOf(news))
	before.Field(l.unknown).Set(after.Field(l.unknown))
}

func equal(a, b reflect.Value) bool {
	if a.Kind() == reflect.Pointer || !a.Comparable() {
		return reflect.DeepEqual(a.Interface(), b.Interface())
	}
	return a.Equal(b)
}
