package emit

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// reset writes Reset, and clear with which reading begins.
func (e *structEmitter) reset() {
	kept := jen.Dict{jen.Id("Unknown"): m("Unknown").Index(jen.Op(":").Lit(0))}
	for _, name := range e.listNames() {
		kept[jen.Id(name)] = m(name).Index(jen.Op(":").Lit(0))
	}
	e.method("Reset makes m empty, and keeps the memory of its lists for later use.", "Reset").Params().
		Block(jen.Op("*").Id("m").Op("=").Id(e.s.Name).Values(kept))
	e.file.Line()

	e.method("clear begins reading: it is Reset, but for text that may come again and for memory, and no tag is there.", "clear").Params().
		BlockFunc(func(g *jen.Group) {
			for _, f := range e.inMemory() {
				if !f.Repeated && !isOld(f) {
					g.Add(m(f.Name)).Op("=").Add(e.zero(f))
				}
			}
			for _, name := range e.listNames() {
				g.Add(m(name)).Op("=").Add(m(name)).Index(jen.Op(":").Lit(0))
			}
			if e.alsoNamed() {
				g.Add(m("Tag")).Op("=").Lit(0)
			}
			g.Add(m("Unknown")).Op("=").Add(m("Unknown")).Index(jen.Op(":").Lit(0))
			e.eachWord(func(word int) {
				mask, any := e.required(word, slices.Concat(e.s.Fields, e.s.Own))
				if !any {
					mask = jen.Lit(0)
				}
				g.Add(m("marks")).Index(jen.Lit(word)).Op("=").Add(mask)
				if e.hasEmpties() {
					g.Add(m("empties")).Index(jen.Lit(word)).Op("=").Lit(0)
				}
			})
			g.Add(m("shared")).Op("=").False()
		})
	e.file.Line()
}

// inMemory returns the fields as they lie in memory: the compiler joins
// neighbours that become zero.
func (e *structEmitter) inMemory() (fields []*model.Field) {
	all := slices.Concat(e.s.Own, e.s.Fields)
	for _, member := range pack(e.members()) {
		if i := slices.IndexFunc(all, func(f *model.Field) bool { return f.Name == member.name && f.List == nil }); i >= 0 {
			fields = append(fields, all[i])
		}
	}
	return fields
}

// listNames returns the names of the struct's lists.
func (e *structEmitter) listNames() []string {
	var names []string
	for _, f := range e.s.Fields {
		switch {
		case f.List != nil && f == f.List.Fields[0]:
			names = append(names, f.List.Name)
		case f.List == nil && f.Repeated:
			names = append(names, f.Name)
		}
	}
	return names
}

// zero is the zero value of a field.
func (e *structEmitter) zero(f *model.Field) *jen.Statement {
	switch f.Kind {
	case model.KindBool, model.KindEmpty:
		return jen.False()
	case model.KindString, model.KindDouble:
		return jen.Lit("")
	case model.KindBytes, model.KindObject:
		return jen.Nil()
	case model.KindIPv4, model.KindHash16, model.KindUint128:
		return e.goType(f).Values()
	default:
		return jen.Lit(0)
	}
}

// isOld reports whether the field's value before reading is of use: text that
// may come again, and the memory of objects.
func isOld(f *model.Field) bool {
	return f.Tag != nil && !f.Repeated && (isText(f) || f.Kind == model.KindObject)
}

// olds returns the fields for which isOld is true.
func (e *structEmitter) olds() []*model.Field {
	var olds []*model.Field
	for _, f := range e.s.Fields {
		if isOld(f) {
			olds = append(olds, f)
		}
	}
	return olds
}
