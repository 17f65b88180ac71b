package view

import (
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/ecgen/ecgen/codec"
)

// ParseJSON reads one message in typed or raw JSON. It refuses every key and
// value that it cannot make a tag of; the error is a [*JSONError]. Integers
// may stand as numbers or strings. Of raw JSON the direction stays
// FromClient.
func (v *Viewer) ParseJSON(text []byte) (*Message, error) {
	x, err := parse(text)
	switch {
	case err != nil:
		return nil, err
	case x.has("opcode"):
		return v.parseTyped(x)
	case x.has("op"):
		return parseRaw(x)
	default:
		return nil, failf(`want an object with the key "opcode" (typed) or "op" (raw)`)
	}
}

func (v *Viewer) parseTyped(x value) (*Message, error) {
	found, err := x.members("opcode", "from", "flags", "fields")
	if err != nil {
		return nil, err
	}
	m := new(Message)
	if m.Packet.Opcode, err = v.parseOpcode(found[0]); err != nil {
		return nil, inside("opcode", err)
	}
	if m.From, err = parseDirection(found[1]); err != nil {
		return nil, inside("from", err)
	}
	flags, err := found[2].integer(math.MaxUint32)
	if err != nil {
		return nil, inside("flags", err)
	}
	m.Flags = codec.Flags(flags)
	shape := v.protocol.Message(m.From, m.Packet.Opcode)
	fields, err := found[3].object()
	if err == nil {
		m.Packet.Tags, err = v.parseFields(fields, shape)
	}
	if err != nil {
		return nil, inside("fields", err)
	}
	return m, nil
}

func (v *Viewer) parseOpcode(x value) (codec.Opcode, error) {
	name, err := x.text()
	if err != nil {
		return 0, err
	}
	op, ok := v.opcode(name)
	if !ok {
		return 0, unknownName("opcode", name, maps.Keys(v.opcodes))
	}
	return op, nil
}

func parseDirection(x value) (codec.Direction, error) {
	for _, d := range []codec.Direction{codec.FromClient, codec.FromDaemon} {
		if x.token == d.String() {
			return d, nil
		}
	}
	return 0, failf(`want "client" or "daemon", not %s`, x.what())
}

// parseFields is the inverse of appendFields.
func (v *Viewer) parseFields(o *object, shape *codec.Shape) ([]codec.Tag, error) {
	var groups []group
	var order []run
	for i, key := range o.keys {
		if slices.Contains(o.keys[:i], key) {
			return nil, failf("the key %q stands there twice", key)
		}
		var err error
		if key == orderKey {
			order, err = parseOrder(o.items[i])
		} else {
			g, known := v.groupOf(shape, key)
			if !known {
				return nil, unknownName("field", key, v.fieldNames(shape))
			}
			g.tags, err = v.parseGroup(o.items[i], g)
			groups = append(groups, g)
		}
		if err != nil {
			return nil, inside("."+key, err)
		}
	}
	tags, err := join(groups, order)
	if err != nil {
		return nil, inside("."+orderKey, err)
	}
	return tags, nil
}

// groupOf returns the group for a key, still without tags.
func (v *Viewer) groupOf(shape *codec.Shape, key string) (g group, known bool) {
	if key == unknownKey {
		return v.newGroup(shape, unknown), true
	}
	tag, ok := v.tag(key)
	if !ok || shape == nil {
		return group{}, false
	}
	i := shape.Index(tag)
	if i < 0 || shape.Fields[i].Tag != tag {
		return group{}, false
	}
	return v.newGroup(shape, i), true
}

func (v *Viewer) fieldNames(shape *codec.Shape) iter.Seq[string] {
	return func(yield func(string) bool) {
		if !yield(unknownKey) || shape == nil {
			return
		}
		for i := range shape.Fields {
			if !yield(v.tagName(shape.Fields[i].Tag)) {
				return
			}
		}
	}
}

// parseGroup returns the tags of one key.
func (v *Viewer) parseGroup(x value, g group) (tags []codec.Tag, err error) {
	switch {
	case g.field == nil:
		return parseRawTags(x)
	case !isList(g.field):
		return v.parseValue(nil, x, g.field)
	}
	items, err := x.array()
	if err != nil {
		return nil, err
	}
	for i, item := range items {
		if tags, err = v.parseValue(tags, item, g.field); err != nil {
			return nil, inside("["+strconv.Itoa(i)+"]", err)
		}
	}
	return tags, nil
}

// parseOrder returns runs, never nil.
func parseOrder(x value) ([]run, error) {
	items, err := x.array()
	if err != nil {
		return nil, err
	}
	order := make([]run, 0, len(items))
	for i, item := range items {
		r, err := parseRun(item)
		if err != nil {
			return nil, inside("["+strconv.Itoa(i)+"]", err)
		}
		order = append(order, r)
	}
	return order, nil
}

func parseRun(x value) (r run, err error) {
	items, err := x.array()
	if err != nil {
		return r, err
	}
	if len(items) != 2 {
		return r, failf("want [name, count], not %d items", len(items))
	}
	if r.key, err = items[0].text(); err != nil {
		return r, inside("[0]", err)
	}
	count, err := items[1].integer(math.MaxInt32)
	if err != nil {
		return r, inside("[1]", err)
	}
	r.count = int(count)
	return r, nil
}

// parseValue is the inverse of appendValue. It appends to tags.
func (v *Viewer) parseValue(tags []codec.Tag, x value, f *codec.Field) ([]codec.Tag, error) {
	if f.Kind == codec.KindObject {
		t, err := v.parseObject(x, f)
		return append(tags, t), err
	}
	name := f.Tag
	if len(f.Also) > 0 && x.has(tagKey) {
		found, err := x.members(tagKey, valueKey)
		if err != nil {
			return nil, err
		}
		if name, err = v.parseTagName(found[0], f); err != nil {
			return nil, inside("."+tagKey, err)
		}
		x = found[1]
	}
	if f.Kind == codec.KindPositions {
		return v.parsePositions(tags, x, f, name)
	}
	t, err := v.parseLeaf(x, f)
	t.Name = name
	return append(tags, t), err
}

// parsePositions appends the tags of one item, which have this name.
func (v *Viewer) parsePositions(tags []codec.Tag, x value, f *codec.Field, name codec.TagName) ([]codec.Tag, error) {
	items, err := x.array()
	if err != nil {
		return nil, err
	}
	if len(items) != len(f.Positions) {
		return nil, failf("want %d items, not %d", len(f.Positions), len(items))
	}
	for i, item := range items {
		t, err := v.parseLeaf(item, &f.Positions[i])
		if err != nil {
			return nil, inside("["+strconv.Itoa(i)+"]", err)
		}
		t.Name = name
		tags = append(tags, t)
	}
	return tags, nil
}

// parseTagName returns which of the names that f takes is meant.
func (v *Viewer) parseTagName(x value, f *codec.Field) (codec.TagName, error) {
	text, err := x.text()
	if err != nil {
		return 0, err
	}
	name, ok := v.tag(text)
	if !ok || name != f.Tag && !slices.Contains(f.Also, name) {
		return 0, failf("the field %s takes no tag %q", v.tagName(f.Tag), short(text))
	}
	return name, nil
}

// parseObject returns a tag with own data and children.
func (v *Viewer) parseObject(x value, f *codec.Field) (t codec.Tag, err error) {
	shape := &v.protocol.Shapes[f.Children]
	o, err := x.object()
	if err != nil {
		return t, err
	}
	own, o, hasOwn := o.cut(ownKey)
	if t = codec.NewCustom(0, nil); hasOwn {
		if t, err = v.parseOwn(own, shape); err != nil {
			return t, inside("."+ownKey, err)
		}
	}
	t.Name = f.Tag
	if tag, rest, hasTag := o.cut(tagKey); hasTag && len(f.Also) > 0 {
		if t.Name, err = v.parseTagName(tag, f); err != nil {
			return t, inside("."+tagKey, err)
		}
		o = rest
	}
	t.Children, err = v.parseFields(o, shape)
	return t, err
}
