package emit

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// typeDeclaration writes the struct type. The presence bits come first: writing
// asks them before all fields, and a processor fetches memory ahead upwards.
func (e *structEmitter) typeDeclaration() {
	e.file.Comment(wrap(typeComment(e.s), 80))
	e.file.Type().Id(e.s.Name).StructFunc(func(g *jen.Group) {
		g.Id("marks").Index(jen.Lit(e.words())).Uint64()
		if e.hasEmpties() {
			g.Id("empties").Index(jen.Lit(e.words())).Uint64()
		}
		for _, member := range pack(e.members()) {
			g.Line()
			g.Comment(wrap(member.comment, 76))
			g.Id(member.name).Add(member.goType)
		}
	})
	e.file.Line()
}

// members returns what the struct has beside its presence bits: own data,
// fields in the order in which they are written, and the rest.
func (e *structEmitter) members() (members []member) {
	for _, f := range e.s.Own {
		members = append(members, e.fieldMember(f, e.goType(f)))
	}
	if e.alsoNamed() {
		members = append(members, member{"The tag's name, where several are taken. Zero stands for the first of them.", "Tag", e.codecName("TagName"), 2, 2})
	}
	for _, f := range e.s.Fields {
		switch {
		case f.List == nil:
			members = append(members, e.fieldMember(f, e.fieldType(f)))
		case f == f.List.Fields[0]:
			members = append(members, listMember(model.Sentence(f.List.Doc), f.List.Name, jen.Id(f.List.Element)))
		}
	}
	return append(members,
		listMember("Unknown has the tags that no field holds. They are written behind the others.", "Unknown", e.codecName("Tag")),
		member{"shared says that text may alias the body that was read.", "shared", jen.Bool(), 1, 1},
	)
}

// taglessType writes the struct type of a message without tags.
func (e *structEmitter) taglessType() {
	e.file.Comment(wrap(typeComment(e.s), 80))
	e.file.Type().Id(e.s.Name).Struct(jen.Id("tagless"))
	e.file.Line()
}

// alsoNamed reports whether tags of this type stand somewhere under several
// names.
func (e *structEmitter) alsoNamed() bool {
	for _, s := range e.protocol.Shapes() {
		for _, f := range s.Fields {
			if f.Object == e.s && len(f.Also) > 0 {
				return true
			}
		}
	}
	return false
}

// bits writes the constants of the presence bits.
func (e *structEmitter) bits() {
	all := slices.Concat(e.s.Fields, e.s.Own)
	for start := 0; start < len(all); start += 64 {
		e.file.Const().DefsFunc(func(g *jen.Group) {
			for i, f := range all[start:min(start+64, len(all))] {
				if i == 0 {
					g.Add(e.bit(f)).Uint64().Op("=").Lit(1).Op("<<").Iota()
				} else {
					g.Add(e.bit(f))
				}
			}
		})
		e.file.Line()
	}
}

// lists writes the element types of lists that mix tags.
func (e *structEmitter) lists() {
	for _, list := range e.s.Lists {
		e.file.Comment(wrap(list.Element+" is one element of "+e.s.Name+"."+list.Name+". Exactly one of its fields is set.", 80))
		e.file.Type().Id(list.Element).StructFunc(func(g *jen.Group) {
			for _, f := range list.Fields {
				g.Id(f.Name).Op("*").Id(f.Object.Name)
			}
		})
		e.file.Line()
	}
}

// presence writes Present and SetPresent.
func (e *structEmitter) presence() {
	tagParam := jen.Id("tag").Add(e.codecName("TagName"))
	e.method("Present reports whether the tag was there when m was last read, or was set to be written. Of a list, see its length.", "Present").
		Params(tagParam.Clone()).Bool().
		Add(oneLine(e.shape().Dot("Present").Call(m("marks").Index(jen.Op(":")), jen.Id("tag"))))
	e.file.Line()
	empties := jen.Nil()
	if e.hasEmpties() {
		empties = m("empties").Index(jen.Op(":"))
	}
	e.method("SetPresent says whether the tag is to be written although it is zero.", "SetPresent").
		Params(tagParam.Clone(), jen.Id("present").Bool()).
		Block(e.shape().Dot("SetPresent").Call(m("marks").Index(jen.Op(":")), empties, jen.Id("tag"), jen.Id("present")))
	e.file.Line()
}

// shape returns the struct's entry in the table.
func (e *structEmitter) shape() *jen.Statement {
	return jen.Id("Protocol").Dot("Shapes").Index(jen.Lit(e.s.Index))
}
