package codec

import "iter"

// Element is one top-level tag of a body, still encoded: one shared file, say,
// of a reply that holds many. It is valid until the walk ends.
type Element struct {
	Name  TagName
	Type  Type
	Index int // among the tags of the packet, from 0

	decoder *Decoder
	head    Head
	end     int
}

// Elements walks the top-level tags of a body without building the list. A
// generated object reads an element with its ReadElement method; Element.Tag
// makes an untyped tag of it. An error comes with a zero Element, and ends
// the walk. Under FlagZlib body is what was transmitted.
func Elements(body []byte, flags Flags, limits Limits) iter.Seq2[Element, error] {
	return func(yield func(Element, error) bool) {
		d := NewDecoder(body, flags, 0, limits)
		op, count, at := d.Opcode()
		for i := 0; i < count && at >= 0; i++ {
			h := d.Head(at)
			if at = h.End; at < 0 {
				d.Failed(h, i)
				break
			}
			if at = d.skip(h); at < 0 {
				at = d.In(h.Name(), i)
				break
			}
			if !yield(Element{Name: h.Name(), Type: h.Type(), Index: i, decoder: d, head: h, end: at}, nil) {
				d.Finish(op, 0, nil)
				return
			}
		}
		if err := d.Finish(op, at, nil); err != nil {
			yield(Element{}, err)
		}
	}
}

// skip returns the offset behind the tag that h heads.
func (d *Decoder) skip(h Head) (end int) {
	if !h.HasChildren() {
		return h.End
	}
	count, at, opened := d.Open(h)
	if at < 0 {
		return at
	}
	for i := range count {
		child := d.Head(at)
		if child.End < 0 {
			return d.Failed(child, i)
		}
		if at = d.skip(child); at < 0 {
			return d.In(child.Name(), i)
		}
	}
	_, end = d.Close(h, at, opened)
	return end
}

// NewDecoder returns a decoder for the element, and the head to begin with.
// FinishElement must follow. It is what ReadElement of a generated object
// stands on. Strings that alias the body are valid until the walk ends.
func (e Element) NewDecoder(mode Mode) (*Decoder, Head) {
	d := decoders.Get().(*Decoder)
	*d = *e.decoder
	d.setBody(d.body[:e.end])
	d.setTagBudget(e.end-e.head.End, d.tagLimit)
	d.mode, d.texts, d.inflater, d.corrupt = mode, nil, nil, nil
	return d, e.head
}

// FinishElement ends reading an element. It returns nil, or the error with
// the names of the tags. The Decoder must not be used any more.
func (d *Decoder) FinishElement(e Element, end int, names Names) error {
	if end < 0 {
		d.In(e.Name, e.Index)
	}
	return d.release(names)
}

// Tag returns the element as an untyped tag, which does not alias the body.
// The error is that of a budget.
func (e Element) Tag() (Tag, error) {
	d, h := e.NewDecoder(0)
	tree := treeReader{decoder: d}
	t, end := tree.tag(h)
	return t, d.FinishElement(e, end, nil)
}
