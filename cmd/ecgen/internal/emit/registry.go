package emit

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// registry writes the interface Message and the function New.
func (g *generator) registry() {
	f := g.file("registry_gen.go")
	flags := jen.Id("flags").Add(g.codecName("Flags"))
	body := jen.Id("body").Index().Byte()
	f.Comment("// Message is what all messages of this package are.")
	f.Type().Id("Message").Interface(
		jen.Comment(wrap("Opcode returns the opcode, with which a body begins.", 76)),
		jen.Id("Opcode").Params().Add(g.codecName("Opcode")),
		jen.Line().Comment(wrap("UnmarshalBody reads a body whose packet had these flags, under the default limits. What the message was before is forgotten, but memory is used again, and strings that are equal are kept. Strings are copied, so body may be used for something else afterwards. Under FlagZlib body is what was transmitted. The error is a *codec.Error; then the message has what was read before it.", 76)),
		jen.Id("UnmarshalBody").Params(body.Clone(), flags.Clone()).Error(),
		jen.Line().Comment(wrap("DecodeBody is UnmarshalBody under other limits and, as mode says, with two differences: with codec.Merge fields whose tags are absent keep their values, while a list that is there replaces the list of before; with codec.Share strings and bytes alias body and are valid until its memory is used again.", 76)),
		jen.Id("DecodeBody").Params(body.Clone(), flags.Clone(), jen.Id("mode").Add(g.codecName("Mode")), jen.Id("limits").Add(g.codecName("Limits"))).Error(),
		jen.Line().Comment(wrap("AppendBody appends the body under these flags to dst, deflated under FlagZlib. On error, which a message can only cause by being too large, dst is returned as it was.", 76)),
		jen.Id("AppendBody").Params(jen.Id("dst").Index().Byte(), flags.Clone()).Params(jen.Index().Byte(), jen.Error()),
		jen.Line().Comment(wrap("SizeBody returns the size of the body before deflating.", 76)),
		jen.Id("SizeBody").Params(flags.Clone()).Int(),
		jen.Line().Comment(wrap("Reset makes the message empty, and keeps the memory of its lists for later use.", 76)),
		jen.Id("Reset").Params(),
		jen.Line().Comment(wrap("Present reports whether the tag was there when the message was last read, or is to be written although it is zero.", 76)),
		jen.Id("Present").Params(jen.Id("tag").Add(g.codecName("TagName"))).Bool(),
		jen.Line().Comment(wrap("SetPresent says whether the tag is to be written although it is zero.", 76)),
		jen.Id("SetPresent").Params(jen.Id("tag").Add(g.codecName("TagName")), jen.Id("present").Bool()),
		jen.Line().Comment(wrap("String returns the message as an indented tree for people.", 76)),
		jen.Id("String").Params().String(),
		jen.Line().Comment(wrap("MarshalJSON and UnmarshalJSON lose nothing.", 76)),
		jen.Id("MarshalJSON").Params().Params(jen.Index().Byte(), jen.Error()),
		jen.Id("UnmarshalJSON").Params(jen.Id("text").Index().Byte()).Error(),
	)
	f.Line()
	f.Comment(wrap("New returns a new message for this opcode when the side in question writes it, or nil when it is not known to write such a packet.", 80))
	f.Func().Id("New").Params(jen.Id("from").Add(g.codecName("Direction")), jen.Id("op").Add(g.codecName("Opcode"))).Id("Message").Block(
		jen.Switch(jen.Id("from")).Block(
			jen.Case(g.direction("client")).Block(g.newFrom("client")),
			jen.Case(g.direction("daemon")).Block(g.newFrom("daemon")),
		),
		jen.Return(jen.Nil()),
	)
	f.Line()
}

func (g *generator) newFrom(from model.Direction) *jen.Statement {
	return jen.Switch(jen.Id("op")).BlockFunc(func(group *jen.Group) {
		for _, s := range g.protocol.Messages {
			if slices.Contains(s.From, from) {
				group.Case(jen.Id(s.Opcode.Constant)).Block(jen.Return(jen.New(jen.Id(s.Name))))
			}
		}
	})
}
