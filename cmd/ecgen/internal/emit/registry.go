package emit

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// registry writes the interface Message and the functions New and Capability.
func (g *generator) registry() {
	f := g.file("registry_gen.go")
	flags := jen.Id("flags").Add(g.codecName("Flags"))
	body := jen.Id("body").Index().Byte()
	f.Comment("// Message is what all messages of this package are.")
	f.Type().Id("Message").Interface(
		jen.Comment(wrap("Opcode returns the opcode, with which a body begins.", 76)),
		jen.Id("Opcode").Params().Add(g.codecName("Opcode")),
		jen.Line().Comment(wrap("UnmarshalBody reads a body whose packet had these flags, under the default limits. What the message was before is forgotten, but memory is used again, and strings that are equal are kept. Strings are copied, so body may be used for something else afterwards. Under FlagZlib body is what was transmitted. The error is a *codec.Error; then the message is empty.", 76)),
		jen.Id("UnmarshalBody").Params(body.Clone(), flags.Clone()).Error(),
		jen.Line().Comment(wrap("DecodeBody is UnmarshalBody under other limits and, as mode says, with two differences: with codec.Merge fields whose tags are absent keep their values, while a list that is there replaces the list of before, and after an error the message has part of the update; with codec.Share strings and bytes alias body and are valid until its memory is used again.", 76)),
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
	f.Comment(wrap("Request is a message that an R answers unless the request failed. Where several messages may answer, R is Message.", 80))
	f.Type().Id("Request").Types(jen.Id("R").Id("Message")).Interface(
		jen.Id("Message"),
		jen.Line().Comment(wrap("Reply returns a new R, or nil when R is Message.", 76)),
		jen.Id("Reply").Params().Id("R"),
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
	f.Comment(wrap("Capability returns the tag by which a daemon says at login that it knows requests with this opcode. A client that did not get it must not send them. For what all daemons know, ok is false.", 80))
	f.Func().Id("Capability").Params(jen.Id("op").Add(g.codecName("Opcode"))).Params(jen.Id("tag").Add(g.codecName("TagName")), jen.Id("ok").Bool()).Block(
		jen.Switch(jen.Id("op")).BlockFunc(func(group *jen.Group) {
			for _, capability := range g.protocol.Tags {
				var requests []jen.Code
				for _, s := range g.protocol.Messages {
					if s.Capability == capability {
						requests = append(requests, jen.Id(s.Opcode.Constant))
					}
				}
				if len(requests) > 0 {
					group.Case(requests...).Block(jen.Return(jen.Id(capability.Constant), jen.True()))
				}
			}
		}),
		jen.Return(jen.Lit(0), jen.False()),
	)
	f.Line()
}

// packet writes the type Packet and the function Read.
func (g *generator) packet() {
	f := g.file("packet_gen.go")
	frame := jen.Id("frame").Add(g.codecName("Frame"))
	from := jen.Id("from").Add(g.codecName("Direction"))
	fails := jen.If(jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Nil(), jen.Err()))
	f.Comment(wrap("Read reads a frame that this side of a connection wrote into a new message of the right type. The error is a *codec.Error: codec.ErrOpcode when that side is not known to write such a packet; codec.Packet reads it all the same.", 80))
	f.Func().Id("Read").Params(from.Clone(), frame.Clone()).Params(jen.Id("Message"), jen.Error()).Block(
		jen.List(jen.Id("op"), jen.Err()).Op(":=").Id("frame").Dot("Opcode").Call(),
		fails.Clone(),
		jen.Id("m").Op(":=").Id("New").Call(jen.Id("from"), jen.Id("op")),
		jen.If(jen.Id("m").Op("==").Nil()).Block(jen.Return(jen.Nil(), g.codecName("UnknownOpcode").Call(jen.Id("op"), jen.Id("Protocol")))),
		jen.If(jen.Err().Op(":=").Id("m").Dot("UnmarshalBody").Call(jen.Id("frame").Dot("Body"), jen.Id("frame").Dot("Flags")), jen.Err().Op("!=").Nil()).
			Block(jen.Return(jen.Nil(), jen.Err())),
		jen.Return(jen.Id("m"), jen.Nil()),
	)
	f.Line()
	f.Comment(wrap("Packet is a whole packet, header and body, with the standard library's methods for binary data.", 80))
	f.Type().Id("Packet").Struct(
		jen.Comment("// From is the side that wrote the packet. UnmarshalBinary needs it.").Line().Id("From").Add(g.codecName("Direction")),
		jen.Line().Comment("// Flags of the header. Zero stands for codec.FlagBase, the plain form.").Line().Id("Flags").Add(g.codecName("Flags")),
		jen.Line().Id("Message").Id("Message"),
	)
	f.Line()
	p := jen.Func().Params(jen.Id("p").Op("*").Id("Packet"))
	f.Comment("// AppendBinary appends the packet to dst.")
	f.Add(p.Clone().Id("AppendBinary").Params(jen.Id("dst").Index().Byte()).Params(jen.Index().Byte(), jen.Error()).
		Block(jen.Return(g.codecName("AppendFrame").Call(jen.Id("dst"), jen.Qual("cmp", "Or").Call(jen.Id("p").Dot("Flags"), g.codecName("FlagBase")), jen.Id("p").Dot("Message")))))
	f.Line()
	f.Comment("// MarshalBinary returns the packet as it is transmitted.")
	f.Add(p.Clone().Id("MarshalBinary").Params().Params(jen.Index().Byte(), jen.Error()).
		Add(oneLine(jen.Id("p").Dot("AppendBinary").Call(jen.Nil()))))
	f.Line()
	f.Comment(wrap("UnmarshalBinary reads a packet that p.From wrote into a new message. Bytes behind it are codec.ErrTrailing.", 80))
	f.Add(p.Clone().Id("UnmarshalBinary").Params(jen.Id("data").Index().Byte()).Error().Block(
		jen.List(jen.Id("frame"), jen.Id("size"), jen.Err()).Op(":=").Add(g.codecName("ConsumeFrame")).Call(jen.Id("data"), g.codecName("DefaultLimits").Call()),
		jen.If(jen.Err().Op("==").Nil().Op("&&").Id("size").Op("!=").Len(jen.Id("data"))).Block(jen.Err().Op("=").Op("&").Add(g.codecName("Error")).Values(jen.Dict{
			jen.Id("Err"): g.codecName("ErrTrailing"), jen.Id("Offset"): jen.Id("size"),
		})),
		jen.If(jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Err())),
		jen.List(jen.Id("p").Dot("Message"), jen.Err()).Op("=").Id("Read").Call(jen.Id("p").Dot("From"), jen.Id("frame")),
		jen.Id("p").Dot("Flags").Op("=").Id("frame").Dot("Flags"),
		jen.Return(jen.Err()),
	))
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
