package view

import (
	"math"
	"slices"
	"strconv"

	"github.com/ecgen/ecgen/codec"
)

// appendOwn appends the key for the own data of an object, if it has any.
func appendOwn(dst []byte, shape *codec.Shape, t *codec.Tag) []byte {
	i, ok := shape.HoldsOwn(t.Type, t.Data)
	if ok && i < 0 {
		return dst
	}
	dst = appendKey(dst, ownKey)
	switch {
	case !ok:
		dst = strconv.AppendUint(append(dst, `{"type":`...), uint64(t.Type), 10)
		return append(appendHex(append(dst, `,"hex":`...), t.Data), '}')
	case isPlain(shape, &shape.Own[i]):
		return appendLeaf(dst, &shape.Own[i], t)
	default:
		dst = appendKey(append(dst, '{'), leaves[shape.Own[i].Kind].name)
		return append(appendLeaf(dst, &shape.Own[i], t), '}')
	}
}

// isPlain reports whether own data of this alternative stands there without
// the name of its kind.
func isPlain(shape *codec.Shape, own *codec.Field) bool {
	return len(shape.Own) == 1 || own.Kind == codec.KindUint
}

// parseOwn returns own data as a tag without a name.
func (v *Viewer) parseOwn(x value, shape *codec.Shape) (codec.Tag, error) {
	switch {
	case x.has("type"):
		return parseOddOwn(x)
	case len(shape.Own) == 0:
		return codec.Tag{}, failf("there is no own data here")
	case len(shape.Own) == 1:
		return v.parseLeaf(x, &shape.Own[0])
	}
	kind, step := leaves[codec.KindUint].name, ""
	if o, ok := x.token.(*object); ok {
		if len(o.keys) != 1 {
			return codec.Tag{}, failf("want one key, the kind, not %d", len(o.keys))
		}
		kind, x = o.keys[0], o.items[0]
		step = "." + kind
	}
	var kinds []string
	for i := range shape.Own {
		own := &shape.Own[i]
		if kinds = append(kinds, leaves[own.Kind].name); kinds[i] != kind {
			continue
		}
		t, err := v.parseLeaf(x, own)
		if err != nil {
			err = inside(step, err)
		}
		return t, err
	}
	if step == "" {
		return codec.Tag{}, failf(`want an object with one key, the kind, not %s`, x.what())
	}
	return codec.Tag{}, unknownName("kind", kind, slices.Values(kinds))
}

// parseOddOwn returns own data that is of no alternative.
func parseOddOwn(x value) (t codec.Tag, err error) {
	found, err := x.members("type", "hex")
	if err != nil {
		return t, err
	}
	kind, err := found[0].integer(math.MaxUint8)
	if err != nil {
		return t, inside(".type", err)
	}
	if t.Data, err = found[1].hex(); err != nil {
		return t, inside(".hex", err)
	}
	t.Type = codec.Type(kind)
	return t, nil
}
