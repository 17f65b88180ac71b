package emit

import "github.com/dave/jennifer/jen"

// tests writes a test and a benchmark of all messages. What they do is the
// same for all types, so it stands in package codectest.
func (g *generator) tests() {
	f := g.file("messages_gen_test.go")
	all := jen.Index().Id("Message").ValuesFunc(func(group *jen.Group) {
		var items []*jen.Statement
		for _, s := range g.protocol.Messages {
			items = append(items, jen.New(jen.Id(s.Name)))
		}
		lines(group, items)
	})
	f.Var().Id("allMessages").Op("=").Add(all)
	f.Line()
	g.eachMessage(f, "Test", "t", "T")
	g.eachMessage(f, "Benchmark", "b", "B")
	g.fuzzTests()
}

// fuzzTests writes a fuzz test for each message.
func (g *generator) fuzzTests() {
	f := g.file("fuzz_gen_test.go")
	for _, s := range g.protocol.Messages {
		fuzz := jen.Qual(g.codec+"/codectest", "Fuzz").Call(jen.Id("f"), jen.New(jen.Id(s.Name)))
		f.Func().Id("FuzzMessage" + s.Name).Params(jen.Id("f").Op("*").Qual("testing", "F")).Op("{").Add(fuzz).Op("}")
	}
}

// eachMessage writes a function that calls codectest's function of this name
// for each message.
func (g *generator) eachMessage(f *jen.File, name, receiver, kind string) {
	testing := func() *jen.Statement {
		return jen.Id(receiver).Op("*").Qual("testing", kind)
	}
	call := jen.Qual(g.codec+"/codectest", name).Call(jen.Id(receiver), jen.Id("m"))
	f.Func().Id(name + "Messages").Params(testing()).Block(
		jen.For(jen.List(jen.Id("_"), jen.Id("m")).Op(":=").Range().Id("allMessages")).Block(
			jen.Id(receiver).Dot("Run").Call(
				jen.Qual("fmt", "Sprintf").Call(jen.Lit("msg=%T"), jen.Id("m")),
				jen.Func().Params(testing()).Block(call),
			),
		),
	)
	f.Line()
}
