package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// messageMethods writes the methods of Message that differ only in what they
// are called on. The interface says what they do.
func (e *structEmitter) messageMethods() {
	op := jen.Id(e.s.Opcode.Constant)
	body, flags := jen.Id("body").Index().Byte(), jen.Id("flags").Add(e.codecName("Flags"))
	mode, limits := jen.Id("mode").Add(e.codecName("Mode")), jen.Id("limits").Add(e.codecName("Limits"))
	params := func(p ...jen.Code) []jen.Code { return p }
	call := func(function string, args ...string) jen.Code {
		return jen.Id(function).CallFunc(func(g *jen.Group) {
			for _, arg := range args {
				g.Id(arg)
			}
		})
	}
	viewer := func(method string, args ...jen.Code) jen.Code {
		return jen.Id("viewer").Dot(method).Call(args...)
	}
	from := e.direction(e.s.From[0])
	for _, method := range []struct {
		name, comment   string
		params, results []jen.Code
		result          jen.Code
	}{
		{"Opcode", "returns " + e.s.Opcode.Constant, nil, params(e.codecName("Opcode")), op},
		{"UnmarshalBody", "reads a body; see Message", params(body, flags), params(jen.Error()), call("unmarshalBody", "m", "body", "flags")},
		{"DecodeBody", "reads a body as mode says; see Message", params(body, flags, mode, limits), params(jen.Error()), call("decodeBody", "m", "body", "flags", "mode", "limits")},
		{"AppendBody", "appends the body to dst; see Message", params(jen.Id("dst").Index().Byte(), flags), params(jen.Index().Byte(), jen.Error()), call("appendBody", "m", "dst", "flags")},
		{"SizeBody", "measures the body before deflating; see Message", params(flags), params(jen.Int()), call("sizeBody", "m", "flags")},
		{"String", "returns an indented tree for people", nil, params(jen.String()), viewer("String", from.Clone(), jen.Id("m"))},
		{"MarshalJSON", "returns JSON that has everything", nil, params(jen.Index().Byte(), jen.Error()), viewer("TypedJSON", from.Clone(), jen.Id("m"))},
		{"UnmarshalJSON", "reads what MarshalJSON wrote", params(jen.Id("text").Index().Byte()), params(jen.Error()), viewer("ParseTyped", jen.Id("m"), jen.Id("text"))},
	} {
		results := jen.Params(method.results...)
		if len(method.results) == 1 {
			results = jen.Add(method.results[0])
		}
		e.method(method.name+" "+method.comment+".", method.name).Params(method.params...).Add(results).Add(oneLine(method.result))
		e.file.Line()
	}
}

// reply writes the method by which callers learn the type of a request's reply.
func (e *structEmitter) reply() {
	success := e.s.Success()
	switch len(success) {
	case 0:
		return
	case 1:
		name := success[0].Name
		e.method("Reply returns a new ["+name+"], which answers the request unless it failed.", "Reply").
			Params().Op("*").Id(name).Add(oneLine(jen.New(jen.Id(name))))
	default:
		var names []string
		for _, message := range success {
			names = append(names, "["+message.Name+"]")
		}
		e.method("Reply returns nil: "+model.AnyOf(names)+" answers the request unless it failed.", "Reply").
			Params().Id("Message").Add(oneLine(jen.Nil()))
	}
	e.file.Line()
}

// guess writes the method that guesses the number of tags: that of the fields
// with the lengths of lists.
func (e *structEmitter) guess() {
	singles := 0
	var lengths []jen.Code
	listed := map[*model.List]bool{}
	for _, f := range e.s.Fields {
		switch {
		case f.List != nil && !listed[f.List]:
			listed[f.List] = true
			lengths = append(lengths, jen.Len(m(f.List.Name)))
		case f.List != nil:
		case f.Repeated:
			lengths = append(lengths, jen.Len(m(f.Name)))
		default:
			singles++
		}
	}
	sum := jen.Lit(singles)
	for _, length := range lengths {
		sum = sum.Op("+").Add(length)
	}
	e.method("guess returns about how many tags appendTags appends.", "guess").Params().Int().Add(oneLine(sum))
	e.file.Line()
}
