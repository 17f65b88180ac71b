package emit

import (
	"fmt"

	"github.com/dave/jennifer/jen"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// packageComment writes the file with the package's comment.
func (g *generator) packageComment() {
	f := g.file("doc_gen.go")
	text := fmt.Sprintf(packageText, g.options.Package)
	for _, release := range g.protocol.Releases {
		if release.Provisional {
			text += fmt.Sprintf(provisionalText, release.Name, model.Sentence(release.Doc))
		}
	}
	f.PackageComment(wrap(text, 80))
}

const provisionalText = `

What is marked as provisional came with aMule %s. %s`

const packageText = `Package %s has a Go type for each message of aMule's External Connections (EC) protocol, and for each kind of object in them.

A message is read with UnmarshalBody and written with AppendBody; see [Message]. [New] makes the message for an opcode. A large reply can be walked one object at a time with codec.Elements and the objects' ReadElement methods.

The name of a field is the tag's name without the name of the object that it stands in and in Go's spelling: EC_TAG_PARTFILE_NAME is Name in [PartFile]. A repeated tag is a slice and its name gets an s. Where two fields would have the same name, or a name would mislead, one has another; each field's comment names its tag.

A field is written when it is not zero, when it is marked as required, or when it was present in what was read. So a struct literal is a complete message. SetPresent makes a zero be written, such as detail level CMD. A field that is absent reads as zero; Present tells the two apart.

Values are not safe for use by several goroutines at once, unless all of them only read.`

// codes writes the constants of the opcodes and the tag names.
func (g *generator) codes() {
	f := g.file("codes_gen.go")
	g.constants(f, "The opcodes.", "Opcode", "0x%02x", g.protocol.Opcodes)
	g.constants(f, "The tag names.", "TagName", "0x%04x", g.protocol.Tags)
}

func (g *generator) constants(f *jen.File, comment, typeName, format string, codes []*model.Code) {
	f.Comment(comment)
	f.Const().DefsFunc(func(group *jen.Group) {
		for _, code := range codes {
			group.Id(code.Constant).Add(g.codecName(typeName)).Op("=").Op(fmt.Sprintf(format, code.Value)).Comment(code.Name)
		}
	})
	f.Line()
}

// enums writes the types with named values.
func (g *generator) enums() {
	f := g.file("enums_gen.go")
	for _, enum := range g.protocol.Enums {
		f.Comment(wrap(introduce(enum.Name, enum.Doc)+from(enum.Origin), 80))
		f.Type().Id(enum.Name).Id(fmt.Sprintf("uint%d", enum.Width))
		f.Line()
		f.Comment("// The values of " + enum.Name + ".")
		f.Const().DefsFunc(func(group *jen.Group) {
			for _, value := range enum.Values {
				number := fmt.Sprint(value.Value)
				if enum.Bits {
					number = fmt.Sprintf("%#x", value.Value)
				}
				comment := model.Sentence(value.Doc)
				if value.Origin != enum.Origin {
					comment += from(value.Origin)
				}
				group.Id(value.Go).Id(enum.Name).Op("=").Op(number).Comment(comment)
			}
		})
		f.Line()
		f.Comment(wrap(stringComment(enum), 80))
		f.Func().Params(jen.Id("v").Id(enum.Name)).Id("String").Params().String().
			Block(jen.Return(jen.Id("Protocol").Dot("Enums").Index(jen.Lit(enum.Index)).Dot("Format").Call(jen.Uint64().Call(jen.Id("v")))))
		f.Line()
	}
}

func stringComment(enum *model.Enum) string {
	if enum.Bits {
		return "String returns the names of the bits, joined by |, with the rest as a number."
	}
	return "String returns the value's name, or its number when it has none."
}
