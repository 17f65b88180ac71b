package emit

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// objectMethods writes what a tag with children has beside its fields.
func (e *structEmitter) objectMethods() {
	e.readElement()
	e.objectString()
	e.decodeTag()
	e.own()
	e.appendTag()
}

// readElement writes ReadElement.
func (e *structEmitter) readElement() {
	e.method("ReadElement reads one element of a walk over the tags of a packet. With codec.Merge fields that are absent there keep their values; with codec.Share strings are valid until the walk ends.", "ReadElement").
		Params(jen.Id("element").Add(e.codecName("Element")), jen.Id("mode").Add(e.codecName("Mode"))).Error().
		Add(oneLine(jen.Id("readElement").Call(jen.Id("m"), jen.Id("element"), jen.Id("mode"))))
	e.file.Line()
}

// objectString writes String.
func (e *structEmitter) objectString() {
	e.method("String returns the object as an indented tree for people.", "String").Params().String().
		Add(oneLine(jen.Id("viewer").Dot("TagString").Call(jen.Lit(e.s.Index), e.codecName("TagOf").Call(m("appendTag")))))
	e.file.Line()
}

// decodeTag writes the method that reads the children and then the own data.
func (e *structEmitter) decodeTag() {
	d, h := jen.Id("d"), jen.Id("h")
	e.method("decodeTag reads the tag that h heads. It returns the offset behind it.", "decodeTag").
		Params(jen.Id("d").Op("*").Add(e.codecName("Decoder")), jen.Id("h").Add(e.codecName("Head")), jen.Id("fresh").Bool()).
		Params(jen.Id("end").Int()).
		BlockFunc(func(g *jen.Group) {
			e.dropShared(g)
			for _, f := range e.s.Own {
				if isText(f) {
					g.Id("old" + f.Name).Op(":=").Add(m(f.Name))
				}
			}
			g.List(jen.Id("count"), jen.Id("at"), jen.Id("opened")).Op(":=").Add(d.Clone()).Dot("Open").Call(h)
			g.Id("at").Op("=").Id("m").Dot("decode").Call(d, jen.Id("count"), jen.Id("at"), jen.Id("fresh"))
			g.List(jen.Id("begin"), jen.Id("end")).Op(":=").Add(d.Clone()).Dot("Close").Call(h, jen.Id("at"), jen.Id("opened"))
			g.If(jen.Id("end").Op("<").Lit(0)).Block(jen.Return(jen.Id("end")))
			e.decodeOwn(g)
			g.Return(jen.Id("end"))
		})
	e.file.Line()
}

// decodeOwn takes the own data into the alternative that holds them.
func (e *structEmitter) decodeOwn(g *jen.Group) {
	d, h := jen.Id("d"), jen.Id("h")
	numbers := slices.ContainsFunc(e.s.Own, isNumber)
	if numbers {
		g.List(jen.Id("value"), jen.Id("isInteger")).Op(":=").Add(d.Clone()).Dot("Integer").Call(h.Clone().Dot("Type").Call(), jen.Id("begin"), jen.Id("end"))
	}
	g.Switch().BlockFunc(func(g *jen.Group) {
		for _, f := range e.s.Own {
			if f.Kind == model.KindSwitch {
				g.Case(jen.Id("end").Op("==").Id("begin").Op("&&").Add(h.Clone()).Dot("Type").Call().Op("==").Add(e.codecName("TypeCustom"))).
					Block(m(f.Name).Op("=").Add(e.codecName("SwitchEmpty")))
			}
			g.Case(e.ownFits(f)).Block(
				m(f.Name).Op("=").Add(e.ownValue(f)),
				e.markOwn(f),
			)
		}
		g.Case(jen.Id("end").Op(">").Id("begin").Op("||").Add(h.Clone()).Dot("Type").Call().Op("!=").Add(e.codecName("TypeCustom"))).
			Block(m("Unknown").Op("=").Add(d.Clone()).Dot("KeepOwn").Call(m("Unknown"), h.Clone().Dot("Type").Call(), jen.Id("begin"), jen.Id("end")))
	})
}

func isNumber(f *model.Field) bool {
	return f.Kind == model.KindUint || f.Kind == model.KindBool || f.Kind == model.KindSwitch
}

// ownFits is the condition that the own data are the alternative's.
func (e *structEmitter) ownFits(f *model.Field) *jen.Statement {
	d, h := jen.Id("d"), jen.Id("h")
	switch f.Kind {
	case model.KindUint, model.KindBool, model.KindSwitch:
		if f.Width == 64 {
			return jen.Id("isInteger")
		}
		return jen.Id("isInteger").Op("&&").Id("value").Op("<=").Add(most(f))
	case model.KindString, model.KindDouble:
		return d.Clone().Dot("OwnText").Call(h, e.wireType(f), jen.Id("begin"), jen.Id("end"))
	case model.KindBytes:
		return h.Clone().Dot("Type").Call().Op("==").Add(e.wireType(f)).Op("&&").Id("end").Op(">").Id("begin")
	default:
		return h.Clone().Dot("Type").Call().Op("==").Add(e.wireType(f)).Op("&&").Id("end").Op("-").Id("begin").Op("==").Lit(sizes[f.Kind])
	}
}

func (e *structEmitter) ownValue(f *model.Field) *jen.Statement {
	if f.Kind == model.KindSwitch {
		return e.codecName("SwitchOf").Call(jen.Id("value").Op("!=").Lit(0))
	}
	return e.valueOf(f, jen.Id("old"+f.Name), jen.Id("value"), jen.Id("begin"), jen.Id("end"))
}

// isText reports whether equal values of the field are kept on reading.
func isText(f *model.Field) bool {
	return f.Kind == model.KindString || f.Kind == model.KindDouble || f.Kind == model.KindBytes
}

// markOwn notes that the alternative is there.
func (e *structEmitter) markOwn(f *model.Field) *jen.Statement {
	marks := m("marks").Index(jen.Lit(f.Bit / 64))
	if f.Required {
		return marks.Op("&^=").Add(e.bit(f))
	}
	return marks.Op("|=").Add(e.bit(f))
}

// own writes the method that chooses the own data to write.
func (e *structEmitter) own() {
	e.method(e.ownComment(), "own").Params().Add(e.codecName("Payload")).
		BlockFunc(func(g *jen.Group) {
			if len(e.s.Own) == 1 && e.s.Own[0].Kind != model.KindSwitch {
				f := e.s.Own[0]
				g.If(nonZero(e.generator, f, m(f.Name)).Op("||").Add(e.ownMarked(f))).Block(jen.Return(e.payload(f)))
			} else if len(e.s.Own) > 0 {
				g.Switch().BlockFunc(func(g *jen.Group) {
					for _, f := range e.s.Own {
						g.Case(nonZero(e.generator, f, m(f.Name))).Block(jen.Return(e.payload(f)))
					}
					for _, required := range []bool{false, true} {
						for _, f := range e.s.Own {
							if f.Required == required && f.Kind != model.KindSwitch {
								g.Case(e.ownMarked(f)).Block(jen.Return(e.payload(f)))
							}
						}
					}
				})
			}
			g.Return(e.codecName("KeptOwn").Call(m("Unknown")))
		})
	e.file.Line()
}

func (e *structEmitter) ownComment() string {
	if len(e.s.Own) < 2 {
		return "own returns the own data."
	}
	return "own returns the own data: the first alternative that is not zero, else one that is present."
}

func (e *structEmitter) ownMarked(f *model.Field) *jen.Statement {
	compare := "!="
	if f.Required {
		compare = "=="
	}
	return m("marks").Index(jen.Lit(f.Bit / 64)).Op("&").Add(e.bit(f)).Op(compare).Lit(0)
}

// chosen is the condition that own returns the alternative.
func (e *structEmitter) chosen(f *model.Field) *jen.Statement {
	own := jen.Id("m").Dot("own").Call()
	if isNumber(f) {
		return own.Dot("IsUint").Call()
	}
	return own.Dot("Type").Call().Op("==").Add(e.wireType(f))
}

// payload is the own data of an alternative, ready to be written.
func (e *structEmitter) payload(f *model.Field) *jen.Statement {
	value := m(f.Name)
	switch f.Kind {
	case model.KindUint:
		return e.codecName("UintPayload").Call(asUint64(f, value))
	case model.KindBool:
		return e.codecName("BoolPayload").Call(value)
	case model.KindSwitch:
		return e.codecName("SwitchPayload").Call(value)
	case model.KindString:
		return e.codecName("StringPayload").Call(value)
	case model.KindDouble:
		return e.codecName("DoublePayload").Call(value)
	case model.KindIPv4:
		return e.codecName("IPv4Payload").Call(value)
	case model.KindBytes:
		return e.codecName("BytesPayload").Call(e.wireType(f), value)
	default:
		return e.codecName("BytesPayload").Call(e.wireType(f), value.Index(jen.Op(":")))
	}
}

// appendTag writes the method that appends the whole tag.
func (e *structEmitter) appendTag() {
	enc := jen.Id("e")
	e.method("appendTag appends the tag: head, children, own data.", "appendTag").
		Params(jen.Id("dst").Index().Byte(), jen.Id("e").Op("*").Add(e.codecName("Encoder")), jen.Id("name").Add(e.codecName("TagName"))).
		Index().Byte().
		Block(
			jen.List(jen.Id("dst"), jen.Id("mark")).Op(":=").Add(enc.Clone()).Dot("Open").Call(jen.Id("dst"), jen.Id("name")),
			jen.Id("dst").Op("=").Id("m").Dot("appendTags").Call(jen.Id("dst"), enc.Clone()),
			jen.Return(enc.Clone().Dot("Close").Call(jen.Id("dst"), jen.Id("name"), jen.Id("mark"), jen.Id("m").Dot("own").Call())),
		)
	e.file.Line()
}
