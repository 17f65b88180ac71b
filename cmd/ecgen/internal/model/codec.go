package model

import "github.com/ecgen/ecgen/codec"

// Codec returns the description as package codec has it, which is what the
// generated variable Protocol holds.
func (p *Protocol) Codec() *codec.Protocol {
	data := &codec.Protocol{
		Messages: [2]map[codec.Opcode]int{{}, {}},
		Replies:  make(map[codec.Opcode][]codec.Opcode),
		Opcodes:  make(map[codec.Opcode]codec.Label),
		Tags:     make(map[codec.TagName]codec.Label),
	}
	for _, s := range p.Shapes() {
		data.Shapes = append(data.Shapes, codec.Shape{Name: s.Name, Since: s.Since, Own: codecFields(s.Own, false), Fields: codecFields(s.Fields, false)})
	}
	for _, message := range p.Messages {
		for _, from := range message.From {
			data.Messages[from.Codec()][codec.Opcode(message.Opcode.Value)] = message.Index
		}
		for _, reply := range message.Replies {
			op := codec.Opcode(message.Opcode.Value)
			data.Replies[op] = append(data.Replies[op], codec.Opcode(reply.Message.Opcode.Value))
		}
	}
	for _, code := range p.Opcodes {
		if !code.Alias {
			data.Opcodes[codec.Opcode(code.Value)] = codec.Label{Protocol: code.Name, Go: code.Go}
		}
	}
	for _, code := range p.Tags {
		if !code.Alias {
			data.Tags[codec.TagName(code.Value)] = codec.Label{Protocol: code.Name, Go: code.Go}
		}
	}
	for _, enum := range p.Enums {
		values := make(map[uint64]string, len(enum.Values))
		for _, value := range enum.Values {
			values[value.Value] = value.Name
		}
		data.Enums = append(data.Enums, codec.Enum{Name: enum.Name, Bits: enum.Bits, Values: values})
	}
	for _, release := range p.Releases {
		data.Releases = append(data.Releases, codec.Release{Name: release.Name, Provisional: release.Provisional})
	}
	return data
}

// Codec returns the direction as package codec has it.
func (d Direction) Codec() codec.Direction {
	if d == "client" {
		return codec.FromClient
	}
	return codec.FromDaemon
}

// codecKinds are the kinds in the order of Kind.
var codecKinds = [...]codec.Kind{
	codec.KindUint, codec.KindBool, codec.KindSwitch, codec.KindEmpty, codec.KindString, codec.KindDouble, codec.KindIPv4,
	codec.KindHash16, codec.KindUint128, codec.KindBytes, codec.KindObject, codec.KindPositions,
}

// codecFields returns fields as data. In positions an empty tag is not a
// number, as in a repeated tag.
func codecFields(fields []*Field, positions bool) []codec.Field {
	var all []codec.Field
	for _, f := range fields {
		data := codec.Field{
			Name:     f.Name,
			Kind:     codecKinds[f.Kind],
			Most:     f.Most(),
			Repeated: f.Repeated || positions,
			Required: f.Required,
			Since:    f.Since,
		}
		if f.Tag != nil {
			data.Tag = codec.TagName(f.Tag.Value)
		}
		for _, also := range f.Also {
			data.Also = append(data.Also, codec.TagName(also.Value))
		}
		switch f.Kind {
		case KindObject:
			data.Children = f.Object.Index
		case KindPositions:
			data.Positions = codecFields(f.Object.Own, true)
		}
		if f.Enum != nil {
			data.Enum = f.Enum.Index + 1
		}
		if f.List != nil {
			data.List = f.List.Name
		}
		all = append(all, data)
	}
	return all
}
