package codec

import "unsafe"

// treeReader builds untyped tags from a body.
type treeReader struct {
	decoder *Decoder
	stack   []Tag // the finished tags of lists that are not finished
}

const tagMemory = int64(unsafe.Sizeof(Tag{}))

// tags reads count tags from offset at. It returns them with the offset
// behind the last, which is negative on failure, and with their logical size.
func (r *treeReader) tags(count, at int) (tags []Tag, end int, size int64) {
	if count == 0 {
		return nil, at, 0
	}
	if !r.decoder.Charge(int64(count)*tagMemory, at) {
		return nil, -1, 0
	}
	base := len(r.stack)
	for i := range count {
		h := r.decoder.Head(at)
		if h.End < 0 {
			return nil, h.End, 0
		}
		tag, next, countSize := r.tag(h)
		if next < 0 {
			return nil, r.decoder.In(h.Name(), i), 0
		}
		r.stack = append(r.stack, tag)
		at = next
		size += h.Size() + countSize
	}
	tags = append(make([]Tag, 0, count), r.stack[base:]...)
	r.stack = r.stack[:base]
	return tags, at, size
}

// tag reads the tag that h heads. It returns the tag, the offset behind it,
// and what its count of children adds to the size of its parent's children.
func (r *treeReader) tag(h Head) (t Tag, end int, countSize int64) {
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
