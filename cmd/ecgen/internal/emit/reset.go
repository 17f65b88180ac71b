package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// reset writes Reset, and clear with which reading begins.
func (e *structEmitter) reset() {
	e.method("Reset makes m empty, and keeps the memory of its lists for later use.", "Reset").Params().
		Block(jen.Op("*").Id("m").Op("=").Id(e.s.Name).Values(e.kept()))
	e.file.Line()
}

// kept returns the fields whose memory outlives a reset.
func (e *structEmitter) kept() jen.Dict {
	kept := jen.Dict{jen.Id("Unknown"): m("Unknown").Index(jen.Op(":").Lit(0))}
	for _, f := range e.s.Fields {
		switch {
		case f.List != nil && f != f.List.Fields[0]:
		case f.List != nil:
			kept[jen.Id(f.List.Name)] = m(f.List.Name).Index(jen.Op(":").Lit(0))
		case f.Repeated:
			kept[jen.Id(f.Name)] = m(f.Name).Index(jen.Op(":").Lit(0))
		}
	}
	return kept
}

// olds are the fields whose value before reading is of use: equal text is
// kept, and the memory of objects.
func (e *structEmitter) olds() []*model.Field {
	var olds []*model.Field
	for _, f := range e.s.Fields {
		if !f.Repeated && (isText(f) || f.Kind == model.KindObject) {
			olds = append(olds, f)
		}
	}
	return olds
}
