package dialect

import (
	"encoding/binary"

	"github.com/ecgen/ecgen/codec"
)

// head is what stands before the body of a packet.
type head struct {
	flags   codec.Flags
	accepts codec.Flags
	length  uint32 // of the body as transmitted; not in SelfDelimiting
	size    int    // of the head itself
	begun   bool   // the flags were read
}

// readHead reads flags, the accepts word and the length, as far as the
// dialect has them. It does not check them. The error is the source's.
func (d Dialect) readHead(in source) (h head, err error) {
	word := readLong
	if d.Framing() == SelfDelimiting {
		word = readShort
	}
	counted := counter{in: in, most: maxInt}
	flags, err := word(&counted)
	h.flags, h.begun = codec.Flags(flags), err == nil
	if err == nil && d.HasAccepts(h.flags) && (d.Framing() == ByLength || d.Check(h.flags) == nil) {
		flags, err = word(&counted)
		h.accepts = codec.Flags(flags)
	}
	if err == nil && d.Framing() == ByLength {
		h.length, err = readLong(&counted)
	}
	h.size = counted.read
	return h, err
}

// refused returns a packet of which no more is known, or nil.
func (h head) refused() *Packet {
	if !h.begun {
		return nil
	}
	return &Packet{Flags: h.flags, Accepts: h.accepts}
}

// HeadSize returns how many bytes stand before the body of a packet with the
// flags and the accepts word of p.
func (d Dialect) HeadSize(p *Packet) int {
	head, _ := d.appendHead(nil, p)
	return len(head)
}

// readLong reads a big-endian word.
func readLong(in source) (v uint32, err error) {
	for range 4 {
		b, err := in.ReadByte()
		if err != nil {
			return 0, err
		}
		v = v<<8 | uint32(b)
	}
	return v, nil
}

// readShort reads a word of one to four bytes, least significant first. All
// but the last have bit 7 set, which is part of the value.
func readShort(in source) (v uint32, err error) {
	for shift := 0; shift < 32; shift += 8 {
		b, err := in.ReadByte()
		if err != nil {
			return 0, err
		}
		v |= uint32(b) << shift
		if b&0x80 == 0 {
			break
		}
	}
	return v, nil
}

// appendShort appends what readShort reads as v. It returns false when there
// is no such form: when bits are set behind a byte without bit 7.
func appendShort(dst []byte, v uint32) (longer []byte, ok bool) {
	for range 4 {
		b := byte(v)
		dst, v = append(dst, b), v>>8
		if b&0x80 == 0 {
			break
		}
	}
	return dst, v == 0
}

// appendHead appends all that stands before the body, with a length of 0.
func (d Dialect) appendHead(dst []byte, p *Packet) (longer []byte, err error) {
	if err := d.Check(p.Flags); err != nil {
		return dst, err
	}
	longer, words := dst, []codec.Flags{p.Flags}
	if d.HasAccepts(p.Flags) {
		words = append(words, p.Accepts)
	}
	for _, word := range words {
		ok := true
		if d.Framing() == ByLength {
			longer = binary.BigEndian.AppendUint32(longer, uint32(word))
		} else if longer, ok = appendShort(longer, uint32(word)); !ok {
			return dst, codec.ErrFlags
		}
	}
	if d.Framing() == ByLength {
		longer = append(longer, 0, 0, 0, 0)
	}
	return longer, nil
}
