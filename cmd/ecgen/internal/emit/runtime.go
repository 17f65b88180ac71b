package emit

import "github.com/dave/jennifer/jen"

// runtime writes the functions that the methods of all types call.
func (g *generator) runtime() {
	f := g.file("runtime_gen.go")
	flags := jen.Id("flags").Add(g.codecName("Flags"))
	body := jen.Id("body").Index().Byte()
	decodeMethod := func(method string, params ...jen.Code) *jen.Statement {
		return jen.Id(method).Params(append([]jen.Code{jen.Id("d").Op("*").Add(g.codecName("Decoder"))}, params...)...).Params(jen.Id("end").Int())
	}

	f.Comment("// message is what the functions below need of a Message.")
	f.Type().Id("message").Interface(
		jen.Id("Opcode").Params().Add(g.codecName("Opcode")),
		decodeMethod("decode", jen.List(jen.Id("count"), jen.Id("at")).Int(), jen.Id("fresh").Bool()),
		jen.Id("appendTags").Params(jen.Id("dst").Index().Byte(), jen.Id("e").Op("*").Add(g.codecName("Encoder"))).Index().Byte(),
		jen.Id("guess").Params().Int(),
		jen.Id("Reset").Params(),
	)
	f.Line()

	f.Comment(wrap("tagless is what messages without tags consist of.", 80))
	f.Type().Id("tagless").Struct(
		jen.Comment("// Unknown has the tags that were there all the same."),
		jen.Id("Unknown").Index().Add(g.codecName("Tag")),
	)
	f.Line()
	tagless := func() *jen.Statement { return jen.Func().Params(jen.Id("m").Op("*").Id("tagless")) }
	f.Comment("// Present returns false: there is no tag that could be.")
	f.Add(tagless().Id("Present").Params(g.codecName("TagName")).Bool().Add(oneLine(jen.False())))
	f.Line()
	f.Comment("// SetPresent does nothing.")
	f.Add(tagless().Id("SetPresent").Params(g.codecName("TagName"), jen.Bool()).Block())
	f.Line()
	f.Comment("// Reset makes m empty.")
	f.Add(tagless().Id("Reset").Params().Block(jen.Op("*").Id("m").Op("=").Id("tagless").Values()))
	f.Line()
	f.Add(tagless().Add(decodeMethod("decode", jen.List(jen.Id("count"), jen.Id("at")).Int(), jen.Id("fresh").Bool())).Block(
		jen.If(jen.Id("fresh")).Block(jen.Id("m").Dot("Reset").Call()),
		jen.Id("known").Op(":=").Len(m("Unknown")),
		jen.List(m("Unknown"), jen.Id("end")).Op("=").Id("d").Dot("KeepAll").Call(m("Unknown"), jen.Id("count"), jen.Id("at")),
		jen.If(jen.Id("known").Op(">").Lit(0)).Block(
			jen.Var().Id("none").Add(g.codecName("Shape")),
			m("Unknown").Op("=").Id("none").Dot("MergeUnknown").Call(m("Unknown"), jen.Id("known")),
		),
		jen.Return(jen.Id("end")),
	))
	f.Line()
	f.Add(tagless().Id("appendTags").Params(jen.Id("dst").Index().Byte(), jen.Id("e").Op("*").Add(g.codecName("Encoder"))).Index().Byte().Block(
		jen.Return(jen.Id("e").Dot("AppendUnknown").Call(jen.Id("dst"), m("Unknown"))),
	))
	f.Line()
	f.Add(tagless().Id("guess").Params().Int().Add(oneLine(jen.Len(m("Unknown")))))
	f.Line()

	f.Func().Id("unmarshalBody").Params(jen.Id("m").Id("message"), body.Clone(), flags.Clone()).Error().Block(
		jen.Return(jen.Id("decodeBody").Call(jen.Id("m"), jen.Id("body"), jen.Id("flags"), jen.Lit(0), g.codecName("DefaultLimits").Call())),
	)
	f.Line()

	f.Func().Id("decodeBody").Params(jen.Id("m").Id("message"), body.Clone(), flags.Clone(), jen.Id("mode").Add(g.codecName("Mode")), jen.Id("limits").Add(g.codecName("Limits"))).Error().Block(
		jen.Id("d").Op(":=").Add(g.codecName("NewDecoder")).Call(jen.Id("body"), jen.Id("flags"), jen.Id("mode"), jen.Id("limits")),
		jen.List(jen.Id("count"), jen.Id("at")).Op(":=").Id("d").Dot("Expect").Call(jen.Id("m").Dot("Opcode").Call()),
		jen.Id("end").Op(":=").Id("m").Dot("decode").Call(jen.Id("d"), jen.Id("count"), jen.Id("at"), jen.Op("!").Id("d").Dot("Merging").Call()),
		jen.Err().Op(":=").Id("d").Dot("Finish").Call(jen.Id("m").Dot("Opcode").Call(), jen.Id("end"), jen.Id("Protocol")),
		jen.If(jen.Err().Op("!=").Nil().Op("&&").Id("mode").Op("&").Add(g.codecName("Merge")).Op("==").Lit(0)).Block(jen.Id("m").Dot("Reset").Call()),
		jen.Return(jen.Err()),
	)
	f.Line()

	f.Func().Id("appendBody").Params(jen.Id("m").Id("message"), jen.Id("dst").Index().Byte(), flags.Clone()).Params(jen.Index().Byte(), jen.Error()).Block(
		jen.List(jen.Id("e"), jen.Id("body")).Op(":=").Add(g.codecName("NewEncoder")).Call(jen.Id("dst"), jen.Id("flags")),
		jen.Id("written").Op(":=").Id("writeBody").Call(jen.Id("m"), jen.Id("body"), jen.Id("e")),
		jen.For(jen.Id("e").Dot("Grow").Call(jen.Op("&").Id("body"), jen.Id("written"))).Block(
			jen.Id("written").Op("=").Id("writeBody").Call(jen.Id("m"), jen.Id("body"), jen.Id("e")),
		),
		jen.Return(jen.Id("e").Dot("Finish").Call(jen.Id("dst"), jen.Id("written"))),
	)
	f.Line()
	f.Func().Id("writeBody").Params(jen.Id("m").Id("message"), jen.Id("dst").Index().Byte(), jen.Id("e").Op("*").Add(g.codecName("Encoder"))).Index().Byte().Block(
		jen.List(jen.Id("dst"), jen.Id("mark")).Op(":=").Id("e").Dot("OpenBody").Call(jen.Id("dst"), jen.Id("m").Dot("Opcode").Call(), jen.Id("m").Dot("guess").Call()),
		jen.Return(jen.Id("e").Dot("CloseBody").Call(jen.Id("m").Dot("appendTags").Call(jen.Id("dst"), jen.Id("e")), jen.Id("mark"))),
	)
	f.Line()

	f.Comment("// scratch has the memory that sizeBody writes into.")
	f.Var().Id("scratch").Op("=").Qual("sync", "Pool").Values(jen.Dict{
		jen.Id("New"): jen.Func().Params().Any().Block(jen.Return(jen.New(jen.Index().Byte()))),
	})
	f.Line()
	f.Comment(wrap("sizeBody writes the body to see how large it is, which costs as much as AppendBody.", 80))
	f.Func().Id("sizeBody").Params(jen.Id("m").Id("message"), flags.Clone()).Int().Block(
		jen.Id("buffer").Op(":=").Id("scratch").Dot("Get").Call().Assert(jen.Op("*").Index().Byte()),
		jen.List(jen.Id("body"), jen.Id("_")).Op(":=").Id("appendBody").Call(jen.Id("m"), jen.Parens(jen.Op("*").Id("buffer")).Index(jen.Op(":").Lit(0)), jen.Id("flags").Op("&^").Add(g.codecName("FlagZlib"))),
		jen.Op("*").Id("buffer").Op("=").Id("body"),
		jen.Id("scratch").Dot("Put").Call(jen.Id("buffer")),
		jen.Return(jen.Len(jen.Id("body"))),
	)
	f.Line()

	f.Comment("// object is what readElement needs of a tag with children.")
	f.Type().Id("object").Interface(
		decodeMethod("decodeTag", jen.Id("h").Add(g.codecName("Head")), jen.Id("fresh").Bool()),
		jen.Id("Reset").Params(),
	)
	f.Line()
	f.Func().Id("readElement").Params(jen.Id("m").Id("object"), jen.Id("element").Add(g.codecName("Element")), jen.Id("mode").Add(g.codecName("Mode"))).Error().Block(
		jen.List(jen.Id("d"), jen.Id("h")).Op(":=").Id("element").Dot("NewDecoder").Call(jen.Id("mode")),
		jen.Id("end").Op(":=").Id("m").Dot("decodeTag").Call(jen.Id("d"), jen.Id("h"), jen.Op("!").Id("d").Dot("Merging").Call()),
		jen.Err().Op(":=").Id("d").Dot("FinishElement").Call(jen.Id("element"), jen.Id("end"), jen.Id("Protocol")),
		jen.If(jen.Err().Op("!=").Nil().Op("&&").Id("mode").Op("&").Add(g.codecName("Merge")).Op("==").Lit(0)).Block(jen.Id("m").Dot("Reset").Call()),
		jen.Return(jen.Err()),
	)
	f.Line()
}
