package emit

import (
	"fmt"
	"math"

	"github.com/dave/jennifer/jen"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// protocolTable writes the variable Protocol: the same description as data.
func (g *generator) protocolTable() {
	f := g.file("protocol_gen.go")
	f.Comment(wrap("Protocol describes the messages and tags as data, for programs that print packets or look into them by name. It must not be changed.", 80))
	f.Var().Id("Protocol").Op("=").Op("&").Add(g.codecName("Protocol")).Values(jen.Dict{
		jen.Id("Shapes"):   jen.Index().Add(g.codecName("Shape")).ValuesFunc(g.shapes),
		jen.Id("Messages"): g.messageTable(),
		jen.Id("Replies"):  g.replyTable(),
		jen.Id("Opcodes"):  g.labels("Opcode", g.protocol.Opcodes),
		jen.Id("Tags"):     g.labels("TagName", g.protocol.Tags),
		jen.Id("Enums"):    g.enumTable(),
		jen.Id("Releases"): g.releases(),
	})
	f.Line()
	f.Var().Id("viewer").Op("=").Qual(g.codec+"/view", "New").Call(jen.Id("Protocol"))
}

// lines breaks the lines of a composite literal.
func lines(group *jen.Group, items []*jen.Statement) {
	for _, item := range items {
		group.Line().Add(item)
	}
	if len(items) > 0 {
		group.Line()
	}
}

func (g *generator) shapes(group *jen.Group) {
	var items []*jen.Statement
	for _, s := range g.protocol.Shapes() {
		values := []jen.Code{jen.Id("Name").Op(":").Lit(s.Name)}
		if s.Since != "" {
			values = append(values, jen.Id("Since").Op(":").Lit(s.Since))
		}
		if len(s.Own) > 0 {
			values = append(values, jen.Id("Own").Op(":").Add(g.fieldTable(s.Own)))
		}
		if len(s.Fields) > 0 {
			values = append(values, jen.Id("Fields").Op(":").Add(g.fieldTable(s.Fields)))
		}
		items = append(items, jen.Values(values...))
	}
	lines(group, items)
}

var kindNames = [...]string{
	"KindUint", "KindBool", "KindSwitch", "KindEmpty", "KindString", "KindDouble", "KindIPv4",
	"KindHash16", "KindUint128", "KindBytes", "KindObject", "KindPositions",
}

func (g *generator) fieldTable(fields []*model.Field) *jen.Statement {
	return jen.Index().Add(g.codecName("Field")).ValuesFunc(func(group *jen.Group) {
		var items []*jen.Statement
		for _, f := range fields {
			items = append(items, jen.Values(g.fieldEntry(f)...))
		}
		lines(group, items)
	})
}

func (g *generator) fieldEntry(f *model.Field) []jen.Code {
	var values []jen.Code
	set := func(name string, value *jen.Statement) {
		values = append(values, jen.Id(name).Op(":").Add(value))
	}
	if f.Tag != nil {
		set("Tag", tag(f))
	}
	if len(f.Also) > 0 {
		set("Also", jen.Index().Add(g.codecName("TagName")).ValuesFunc(func(group *jen.Group) {
			for _, also := range f.Also {
				group.Id(also.Constant)
			}
		}))
	}
	set("Name", jen.Lit(f.Name))
	set("Kind", g.codecName(kindNames[f.Kind]))
	switch most := f.Most(); most {
	case 0:
	case math.MaxUint8, math.MaxUint16, math.MaxUint32, math.MaxUint64:
		set("Most", jen.Qual("math", fmt.Sprintf("MaxUint%d", f.Width)))
	default:
		set("Most", jen.Lit(int(most)))
	}
	if f.Repeated {
		set("Repeated", jen.True())
	}
	if f.Required {
		set("Required", jen.True())
	}
	switch f.Kind {
	case model.KindObject:
		set("Children", jen.Lit(f.Object.Index))
	case model.KindPositions:
		positions := make([]*model.Field, len(f.Object.Own))
		for i, position := range f.Object.Own {
			repeated := *position
			repeated.Repeated = true // an empty tag is not a number here
			positions[i] = &repeated
		}
		set("Positions", g.fieldTable(positions))
	}
	if f.Enum != nil {
		set("Enum", jen.Lit(f.Enum.Index+1))
	}
	if f.List != nil {
		set("List", jen.Lit(f.List.Name))
	}
	if f.Since != "" {
		set("Since", jen.Lit(f.Since))
	}
	return values
}

// messageTable maps the opcodes of each direction to shapes.
func (g *generator) messageTable() *jen.Statement {
	opcodes := jen.Map(g.codecName("Opcode")).Int()
	direction := func(from model.Direction) *jen.Statement {
		return jen.ValuesFunc(func(group *jen.Group) {
			var items []*jen.Statement
			for _, s := range g.protocol.Messages {
				for _, d := range s.From {
					if d == from {
						items = append(items, jen.Id(s.Opcode.Constant).Op(":").Lit(s.Index))
					}
				}
			}
			lines(group, items)
		})
	}
	return jen.Index(jen.Lit(2)).Add(opcodes).Values(jen.Dict{
		g.direction("client"): direction("client"),
		g.direction("daemon"): direction("daemon"),
	})
}

// replyTable maps the opcode of each request to those that answer it.
func (g *generator) replyTable() *jen.Statement {
	return jen.Map(g.codecName("Opcode")).Index().Add(g.codecName("Opcode")).ValuesFunc(func(group *jen.Group) {
		var items []*jen.Statement
		for _, s := range g.protocol.Messages {
			if len(s.Replies) == 0 {
				continue
			}
			items = append(items, jen.Id(s.Opcode.Constant).Op(":").ValuesFunc(func(replies *jen.Group) {
				for _, reply := range s.Replies {
					replies.Id(reply.Message.Opcode.Constant)
				}
			}))
		}
		lines(group, items)
	})
}

// direction returns the codec constant of a direction.
func (g *generator) direction(d model.Direction) *jen.Statement {
	if d == "client" {
		return g.codecName("FromClient")
	}
	return g.codecName("FromDaemon")
}

func (g *generator) labels(typeName string, codes []*model.Code) *jen.Statement {
	return jen.Map(g.codecName(typeName)).Add(g.codecName("Label")).ValuesFunc(func(group *jen.Group) {
		var items []*jen.Statement
		for _, code := range codes {
			if code.Alias {
				continue
			}
			items = append(items, jen.Id(code.Constant).Op(":").Values(jen.Id("Protocol").Op(":").Lit(code.Name), jen.Id("Go").Op(":").Lit(code.Go)))
		}
		lines(group, items)
	})
}

func (g *generator) releases() *jen.Statement {
	return jen.Index().Add(g.codecName("Release")).ValuesFunc(func(group *jen.Group) {
		var items []*jen.Statement
		for _, release := range g.protocol.Releases {
			values := []jen.Code{jen.Id("Name").Op(":").Lit(release.Name)}
			if release.Provisional {
				values = append(values, jen.Id("Provisional").Op(":").True())
			}
			items = append(items, jen.Values(values...))
		}
		lines(group, items)
	})
}

func (g *generator) enumTable() *jen.Statement {
	return jen.Index().Add(g.codecName("Enum")).ValuesFunc(func(group *jen.Group) {
		var items []*jen.Statement
		for _, enum := range g.protocol.Enums {
			values := []jen.Code{jen.Id("Name").Op(":").Lit(enum.Name)}
			if enum.Bits {
				values = append(values, jen.Id("Bits").Op(":").True())
			}
			names := jen.Map(jen.Uint64()).String().ValuesFunc(func(group *jen.Group) {
				for _, value := range enum.Values {
					group.Op(fmt.Sprint(value.Value)).Op(":").Lit(value.Name)
				}
			})
			values = append(values, jen.Id("Values").Op(":").Add(names))
			items = append(items, jen.Values(values...))
		}
		lines(group, items)
	})
}
