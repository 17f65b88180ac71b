package view

import (
	"strconv"

	"github.com/ecgen/ecgen/codec"
)

// AppendJSON appends m to dst as typed JSON on one line, without a newline.
func (v *Viewer) AppendJSON(dst []byte, m *Message) []byte {
	shape, name := v.protocol.Message(m.From, m.Packet.Opcode), hexOpcode(m.Packet.Opcode)
	if shape != nil {
		name = v.opcodeName(m.Packet.Opcode)
	}
	dst = appendString(append(dst, `{"opcode":`...), name)
	dst = appendString(append(dst, `,"from":`...), m.From.String())
	dst = strconv.AppendUint(append(dst, `,"flags":`...), uint64(m.Flags), 10)
	dst = v.appendFields(append(dst, `,"fields":{`...), shape, m.Packet.Tags)
	return append(dst, "}}"...)
}

// appendFields appends the members of an object: tags by their names.
func (v *Viewer) appendFields(dst []byte, shape *codec.Shape, tags []codec.Tag) []byte {
	groups, order := v.split(shape, tags)
	for _, g := range groups {
		dst = appendKey(dst, g.key)
		switch {
		case g.field == nil:
			dst = appendRawTags(dst, g.tags)
		case isList(g.field):
			dst = v.appendList(dst, g)
		default:
			dst = v.appendValue(dst, g.field, g.tags)
		}
	}
	if order == nil {
		return dst
	}
	dst = append(appendKey(dst, orderKey), '[')
	for _, r := range order {
		dst = appendString(append(appendComma(dst), '['), r.key)
		dst = append(strconv.AppendInt(append(dst, ','), int64(r.count), 10), ']')
	}
	return append(dst, ']')
}

// The keys beside the names of tags, which are upper-case.
const (
	ownKey   = "own"
	tagKey   = "tag"
	valueKey = "value"
	orderKey = "order"
)

func (v *Viewer) appendList(dst []byte, g group) []byte {
	dst = append(dst, '[')
	for tags := g.tags; len(tags) > 0; tags = tags[g.width:] {
		dst = v.appendValue(appendComma(dst), g.field, tags[:g.width])
	}
	return append(dst, ']')
}

// appendValue appends one value of a field.
func (v *Viewer) appendValue(dst []byte, f *codec.Field, tags []codec.Tag) []byte {
	renamed := tags[0].Name != f.Tag
	if renamed || f.Kind == codec.KindObject {
		dst = append(dst, '{')
	}
	if renamed {
		dst = appendString(appendKey(dst, tagKey), v.tagName(tags[0].Name))
	}
	if renamed && f.Kind != codec.KindObject {
		dst = appendKey(dst, valueKey)
	}
	switch f.Kind {
	case codec.KindObject:
		dst = v.appendObject(dst, &v.protocol.Shapes[f.Children], &tags[0])
	case codec.KindPositions:
		dst = append(dst, '[')
		for i := range tags {
			dst = appendLeaf(appendComma(dst), &f.Positions[i], &tags[i])
		}
		dst = append(dst, ']')
	default:
		dst = appendLeaf(dst, f, &tags[0])
	}
	if renamed || f.Kind == codec.KindObject {
		dst = append(dst, '}')
	}
	return dst
}

// appendObject appends the members of an object: own data and children.
func (v *Viewer) appendObject(dst []byte, shape *codec.Shape, t *codec.Tag) []byte {
	dst = appendOwn(dst, shape, t)
	return v.appendFields(dst, shape, t.Children)
}
