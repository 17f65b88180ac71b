package view

import (
	"math"
	"strconv"

	"github.com/ecgen/ecgen/codec"
)

// AppendRaw appends m to dst as raw JSON on one line, without a newline.
func AppendRaw(dst []byte, m *Message) []byte {
	dst = strconv.AppendUint(append(dst, `{"flags":`...), uint64(m.Flags), 10)
	dst = strconv.AppendUint(append(dst, `,"op":`...), uint64(m.Packet.Opcode), 10)
	dst = appendRawTags(append(dst, `,"tags":`...), m.Packet.Tags)
	return append(dst, '}')
}

// appendRawTags appends an array of [name, type, "own data in hex", [children]].
func appendRawTags(dst []byte, tags []codec.Tag) []byte {
	dst = append(dst, '[')
	for i := range tags {
		t := &tags[i]
		dst = append(appendComma(dst), '[')
		dst = append(strconv.AppendUint(dst, uint64(t.Name), 10), ',')
		dst = append(strconv.AppendUint(dst, uint64(t.Type), 10), ',')
		dst = append(appendHex(dst, t.Data), ',')
		dst = append(appendRawTags(dst, t.Children), ']')
	}
	return append(dst, ']')
}

func parseRaw(x value) (*Message, error) {
	found, err := x.members("flags", "op", "tags")
	if err != nil {
		return nil, err
	}
	m := new(Message)
	flags, err := found[0].integer(math.MaxUint32)
	if err != nil {
		return nil, inside("flags", err)
	}
	op, err := found[1].integer(math.MaxUint8)
	if err != nil {
		return nil, inside("op", err)
	}
	m.Flags, m.Packet.Opcode = codec.Flags(flags), codec.Opcode(op)
	if m.Packet.Tags, err = parseRawTags(found[2]); err != nil {
		return nil, inside("tags", err)
	}
	return m, nil
}

func parseRawTags(x value) (tags []codec.Tag, err error) {
	items, err := x.array()
	if err != nil {
		return nil, err
	}
	for i, item := range items {
		t, err := parseRawTag(item)
		if err != nil {
			return nil, inside("["+strconv.Itoa(i)+"]", err)
		}
		tags = append(tags, t)
	}
	return tags, nil
}

func parseRawTag(x value) (t codec.Tag, err error) {
	items, err := x.array()
	if err != nil {
		return t, err
	}
	if len(items) != 4 {
		return t, failf("want [name, type, own data in hex, [children]], not %d items", len(items))
	}
	name, err := items[0].integer(uint64(codec.MaxTagName))
	if err != nil {
		return t, inside("[0]", err)
	}
	kind, err := items[1].integer(math.MaxUint8)
	if err != nil {
		return t, inside("[1]", err)
	}
	t.Name, t.Type = codec.TagName(name), codec.Type(kind)
	if t.Data, err = items[2].hex(); err != nil {
		return t, inside("[2]", err)
	}
	if t.Children, err = parseRawTags(items[3]); err != nil {
		return t, inside("[3]", err)
	}
	return t, nil
}
