package emit

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// append writes the method that appends all tags.
func (e *structEmitter) append() {
	e.method("appendTags appends the tags.", "appendTags").
		Params(jen.Id("dst").Index().Byte(), jen.Id("e").Op("*").Add(e.codecName("Encoder"))).
		Index().Byte().
		BlockFunc(func(g *jen.Group) {
			e.writeVariables(g)
			e.eachField(g, func(g *jen.Group, f *model.Field) { e.appendField(g, f) })
			if e.hasEmpties() {
				e.eachWord(func(word int) {
					empties := m("empties").Index(jen.Lit(word))
					g.If(empties.Clone().Op("!=").Lit(0)).Block(
						jen.Id("dst").Op("=").Id("e").Dot("AppendEmpties").Call(jen.Id("dst"), jen.Id("begin"), jen.Op("&").Add(e.shape()), jen.Lit(word), empties),
					)
				})
			}
			g.Return(jen.Id("e").Dot("AppendUnknown").Call(jen.Id("dst"), m("Unknown")))
		})
	e.file.Line()
}

// isMarked reports whether a presence bit decides with the value whether the
// field is written.
func isMarked(f *model.Field) bool {
	return !f.Repeated && f.Kind != model.KindObject && f.Kind != model.KindEmpty && f.Kind != model.KindSwitch
}

// writeVariables declares what decides which fields are written.
func (e *structEmitter) writeVariables(g *jen.Group) {
	e.eachWord(func(word int) {
		inThis := func(f *model.Field) bool { return f.Bit/64 == word }
		if slices.ContainsFunc(e.s.Fields, func(f *model.Field) bool { return inThis(f) && isMarked(f) }) {
			present := m("marks").Index(jen.Lit(word))
			if mask, any := e.required(word, e.s.Fields); any {
				present = present.Op("^").Add(mask)
				if e.hasEmpties() {
					present = jen.Parens(present)
				}
			}
			if e.hasEmpties() {
				present = present.Op("&^").Add(m("empties").Index(jen.Lit(word)))
			}
			g.Id(inWord("present", word)).Op(":=").Add(present)
		}
	})
	if e.hasEmpties() {
		g.Id("begin").Op(":=").Len(jen.Id("dst"))
	}
	if e.s.FirstIf != nil {
		g.Id("first").Op(":=").Add(e.chosen(e.s.FirstIf))
	}
}

// eachField calls do for each field in the order in which they are written,
// within a condition where the order depends on the own data.
func (e *structEmitter) eachField(g *jen.Group, do func(*jen.Group, *model.Field)) {
	if len(e.s.First) > 0 {
		g.If(jen.Id("first")).BlockFunc(func(g *jen.Group) {
			for _, f := range e.s.First {
				do(g, f)
			}
		})
	}
	var later []*model.Field
	flush := func() {
		if len(later) == 0 {
			return
		}
		fields := later
		later = nil
		g.If(jen.Op("!").Id("first")).BlockFunc(func(g *jen.Group) {
			for _, f := range fields {
				do(g, f)
			}
		})
	}
	for _, f := range e.s.Fields {
		if slices.Contains(e.s.First, f) {
			later = append(later, f)
			continue
		}
		flush()
		do(g, f)
	}
	flush()
}

// isThere is the condition that the field is written.
func (e *structEmitter) isThere(f *model.Field) *jen.Statement {
	nonZero := nonZero(e.generator, f, m(f.Name))
	if !isMarked(f) {
		return nonZero
	}
	return e.word("present", f).Op("&").Add(e.bit(f)).Op("!=").Lit(0).Op("||").Add(nonZero)
}

// nonZero is the condition that a value is not its type's zero.
func nonZero(g *generator, f *model.Field, value *jen.Statement) *jen.Statement {
	switch f.Kind {
	case model.KindBool, model.KindEmpty:
		return value
	case model.KindString, model.KindDouble:
		return value.Op("!=").Lit("")
	case model.KindBytes:
		return jen.Len(value).Op("!=").Lit(0)
	case model.KindIPv4, model.KindHash16, model.KindUint128:
		return value.Op("!=").Parens(g.goType(f).Values())
	case model.KindObject:
		return value.Op("!=").Nil()
	case model.KindSwitch:
		return value.Op("!=").Add(g.codecName("SwitchAbsent"))
	default:
		return value.Op("!=").Lit(0)
	}
}

func (e *structEmitter) appendField(g *jen.Group, f *model.Field) {
	dst := jen.Id("dst")
	switch {
	case f.List != nil:
		if f != f.List.Fields[0] {
			return
		}
		g.For(jen.Id("i").Op(":=").Range().Add(m(f.List.Name))).Block(
			jen.Switch(jen.Id("item").Op(":=").Op("&").Add(m(f.List.Name)).Index(jen.Id("i")), jen.Empty()).BlockFunc(func(g *jen.Group) {
				for _, kind := range f.List.Fields {
					g.Case(jen.Id("item").Dot(kind.Name).Op("!=").Nil()).Block(
						dst.Clone().Op("=").Id("item").Dot(kind.Name).Dot("appendTag").Call(dst.Clone(), jen.Id("e"), tag(kind)),
					)
				}
			}),
		)
	case f.Kind == model.KindPositions:
		g.For(jen.Id("i").Op(":=").Range().Add(m(f.Name))).Block(
			dst.Clone().Op("=").Add(m(f.Name)).Index(jen.Id("i")).Dot("append").Call(dst.Clone(), jen.Id("e"), tag(f)),
		)
	case f.Repeated && f.Kind == model.KindObject:
		g.For(jen.Id("i").Op(":=").Range().Add(m(f.Name))).BlockFunc(func(g *jen.Group) {
			g.Id("item").Op(":=").Op("&").Add(m(f.Name)).Index(jen.Id("i"))
			g.Add(dst.Clone()).Op("=").Id("item").Dot("appendTag").Call(dst.Clone(), jen.Id("e"), e.nameOf(f, jen.Id("item")))
		})
	case f.Repeated:
		g.For(jen.List(jen.Id("_"), jen.Id("value")).Op(":=").Range().Add(m(f.Name))).Block(
			dst.Clone().Op("=").Add(e.appendValue(f, tag(f), jen.Id("value"))),
		)
	case f.Kind == model.KindObject:
		g.If(e.isThere(f)).Block(
			dst.Clone().Op("=").Add(m(f.Name)).Dot("appendTag").Call(dst.Clone(), jen.Id("e"), e.nameOf(f, m(f.Name))),
		)
	default:
		g.If(e.isThere(f)).Block(
			dst.Clone().Op("=").Add(e.appendValue(f, tag(f), m(f.Name))),
		)
	}
}

// nameOf is the name under which an object is written: its own where several
// are taken.
func (e *structEmitter) nameOf(f *model.Field, object *jen.Statement) *jen.Statement {
	if len(f.Also) == 0 {
		return tag(f)
	}
	return jen.Qual("cmp", "Or").Call(object.Clone().Dot("Tag"), tag(f))
}

// appendValue is a call that appends a tag without children.
func (e *structEmitter) appendValue(f *model.Field, name, value *jen.Statement) *jen.Statement {
	call := func(method string, args ...jen.Code) *jen.Statement {
		return jen.Id("e").Dot(method).Call(append([]jen.Code{jen.Id("dst"), name}, args...)...)
	}
	switch f.Kind {
	case model.KindUint:
		return call("AppendUint", asUint64(f, value))
	case model.KindBool:
		return call("AppendBool", value)
	case model.KindSwitch:
		return call("AppendSwitch", value)
	case model.KindEmpty:
		return call("AppendEmpty")
	case model.KindString:
		return call("AppendString", value)
	case model.KindDouble:
		return call("AppendDouble", value)
	case model.KindIPv4:
		return call("AppendIPv4", value)
	case model.KindBytes:
		return call("AppendBytes", e.wireType(f), value)
	case model.KindHash16:
		return call("AppendHash", jen.Op("&").Add(value))
	default:
		return call("AppendBytes", e.wireType(f), value.Clone().Index(jen.Op(":")))
	}
}

func asUint64(f *model.Field, value *jen.Statement) *jen.Statement {
	if f.Width == 64 && f.Enum == nil {
		return value
	}
	return jen.Uint64().Call(value)
}
