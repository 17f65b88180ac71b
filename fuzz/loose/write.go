package loose

import "encoding/binary"

// Append appends the input's bytes to dst.
func (in *Input) Append(dst []byte) []byte {
	switch in.Form {
	case Body, Tags:
		for i := range in.Packets {
			p := &in.Packets[i]
			dst = p.appendBody(append(dst, byte(p.Flags)), p.Flags, in.Form == Body)
		}
	case Pair:
		dst = in.appendPair(dst)
	case Pieces:
		dst = append(dst, in.Lead)
		fallthrough
	case Stream:
		for i := range in.Packets {
			dst = in.Packets[i].appendFrame(dst)
		}
	}
	return append(dst, in.Tail...)
}

func (in *Input) appendPair(dst []byte) []byte {
	a, b := &in.Packets[0], &in.Packets[1]
	begin := len(dst)
	dst = a.appendBody(append(dst, byte(a.Flags), 0, 0), a.Flags, true)
	binary.BigEndian.PutUint16(dst[begin+1:], uint16(int64(len(dst)-begin-3)+a.Lie))
	return b.appendBody(dst, a.Flags, true)
}

func (p *Packet) appendFrame(dst []byte) []byte {
	begin := len(dst)
	dst = binary.BigEndian.AppendUint32(dst, p.Flags)
	dst = p.appendBody(append(dst, 0, 0, 0, 0), p.Flags, true)
	binary.BigEndian.PutUint32(dst[begin+4:], uint32(int64(len(dst)-begin-8)+p.Lie))
	return dst
}

// appendBody appends the body under these flags.
func (p *Packet) appendBody(dst []byte, flags uint32, hasOpcode bool) []byte {
	if !p.Opaque {
		w := writer(flags)
		if hasOpcode {
			dst = w.number(dst, int64(p.Opcode), 1)
		}
		p.measure(flags)
		dst = w.list(dst, &p.List)
	}
	return append(dst, p.Tail...)
}

// writer writes tags under the flags that it is.
type writer uint32

// list appends the count and the tags.
func (w writer) list(dst []byte, l *List) []byte {
	if l.long(uint32(w)) {
		dst = w.number(w.number(dst, sentinel, 2), l.count(), 4)
	} else {
		dst = w.number(dst, l.count(), 2)
	}
	for i := range l.Tags {
		dst = w.tag(dst, &l.Tags[i])
	}
	return dst
}

func (w writer) tag(dst []byte, t *Tag) []byte {
	name := int64(t.Name) << 1
	if t.hasCount() {
		name |= 1
	}
	dst = w.number(dst, name, 2)
	dst = w.number(dst, int64(t.Type), 1)
	dst = w.number(dst, t.length, 4)
	if t.hasCount() {
		dst = w.list(dst, &t.Children)
	}
	return append(dst, t.Data...)
}

// number appends v in width bytes, or coded, as far as it fits.
func (w writer) number(dst []byte, v int64, width int) []byte {
	if w&FlagUTF8Numbers == 0 {
		for shift := 8*width - 8; shift >= 0; shift -= 8 {
			dst = append(dst, byte(v>>shift))
		}
		return dst
	}
	v &= 1<<min(31, 8*width) - 1
	size := codedSize(v)
	if size == 1 {
		return append(dst, byte(v))
	}
	dst = append(dst, byte(0xFF<<(8-size))|byte(v>>(6*(size-1))))
	for shift := 6 * (size - 2); shift >= 0; shift -= 6 {
		dst = append(dst, 0x80|byte(v>>shift)&0x3F)
	}
	return dst
}

// codedSize returns the size of v as a coded number.
func codedSize(v int64) int {
	size := 1
	for most := int64(0x80); v >= most; size++ {
		most = 1 << (5*size + 6)
	}
	return size
}
