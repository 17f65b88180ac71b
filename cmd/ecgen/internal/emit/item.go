package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// itemType writes the type of an item that several siblings make together.
func (e *structEmitter) itemType() {
	e.file.Comment(wrap(typeComment(e.s), 80))
	e.file.Type().Id(e.s.Name).StructFunc(func(g *jen.Group) {
		for _, f := range e.s.Own {
			g.Comment(wrap(model.Sentence(f.Doc), 76))
			g.Id(f.Name).Add(e.goType(f))
		}
	})
	e.file.Line()
}

// itemMethods writes how an item is read and written.
func (e *structEmitter) itemMethods() {
	d, h := jen.Id("d"), jen.Id("h")
	e.method("decode reads the siblings of which h heads the first. When they do not make an item, ok is false; when reading fails, end is negative.", "decode").
		Params(jen.Id("d").Op("*").Add(e.codecName("Decoder")), jen.Id("h").Add(e.codecName("Head"))).
		Params(jen.Id("end").Int(), jen.Id("ok").Bool()).
		BlockFunc(func(g *jen.Group) {
			g.List(jen.Id("name"), jen.Id("mark")).Op(":=").List(h.Clone().Dot("Name").Call(), d.Clone().Dot("Mark").Call())
			for i, f := range e.s.Own {
				if i > 0 {
					g.If(h.Clone().Op("=").Add(d.Clone()).Dot("Head").Call(h.Clone().Dot("End")), h.Clone().Dot("End").Op("<").Lit(0)).
						Block(jen.Return(h.Clone().Dot("End"), jen.False()))
				}
				f.Repeated = true // an empty tag is not a number here
				g.If(h.Clone().Dot("Name").Call().Op("!=").Id("name").Op("||").Op("!").Add(e.fits(f))).Block(
					d.Clone().Dot("Rewind").Call(jen.Id("mark")),
					jen.Return(jen.Lit(0), jen.False()),
				)
				f.Repeated = false
				g.Add(m(f.Name)).Op("=").Add(e.value(f, m(f.Name)))
			}
			g.Return(h.Clone().Dot("End"), jen.True())
		})
	e.file.Line()

	e.method("append appends the siblings.", "append").
		Params(jen.Id("dst").Index().Byte(), jen.Id("e").Op("*").Add(e.codecName("Encoder")), jen.Id("name").Add(e.codecName("TagName"))).
		Index().Byte().
		BlockFunc(func(g *jen.Group) {
			for _, f := range e.s.Own {
				g.Id("dst").Op("=").Add(e.appendValue(f, jen.Id("name"), m(f.Name)))
			}
			g.Return(jen.Id("dst"))
		})
	e.file.Line()
}
