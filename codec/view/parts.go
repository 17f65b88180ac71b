package view

import (
	"iter"

	"github.com/ecgen/ecgen/codec"
)

// unknown is the field index of tags that no field takes.
const unknown = -1

// parts walks tags in their order, each with the index of the field of shape
// that takes it, or unknown. A part is one tag, or the tags of one item of
// KindPositions. It decides as generated messages do: a tag that its field
// cannot hold is unknown, and so are all later tags for that field; a field
// that is no list takes one. Without a shape all tags are unknown.
func (v *Viewer) parts(shape *codec.Shape, tags []codec.Tag) iter.Seq2[int, []codec.Tag] {
	return func(yield func(int, []codec.Tag) bool) {
		if shape == nil {
			shape = new(codec.Shape)
		}
		closed := make([]bool, len(shape.Fields))
		for len(tags) > 0 {
			i, size := shape.Index(tags[0].Name), 1
			if i >= 0 && closed[i] {
				i = unknown
			}
			if i >= 0 {
				f := &shape.Fields[i]
				taken := v.take(f, tags)
				closed[i] = taken == 0 || !f.Repeated
				if taken > 0 {
					size = taken
				} else {
					i = unknown
				}
			}
			if !yield(i, tags[:size]) {
				return
			}
			tags = tags[size:]
		}
	}
}

// take returns how many tags from the front f makes one value of: 0 when the
// first is a misfit.
func (v *Viewer) take(f *codec.Field, tags []codec.Tag) int {
	switch f.Kind {
	case codec.KindObject:
		if !v.isObject(&v.protocol.Shapes[f.Children], &tags[0]) {
			return 0
		}
		return 1
	case codec.KindPositions:
		if len(tags) < len(f.Positions) {
			return 0
		}
		for i := range f.Positions {
			if tags[i].Name != tags[0].Name || !isLeaf(&f.Positions[i], &tags[i]) {
				return 0
			}
		}
		return len(f.Positions)
	default:
		if !isLeaf(f, &tags[0]) {
			return 0
		}
		return 1
	}
}

func isLeaf(f *codec.Field, t *codec.Tag) bool {
	return len(t.Children) == 0 && f.Holds(t.Type, t.Data)
}

func (v *Viewer) isObject(shape *codec.Shape, t *codec.Tag) bool {
	if len(t.Children) > 0 {
		return shape.Admits(t.Type)
	}
	_, ok := shape.HoldsOwn(t.Type, t.Data)
	return ok
}

// isList reports whether typed JSON has an array for the field.
func isList(f *codec.Field) bool { return f.Repeated || f.Kind == codec.KindPositions }

// width returns how many tags one value of the field takes.
func width(f *codec.Field) int {
	if f.Kind == codec.KindPositions {
		return len(f.Positions)
	}
	return 1
}
