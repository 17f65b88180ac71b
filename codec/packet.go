package codec

import "iter"

// Packet is an untyped packet: an opcode and a tree of tags.
type Packet struct {
	Opcode Opcode
	Tags   []Tag
}

// UnmarshalBody reads a body whose packet had these flags, under
// [DefaultLimits]. The tree is a copy: it does not alias body. Under FlagZlib
// body is what was transmitted.
func (p *Packet) UnmarshalBody(body []byte, flags Flags) error {
	return p.Decode(body, flags, 0, DefaultLimits())
}

// Decode is UnmarshalBody under other limits, and with own data that aliases
// body (or, under FlagZlib, what body inflates to) when mode has [Share].
// With [Merge] the opcode must be the same and the tags are added to those
// that are there.
func (p *Packet) Decode(body []byte, flags Flags, mode Mode, limits Limits) error {
	d := NewDecoder(body, flags, mode, limits)
	if !d.Merging() {
		*p = Packet{}
	}
	op, count, at := d.Opcode()
	if at >= 0 && d.Merging() && op != p.Opcode {
		at = d.fail(ErrOpcode, 0)
	}
	if at >= 0 {
		var tags []Tag
		tree := treeReader{decoder: d}
		if tags, at = tree.tags(count, at); at >= 0 {
			p.Opcode, p.Tags = op, append(p.Tags, tags...)
		}
	}
	return d.Finish(op, at, nil)
}

// AppendBody appends the packet's body to dst as aMule's writer writes it
// under these flags: a list of more than 0xFFFE tags is cut to that many
// without FlagLargeTagCount. Under FlagZlib the body is deflated. On error
// dst is returned as it was.
func (p *Packet) AppendBody(dst []byte, flags Flags) ([]byte, error) {
	w := treeWriter{flags: flags}
	w.measure(p.Tags)
	if err := w.check(); err != nil {
		return dst, err
	}
	e, body := NewEncoder(dst, flags)
	body = e.AppendOpcode(body, p.Opcode)
	body = appendCount(body, written(len(p.Tags), flags), flags)
	return e.Finish(dst, w.append(body, p.Tags))
}

// SizeBody returns the number of bytes that AppendBody appends under these
// flags, without FlagZlib.
func (p *Packet) SizeBody(flags Flags) int {
	w := treeWriter{flags: flags}
	w.measure(p.Tags)
	return opcodeSize(flags, p.Opcode) + countSize(written(len(p.Tags), flags), flags) + w.coded
}

// Find returns the first top-level tag of this name, or nil.
func (p *Packet) Find(name TagName) *Tag { return find(p.Tags, name) }

// All walks all tags, parents before their children, each with its depth: 0
// for the top level.
func (p *Packet) All() iter.Seq2[int, *Tag] {
	return func(yield func(int, *Tag) bool) {
		for i := range p.Tags {
			if !p.Tags[i].walk(0, yield) {
				return
			}
		}
	}
}

// Equal reports whether both packets have the same opcode and the same tree.
func (p *Packet) Equal(q *Packet) bool {
	return p.Opcode == q.Opcode && equalTags(p.Tags, q.Tags)
}
