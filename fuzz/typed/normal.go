package typed

import (
	"cmp"
	"slices"

	"github.com/ecgen/ecgen/codec"
)

// Normal returns p as a typed message keeps it: with integers in the narrowest
// type, and siblings in the order of their names, those of one name as they
// were.
func Normal(p *codec.Packet) *codec.Packet {
	return &codec.Packet{Opcode: p.Opcode, Tags: normalTags(p.Tags)}
}

func normalTags(tags []codec.Tag) []codec.Tag {
	tags = slices.Clone(tags)
	for i := range tags {
		t := &tags[i]
		if v, ok := t.Uint(); ok && len(t.Data) > 0 {
			*t = codec.NewUint(t.Name, v, t.Children...)
		}
		t.Children = normalTags(t.Children)
	}
	slices.SortStableFunc(tags, func(a, b codec.Tag) int { return cmp.Compare(a.Name, b.Name) })
	return tags
}
