package codec

import "math"

// treeWriter appends untyped tags. It measures them first, because the length
// of a tag with children stands before them.
type treeWriter struct {
	flags   Flags
	lengths []uint32 // TAGLEN of each tag with children, parents first
	coded   int      // size of what was measured so far
	logical int64    // logical size of the largest list

	badName  bool // some name has too many bits
	extended bool // some list needs the extended count
}

// measure adds a list of tags, without the count before it, and returns the
// list's logical size.
func (w *treeWriter) measure(tags []Tag) int64 {
	tags = tags[:written(len(tags), w.flags)]
	w.extended = w.extended || len(tags) >= largeCount
	var size int64
	for i := range tags {
		t := &tags[i]
		length := int64(len(t.Data))
		if len(t.Children) > 0 {
			slot := len(w.lengths)
			w.lengths = append(w.lengths, 0)
			length += w.measure(t.Children)
			w.lengths[slot] = uint32(length)
			w.coded += countSize(written(len(t.Children), w.flags), w.flags)
		}
		w.badName = w.badName || t.Name > MaxTagName
		w.coded += codedHeadSize(w.flags, t.Name, t.Type, uint32(length)) + len(t.Data)
		size += headSize + length + int64(logicalCountSize(written(len(t.Children), w.flags), w.flags))
	}
	w.logical = max(w.logical, size)
	return size
}

// check says whether what was measured can be written. A TAGLEN that has no
// coded form is an error; aMule's writer does not notice it.
func (w *treeWriter) check() error {
	most := int64(math.MaxUint32)
	if w.flags&FlagUTF8Numbers != 0 {
		most = maxNumber
	}
	switch {
	case w.badName:
		return ErrTagName
	case w.logical > most:
		return ErrNotEncodable
	default:
		return nil
	}
}

// append appends a list of tags that was measured, without the count before
// it.
func (w *treeWriter) append(dst []byte, tags []Tag) []byte {
	tags = tags[:written(len(tags), w.flags)]
	for i := range tags {
		t := &tags[i]
		if len(t.Children) == 0 {
			dst = appendHead(dst, w.flags, t.Name, t.Type, uint32(len(t.Data)), false)
		} else {
			dst = appendHead(dst, w.flags, t.Name, t.Type, w.lengths[0], true)
			w.lengths = w.lengths[1:]
			dst = appendCount(dst, written(len(t.Children), w.flags), w.flags)
			dst = w.append(dst, t.Children)
		}
		dst = append(dst, t.Data...)
	}
	return dst
}
