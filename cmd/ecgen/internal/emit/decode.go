package emit

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// decode writes the method that reads a list of tags: those of a message, or
// the children of an object.
func (e *structEmitter) decode() {
	comment := "decode reads count tags from offset at. It returns the offset behind them. When fresh, m forgets what it was."
	e.method(comment, "decode").
		Params(jen.Id("d").Op("*").Add(e.codecName("Decoder")), jen.List(jen.Id("count"), jen.Id("at")).Int(), jen.Id("fresh").Bool()).
		Params(jen.Id("end").Int()).
		BlockFunc(func(g *jen.Group) {
			e.begin(g)
			e.variables(g)
			g.For(jen.Id("left").Op(":=").Id("count"), jen.Id("left").Op(">").Lit(0), jen.Id("left").Op("--")).BlockFunc(e.oneTag)
			e.finish(g)
			g.Return(jen.Id("at"))
		})
	e.file.Line()
}

// begin forgets what m was, but for memory, and for text that is kept when it
// comes again.
func (e *structEmitter) begin(g *jen.Group) {
	if e.s.Opcode != nil {
		e.dropShared(g)
	}
	g.If(jen.Id("fresh")).Block(jen.Id("m").Dot("clear").Call())
	g.Add(m("shared")).Op("=").Add(m("shared")).Op("||").Id("d").Dot("Sharing").Call()
	g.Id("known").Op(":=").Len(m("Unknown"))
}

// dropShared forgets everything when m has text of an earlier body, which must
// not be kept only because it is equal.
func (e *structEmitter) dropShared(g *jen.Group) {
	g.If(m("shared").Op("&&").Id("fresh").Op("&&").Op("!").Id("d").Dot("Sharing").Call()).
		Block(jen.Op("*").Id("m").Op("=").Id(e.s.Name).Values())
}

// variables declares the sets of presence bits, and the slabs of lists that
// mix tags.
func (e *structEmitter) variables(g *jen.Group) {
	e.eachWord(func(word int) {
		g.Var().Id(inWord("seen", word)).Uint64()
		g.Var().Id(inWord("rare", word)).Add(e.codecName("Rare"))
	})
	for _, list := range e.s.Lists {
		g.Id(begun(list)).Op(":=").False()
		for _, f := range list.Fields {
			g.Var().Id("slab" + f.Name).Index().Id(f.Object.Name)
		}
	}
}

// oneTag reads one tag. Each case takes the tag and continues, or leaves it
// to be kept as it is.
func (e *structEmitter) oneTag(g *jen.Group) {
	e.head(g)
	g.Id("at").Op("=").Id("h").Dot("End")
	g.Switch(jen.Id("h").Dot("Name").Call()).BlockFunc(func(g *jen.Group) {
		for _, f := range e.s.Fields {
			names := []jen.Code{tag(f)}
			for _, also := range f.Also {
				names = append(names, jen.Id(also.Constant))
			}
			g.Case(names...).BlockFunc(func(g *jen.Group) { e.take(g, f) })
		}
	})
	g.If(
		jen.List(m("Unknown"), jen.Id("at")).Op("=").Id("d").Dot("Keep").Call(m("Unknown"), jen.Id("h")),
		jen.Id("at").Op("<").Lit(0),
	).Block(e.failed())
	e.eachWord(func(word int) {
		seen, rare := jen.Id(inWord("seen", word)), jen.Id(inWord("rare", word))
		g.Add(seen).Op("=").Add(e.shape()).Dot("Misfit").Call(jen.Id("h").Dot("Name").Call(), jen.Lit(word), seen.Clone(), jen.Op("&").Add(rare))
	})
}

// head reads a head: in place if it is of a kind that nearly all are of, which
// costs half of a call. Blank is the mask of an empty tag, which is not of such
// a kind.
func (e *structEmitter) head(g *jen.Group) {
	d, h, at := jen.Id("d"), jen.Id("h"), jen.Id("at")
	g.Var().Add(h.Clone()).Add(e.codecName("Head"))
	if e.hasEmpties() {
		g.Var().Id("blank").Uint64()
	}
	cases := jen.Null()
	for _, kind := range []struct{ is, read string }{{"IsFixed", "FixedHead"}, {"IsCoded5", "CodedHead5"}, {"IsCoded4", "CodedHead4"}} {
		cases.If(d.Clone().Dot(kind.is).Call(at)).Block(h.Clone().Op("=").Add(d.Clone()).Dot(kind.read).Call(at)).Else()
	}
	read := jen.If(h.Clone().Op("=").Add(d.Clone()).Dot("Head").Call(at), h.Clone().Dot("End").Op("<").Lit(0)).
		Block(jen.Return(d.Clone().Dot("Failed").Call(h, jen.Id("count").Op("-").Id("left"))))
	if e.hasEmpties() {
		cases.Block(read, jen.Id("blank").Op("=").Add(h.Clone()).Dot("Empty").Call())
	} else {
		cases.Add(read)
	}
	g.Add(cases)
}

// failed returns with the tag added to the path of the error.
func (e *structEmitter) failed() *jen.Statement {
	return jen.Return(jen.Id("d").Dot("In").Call(jen.Id("h").Dot("Name").Call(), jen.Id("count").Op("-").Id("left")))
}

// take writes the body of the case for a field.
func (e *structEmitter) take(g *jen.Group, f *model.Field) {
	switch {
	case f.Kind == model.KindPositions:
		e.takeItem(g, f)
	case f.Kind == model.KindObject && f.List != nil:
		e.takeMixed(g, f)
	case f.Kind == model.KindObject && f.Repeated:
		e.takeObjects(g, f)
	case f.Kind == model.KindObject:
		e.takeObject(g, f)
	case f.Repeated:
		e.takeRepeated(g, f)
	default:
		e.takeSingle(g, f)
	}
}

// takeSingle reads a tag without children into its field.
func (e *structEmitter) takeSingle(g *jen.Group, f *model.Field) {
	g.If(e.fits(f).Op("&&").Add(e.word("seen", f)).Op("&").Add(e.bit(f)).Op("==").Lit(0)).BlockFunc(func(g *jen.Group) {
		targets := []jen.Code{m(f.Name), e.word("seen", f)}
		values := []jen.Code{e.value(f, m(f.Name)), e.word("seen", f).Op("|").Add(e.bit(f))}
		if mayBeEmpty(f) {
			empty := e.word("rare", f).Dot("Empty")
			targets = append(targets, empty)
			values = append(values, empty.Clone().Op("|").Id("blank").Op("&").Add(e.bit(f)))
		}
		g.List(targets...).Op("=").List(values...)
		g.Continue()
	})
}

// takeRepeated appends the value of a tag without children.
func (e *structEmitter) takeRepeated(g *jen.Group, f *model.Field) {
	g.If(e.fits(f).Op("&&").Add(e.inOrder(f))).BlockFunc(func(g *jen.Group) {
		e.firstOfList(g, f, m(f.Name))
		g.Add(m(f.Name)).Op("=").Append(m(f.Name), e.value(f, e.codecName("Spare").Call(m(f.Name))))
		g.Continue()
	})
}

// takeObjects appends an object.
func (e *structEmitter) takeObjects(g *jen.Group, f *model.Field) {
	g.If(e.admits(f).Op("&&").Add(e.inOrder(f))).BlockFunc(func(g *jen.Group) {
		e.firstOfList(g, f, m(f.Name))
		e.extend(g, m(f.Name))
		item := m(f.Name).Index(jen.Len(m(f.Name)).Op("-").Lit(1))
		g.Id("item").Op(":=").Op("&").Add(item)
		e.decodeObject(g, jen.Id("item"), jen.True())
		if len(f.Also) > 0 {
			g.Id("item").Dot("Tag").Op("=").Id("h").Dot("Name").Call()
		}
		g.Continue()
	})
}

// takeMixed appends an object to a list that mixes tags.
func (e *structEmitter) takeMixed(g *jen.Group, f *model.Field) {
	list := m(f.List.Name)
	g.If(e.admits(f).Op("&&").Add(e.inOrder(f))).BlockFunc(func(g *jen.Group) {
		g.If(jen.Op("!").Id(begun(f.List))).Block(
			jen.List(list.Clone(), jen.Id(begun(f.List))).Op("=").List(list.Clone().Index(jen.Op(":").Lit(0)), jen.True()),
		)
		g.Add(e.word("seen", f)).Op("|=").Add(e.bit(f))
		e.extend(g, list)
		g.Id("item").Op(":=").Op("&").Add(list.Clone()).Index(jen.Len(list.Clone()).Op("-").Lit(1))
		g.Op("*").Id("item").Op("=").Id(f.List.Element).Values(jen.Dict{
			jen.Id(f.Name): e.codecName("Take").Call(jen.Id("d"), jen.Id("item").Dot(f.Name), jen.Op("&").Id("slab"+f.Name), jen.Id("left"), jen.Id("at")),
		})
		g.If(jen.Id("item").Dot(f.Name).Op("==").Nil()).Block(e.failed())
		e.decodeObject(g, jen.Id("item").Dot(f.Name), jen.True())
		g.Continue()
	})
}

// takeObject reads an object into its field.
func (e *structEmitter) takeObject(g *jen.Group, f *model.Field) {
	g.If(e.admits(f).Op("&&").Add(e.word("seen", f)).Op("&").Add(e.bit(f)).Op("==").Lit(0)).BlockFunc(func(g *jen.Group) {
		reuse := m(f.Name).Op("=").Add(e.codecName("Reuse")).Call(jen.Id("d"), m(f.Name), jen.Id("at"))
		g.If(reuse, m(f.Name).Op("==").Nil()).Block(e.failed())
		e.decodeObject(g, m(f.Name), jen.Id("fresh"))
		g.Add(e.word("seen", f)).Op("|=").Add(e.bit(f))
		g.Continue()
	})
}

// takeItem appends an item that several siblings make together.
func (e *structEmitter) takeItem(g *jen.Group, f *model.Field) {
	positions := len(f.Object.Own)
	g.If(jen.Id("left").Op(">=").Lit(positions).Op("&&").Add(e.inOrder(f))).BlockFunc(func(g *jen.Group) {
		e.firstOfList(g, f, m(f.Name))
		e.extend(g, m(f.Name))
		last := jen.Len(m(f.Name)).Op("-").Lit(1)
		g.List(jen.Id("next"), jen.Id("ok")).Op(":=").Add(m(f.Name)).Index(last).Dot("decode").Call(jen.Id("d"), jen.Id("h"))
		g.If(jen.Id("next").Op("<").Lit(0)).Block(e.failed())
		g.If(jen.Id("ok")).Block(
			jen.Id("left").Op("-=").Lit(positions-1),
			jen.Id("at").Op("=").Id("next"),
			jen.Continue(),
		)
		g.Add(m(f.Name)).Op("=").Add(m(f.Name)).Index(jen.Op(":").Add(last.Clone()))
	})
}

// inOrder is the condition that no earlier tag of the field's name was kept
// as unknown.
func (e *structEmitter) inOrder(f *model.Field) *jen.Statement {
	return e.word("rare", f).Dot("Odd").Op("&").Add(e.bit(f)).Op("==").Lit(0)
}

// firstOfList empties a list before its first element, for the elements of a
// list that is there replace those of before.
func (e *structEmitter) firstOfList(g *jen.Group, f *model.Field, list *jen.Statement) {
	g.If(e.word("seen", f).Op("&").Add(e.bit(f)).Op("==").Lit(0)).Block(
		jen.List(list.Clone(), e.word("seen", f)).Op("=").List(list.Clone().Index(jen.Op(":").Lit(0)), e.word("seen", f).Op("|").Add(e.bit(f))),
	)
}

// begun is the variable that says whether an element of the list was read.
func begun(list *model.List) string { return "begun" + list.Name }

// extend makes room for one more element of a list.
func (e *structEmitter) extend(g *jen.Group, list *jen.Statement) {
	g.Var().Id("ok").Bool()
	g.If(
		jen.List(list.Clone(), jen.Id("ok")).Op("=").Add(e.codecName("Extend")).Call(jen.Id("d"), list.Clone(), jen.Id("left"), jen.Id("at")),
		jen.Op("!").Id("ok"),
	).Block(e.failed())
}

// decodeObject reads the tag into the object.
func (e *structEmitter) decodeObject(g *jen.Group, object, fresh *jen.Statement) {
	g.If(jen.Id("at").Op("=").Add(object).Dot("decodeTag").Call(jen.Id("d"), jen.Id("h"), fresh), jen.Id("at").Op("<").Lit(0)).Block(e.failed())
}

// fits is the condition that the tag is one without children whose data the
// field can hold.
func (e *structEmitter) fits(f *model.Field) *jen.Statement { return e.fitsHead(f, jen.Id("h")) }

func (e *structEmitter) fitsHead(f *model.Field, h *jen.Statement) *jen.Statement {
	switch f.Kind {
	case model.KindUint, model.KindBool, model.KindSwitch:
		if f.Repeated {
			return h.Clone().Dot("IsUint").Call(most(f))
		}
		return h.Clone().Dot("Fits").Call(most(f))
	case model.KindString, model.KindDouble:
		return jen.Id("d").Dot("IsText").Call(h.Clone(), e.wireType(f))
	case model.KindBytes:
		return h.Clone().Dot("Is").Call(e.wireType(f))
	default:
		return h.Clone().Dot("IsSized").Call(e.wireType(f), jen.Lit(sizes[f.Kind]))
	}
}

// sizes are the lengths of data of one length.
var sizes = map[model.Kind]int{
	model.KindEmpty: 0, model.KindIPv4: 6, model.KindHash16: 16, model.KindUint128: 16,
}

// value is what the field gets from the tag of head h. Old is text or bytes
// that are kept when they are equal.
func (e *structEmitter) value(f *model.Field, old *jen.Statement) *jen.Statement {
	return e.valueOf(f, old, jen.Id("h").Dot("Value").Call(), jen.Id("h").Dot("At").Call(), jen.Id("h").Dot("End"))
}

func (e *structEmitter) valueOf(f *model.Field, old, number, begin, end *jen.Statement) *jen.Statement {
	d := jen.Id("d")
	switch f.Kind {
	case model.KindUint:
		if f.Width == 64 && f.Enum == nil {
			return number
		}
		return e.goType(f).Call(number)
	case model.KindBool:
		return number.Op("!=").Lit(0)
	case model.KindSwitch:
		return jen.Id("h").Dot("Switch").Call()
	case model.KindEmpty:
		return jen.True()
	case model.KindString:
		return d.Dot("Text").Call(begin, end, old)
	case model.KindDouble:
		return e.codecName("Double").Call(d.Dot("Text").Call(begin, end, jen.String().Call(old)))
	case model.KindBytes:
		return d.Dot("Bytes").Call(begin, end, old)
	case model.KindIPv4:
		return d.Dot("IPv4").Call(begin)
	case model.KindHash16:
		return d.Dot("Hash").Call(begin)
	default:
		return d.Dot("UInt128").Call(begin)
	}
}

// admits is the condition that the tag can be an object of the field's type.
func (e *structEmitter) admits(f *model.Field) *jen.Statement {
	var condition *jen.Statement
	or := func(c *jen.Statement) {
		if condition == nil {
			condition = c
		} else {
			condition = condition.Op("||").Add(c)
		}
	}
	h := jen.Id("h")
	for _, own := range f.Object.Own {
		switch own.Kind {
		case model.KindUint, model.KindBool, model.KindSwitch:
			or(h.Clone().Dot("MayBeUint").Call(most(own)))
		case model.KindString, model.KindDouble:
			or(jen.Id("d").Dot("MayBeText").Call(h.Clone(), e.wireType(own)))
		case model.KindBytes:
			or(h.Clone().Dot("Type").Call().Op("==").Add(e.wireType(own)))
		default:
			or(h.Clone().Dot("MayBe").Call(e.wireType(own), jen.Lit(sizes[own.Kind])))
		}
	}
	or(h.Clone().Dot("MayBe").Call(e.codecName("TypeCustom"), jen.Lit(0)))
	if len(f.Object.Own) > 0 {
		return jen.Parens(condition)
	}
	return condition
}

// finish clears what begin kept but no tag filled, and stores the presence
// bits.
func (e *structEmitter) finish(g *jen.Group) {
	e.eachWord(func(word int) {
		g.Id(inWord("found", word)).Op(":=").Id(inWord("seen", word)).Op("&^").Id(inWord("rare", word)).Dot("Odd")
	})
	if olds := e.olds(); len(olds) > 0 {
		g.If(jen.Id("fresh")).BlockFunc(func(g *jen.Group) {
			for _, f := range olds {
				g.If(e.word("found", f).Op("&").Add(e.bit(f)).Op("==").Lit(0)).Block(m(f.Name).Op("=").Add(e.zero(f)))
			}
		})
	}
	e.eachWord(func(word int) {
		marks, found := m("marks").Index(jen.Lit(word)), jen.Id(inWord("found", word))
		if mask, any := e.required(word, slices.Concat(e.s.Fields, e.s.Own)); any {
			g.Add(marks).Op("=").Parens(marks.Clone().Op("^").Add(mask).Op("|").Add(found)).Op("^").Add(mask.Clone())
		} else {
			g.Add(marks).Op("|=").Add(found)
		}
		if e.hasEmpties() {
			empties := m("empties").Index(jen.Lit(word))
			g.Add(empties).Op("=").Add(empties.Clone()).Op("&^").Id(inWord("seen", word)).Op("|").Id(inWord("rare", word)).Dot("Empty")
		}
	})
	e.mergeUnknown(g)
}

// mergeUnknown drops unknown tags of before that came again.
func (e *structEmitter) mergeUnknown(g *jen.Group) {
	args := []jen.Code{m("Unknown"), jen.Id("known")}
	e.eachWord(func(word int) {
		args = append(args, jen.Id(inWord("found", word)))
	})
	g.If(jen.Id("known").Op(">").Lit(0)).Block(
		m("Unknown").Op("=").Add(e.shape()).Dot("MergeUnknown").Call(args...),
	)
}
