package dialect

import (
	"encoding/binary"
	"math"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/dialect/internal/deflate"
)

// Append appends a packet to dst as a program of the dialect writes it with
// these flags: codec.ErrFlags when readers refuse them, codec.ErrTagName for a
// name that has no room, and codec.ErrNotEncodable for a list of more than
// 65,535 tags, or a length that has no coded form. On error dst is returned as
// it was.
func (d Dialect) Append(dst []byte, p *Packet) ([]byte, error) {
	out, err := d.appendHead(dst, p)
	if err != nil {
		return dst, err
	}
	start := len(out)
	if out, err = d.appendBody(out, p); err != nil {
		return dst, err
	}
	if d.Framing() == ByLength {
		out = append(out, p.Trailing...)
		length := len(out) - start
		if uint64(length) > math.MaxUint32 {
			return dst, codec.ErrNotEncodable
		}
		binary.BigEndian.PutUint32(out[start-4:], uint32(length))
	}
	return out, nil
}

// appendBody appends the body, deflated as the zlib library does it.
func (d Dialect) appendBody(dst []byte, p *Packet) ([]byte, error) {
	if p.Flags&codec.FlagZlib == 0 {
		return d.appendPlain(dst, p)
	}
	plain, err := d.appendPlain(nil, p)
	if err != nil {
		return dst, err
	}
	return deflate.Append(dst, plain, d.rules().level, d.rules().chunk), nil
}

func (d Dialect) appendPlain(dst []byte, p *Packet) ([]byte, error) {
	if d == V30 { // 2.3 does not cut long lists
		return p.Packet.AppendBody(dst, p.Flags&^codec.FlagZlib)
	}
	w := treeWriter{rules: d.rules(), flags: p.Flags}
	w.measure(p.Tags)
	if w.err != nil {
		return dst, w.err
	}
	if w.rules.hasID(p.Flags) {
		dst = binary.LittleEndian.AppendUint32(dst, p.ID)
	}
	dst = w.number(dst, 1, uint32(p.Opcode))
	dst = w.number(dst, 2, uint32(len(p.Tags)))
	return w.append(dst, p.Tags), nil
}

// treeWriter appends tags. It measures them first, because the length of a tag
// with children stands before them.
type treeWriter struct {
	rules   *rules
	flags   codec.Flags
	lengths []uint32 // TAGLEN of each tag with children, parents first
	err     error
}

// measure adds a list of tags and returns what they add to the TAGLEN of the
// tag around them.
func (w *treeWriter) measure(tags []codec.Tag) (size int64) {
	if len(tags) > 0xFFFF {
		w.err = codec.ErrNotEncodable
	}
	for i := range tags {
		t := &tags[i]
		length := int64(len(t.Data))
		if len(t.Children) > 0 {
			slot := len(w.lengths)
			w.lengths = append(w.lengths, 0)
			length += w.measure(t.Children)
			w.lengths[slot] = uint32(length)
		}
		switch {
		case t.Name > codec.MaxTagName:
			w.err = codec.ErrTagName
		case length > w.most():
			w.err = codec.ErrNotEncodable
		}
		size += int64(w.rules.headSize()) + length + w.rules.countSize(len(t.Children), w.flags)
	}
	return size
}

// most returns the largest length that can be written.
func (w *treeWriter) most() int64 {
	if w.flags&codec.FlagUTF8Numbers != 0 {
		return codec.MaxNumber
	}
	return math.MaxUint32
}

// append appends a list of tags that was measured, without the count before
// it.
func (w *treeWriter) append(dst []byte, tags []codec.Tag) []byte {
	for i := range tags {
		t := &tags[i]
		length := uint32(len(t.Data))
		if len(t.Children) > 0 {
			length, w.lengths = w.lengths[0], w.lengths[1:]
		}
		dst = w.number(dst, 2, uint32(w.rules.code(t)))
		if w.rules.typed {
			dst = w.number(dst, 1, uint32(t.Type))
		}
		dst = w.number(dst, 4, length)
		if len(t.Children) > 0 {
			dst = w.number(dst, 2, uint32(len(t.Children)))
			dst = w.append(dst, t.Children)
		}
		dst = append(dst, t.Data...)
	}
	return dst
}

// code returns the coded name of a tag.
func (r *rules) code(t *codec.Tag) uint16 {
	code := uint16(t.Name)
	if r.childBit == 1 {
		code <<= 1
	}
	if len(t.Children) > 0 {
		code |= r.childBit
	}
	return code
}

// number appends a number of width bytes, or its coded form.
func (w *treeWriter) number(dst []byte, width int, v uint32) []byte {
	if w.flags&codec.FlagUTF8Numbers != 0 {
		return codec.AppendNumber(dst, v)
	}
	for shift := 8 * (width - 1); shift >= 0; shift -= 8 {
		dst = append(dst, byte(v>>shift))
	}
	return dst
}
