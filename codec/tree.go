package codec

import "unsafe"

// treeReader builds untyped tags from a body.
type treeReader struct{ decoder *Decoder }

const tagMemory = int64(unsafe.Sizeof(Tag{}))

// tags reads count tags from offset at. It returns them with the offset
// behind the last, which is negative on failure.
func (r treeReader) tags(count, at int) (tags []Tag, end int) {
	if count == 0 {
		return nil, at
	}
	d := r.decoder
	if !d.Charge(int64(count)*tagMemory, at) {
		return nil, -1
	}
	tags = make([]Tag, count)
	for i := range tags {
		h := d.Head(at)
		if h.End < 0 {
			return nil, d.Failed(h, i)
		}
		if tags[i], at = r.tag(h); at < 0 {
			return nil, d.In(h.Name(), i)
		}
	}
	return tags, at
}

// tag reads the tag that h heads. It returns the tag and the offset behind it.
func (r treeReader) tag(h Head) (t Tag, end int) {
	d := r.decoder
	t = Tag{Name: h.Name(), Type: h.Type()}
	count, at, opened := d.Open(h)
	if at < 0 {
		return t, at
	}
	if h.HasChildren() {
		if t.Children, at = r.tags(count, at); at < 0 {
			return t, at
		}
	}
	begin, end := d.Close(h, at, opened)
	switch {
	case end <= begin:
	case d.Sharing():
		t.Data = d.body[begin:end:end]
	default:
		t.Data = d.copyBytes(begin, end)
	}
	return t, end
}
