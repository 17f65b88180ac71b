package codec

import "slices"

// OwnData is the name under which the unknown tags of an object hold own data
// of the object's tag that no field could hold. It is not a tag name that the
// wire can carry.
const OwnData TagName = MaxTagName + 1

// Keep reads the tag that h heads as an untyped tag and appends it to list.
// It returns the list and the offset behind the tag.
func (d *Decoder) Keep(list []Tag, h Head) (kept []Tag, end int) {
	return d.keep(list, h, max(4, len(list)))
}

// keep is Keep when at most more tags will be kept, this one included.
func (d *Decoder) keep(list []Tag, h Head, more int) (kept []Tag, end int) {
	tree := treeReader{decoder: d}
	t, end := tree.tag(h)
	if end < 0 {
		return list, end
	}
	kept, ok := Extend(d, list, more, end)
	if !ok {
		return list, -1
	}
	kept[len(kept)-1] = t
	return kept, end
}

// KeepAll is Keep for count tags from offset at.
func (d *Decoder) KeepAll(list []Tag, count, at int) (kept []Tag, end int) {
	for i := range count {
		h := d.Head(at)
		if h.End < 0 {
			return list, d.Failed(h, i)
		}
		if list, at = d.keep(list, h, count-i); at < 0 {
			return list, d.In(h.Name(), i)
		}
	}
	return list, at
}

// KeepOwn appends own data that no field could hold.
func (d *Decoder) KeepOwn(list []Tag, t Type, begin, end int) []Tag {
	own := Tag{Name: OwnData, Type: t}
	switch {
	case begin == end:
	case d.Sharing():
		own.Data = d.body[begin:end:end]
	default:
		own.Data = d.copyBytes(begin, end)
	}
	return append(list, own)
}

// KeptOwn returns the own data that KeepOwn appended, or no data.
func KeptOwn(unknown []Tag) Payload {
	if own := find(unknown, OwnData); own != nil {
		return BytesPayload(own.Type, own.Data)
	}
	return NoPayload()
}

// withoutOwn returns the tags that are not OwnData.
func withoutOwn(tags []Tag) []Tag {
	if find(tags, OwnData) == nil {
		return tags
	}
	return slices.DeleteFunc(slices.Clone(tags), func(t Tag) bool { return t.Name == OwnData })
}

// MergeUnknown ends a merge, before which a message had the first old of its
// unknown tags, one or more. Those whose name came again are dropped. Typed says which
// fields got a value.
func (s *Shape) MergeUnknown(unknown []Tag, old int, typed ...uint64) []Tag {
	again := make(map[TagName]bool)
	for i := range s.Fields {
		if typed[i/64]>>(i%64)&1 != 0 {
			again[s.Fields[i].Tag] = true
		}
	}
	for i := range unknown[old:] {
		again[unknown[old+i].Name] = true
	}
	kept := slices.DeleteFunc(unknown[:old:old], func(t Tag) bool { return again[t.Name] })
	return append(kept, unknown[old:]...)
}
