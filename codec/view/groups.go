package view

import (
	"strconv"

	"github.com/ecgen/ecgen/codec"
)

// group is what stands under one key of a JSON object: all tags of one field,
// or all unknown tags.
type group struct {
	key   string
	field *codec.Field // nil for unknown tags
	width int          // tags of each value
	tags  []codec.Tag
}

// run says that the next count values are of one key.
type run struct {
	key   string
	count int
}

const unknownKey = "unknown_tags"

func (v *Viewer) newGroup(shape *codec.Shape, field int) group {
	if field == unknown {
		return group{key: unknownKey, width: 1}
	}
	f := &shape.Fields[field]
	return group{key: v.tagName(f.Tag), field: f, width: width(f)}
}

// split sorts tags by key, the key that comes first in front. If that loses
// their order, it is returned too.
func (v *Viewer) split(shape *codec.Shape, tags []codec.Tag) (groups []group, order []run) {
	index := make(map[int]int) // in groups, by field
	for field, part := range v.parts(shape, tags) {
		i, ok := index[field]
		if !ok {
			i = len(groups)
			index[field] = i
			groups = append(groups, v.newGroup(shape, field))
		}
		groups[i].tags = append(groups[i].tags, part...)
		if n := len(order); n > 0 && order[n-1].key == groups[i].key {
			order[n-1].count++
		} else {
			order = append(order, run{groups[i].key, 1})
		}
	}
	if len(order) == len(groups) {
		order = nil
	}
	return groups, order
}

// join is the inverse of split.
func join(groups []group, order []run) (tags []codec.Tag, err error) {
	if order == nil {
		for _, g := range groups {
			tags = append(tags, g.tags...)
		}
		return tags, nil
	}
	rest := make(map[string]*group, len(groups))
	for i := range groups {
		rest[groups[i].key] = &groups[i]
	}
	for i, r := range order {
		g := rest[r.key]
		if g == nil || r.count > len(g.tags)/g.width {
			return nil, inside("["+strconv.Itoa(i)+"]", failf("there are not so many values of %q", short(r.key)))
		}
		tags = append(tags, g.tags[:r.count*g.width]...)
		g.tags = g.tags[r.count*g.width:]
	}
	for _, g := range groups {
		if len(g.tags) > 0 {
			return nil, failf("it leaves out %d values of %q", len(g.tags)/g.width, g.key)
		}
	}
	return tags, nil
}
