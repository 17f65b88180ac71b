package codec

import "unsafe"

// treeReader builds untyped tags from a body.
type treeReader struct{ decoder *Decoder }

const tagMemory = int64(unsafe.Sizeof(Tag{}))

// tags reads count tags from offset at. It returns them with the offset
// behind the last, which is negative on failure, and with their logical size.
func (r treeReader) tags(count, at int) (tags []Tag, end int, size int64) {
	if count == 0 {
		return nil, at, 0
	}
	d := r.decoder
	if !d.Charge(int64(count)*tagMemory, at) {
		return nil, -1, 0
	}
	tags = make([]Tag, count)
	for i := range tags {
		h := d.Head(at)
		if h.End < 0 {
			return nil, d.Failed(h, i), 0
		}
		var countSize int64
		if tags[i], at, countSize = r.tag(h); at < 0 {
			return nil, d.In(h.Name(), i), 0
		}
		size += h.Size() + countSize
	}
	return tags, at, size
}

// tag reads the tag that h heads. It returns the tag, the offset behind it,
// and what its count of children adds to the size of its parent's children.
func (r treeReader) tag(h Head) (t Tag, end int, countSize int64) {
	d := r.decoder
	t = Tag{Name: h.Name(), Type: h.Type()}
	count, at := d.Open(h)
	if at < 0 {
		return t, at, 0
	}
	var size int64
	if h.HasChildren() {
		if t.Children, at, size = r.tags(count, at); at < 0 {
			return t, at, 0
		}
	}
	begin, end := d.Close(h, at, size)
	switch {
	case end <= begin:
	case d.Sharing():
		t.Data = d.body[begin:end:end]
	default:
		t.Data = d.copyBytes(begin, end)
	}
	return t, end, d.CountSize(count)
}
