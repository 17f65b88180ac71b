package dialect

import "github.com/ecgen/ecgen/codec"

// Packet is an untyped packet with what stands before its body. It holds all
// that is needed to write the same bytes again.
type Packet struct {
	codec.Packet

	Flags   codec.Flags // all bits, also those that readers ignore
	Accepts codec.Flags // the accepts word, where HasAccepts
	ID      uint32      // the packet's number, where Flags has FlagID and the dialect knows it

	// Trailing is what stands within the length of a packet behind its tree,
	// or behind its zlib stream. aMule ignores it. See [Dialect.Queued]. It is
	// kept for 2.1 and 2.2 only.
	Trailing []byte
}

// HasAccepts reports whether an accepts word stands behind these flags.
func (d Dialect) HasAccepts(flags codec.Flags) bool {
	return d.rules().accepts && flags&FlagAccepts != 0
}

// HasID reports whether a packet with these flags has a number.
func (d Dialect) HasID(flags codec.Flags) bool { return d.rules().hasID(flags) }

func (r *rules) hasID(flags codec.Flags) bool { return r.id && flags&FlagID != 0 }

// Consume takes one packet from the front of b and returns it with the number
// of bytes that it takes. The packet does not alias b. When it is refused, it
// has its flags and no more, if these were read; size is that of the refused
// packet if the dialect has lengths, so that a caller may go on behind it, and
// else 0.
//
// Offsets of errors count from the start of b, but within a deflated body
// from the start of the inflated one.
func (d Dialect) Consume(b []byte, limits codec.Limits) (p *Packet, size int, err error) {
	r := NewReader(d, newBytes(b), limits)
	p, err = r.Next()
	switch {
	case err == nil || r.ended == nil:
		return p, int(r.Offset()), err
	case r.Offset() == 0 && len(b) == 0:
		return nil, 0, &codec.Error{Err: codec.ErrTruncated}
	default:
		return p, 0, err
	}
}

// Queued returns the packets that stand in p.Trailing. When a program of 2.1
// or 2.2 sends a packet before the one before it has left the machine, it
// writes the length of both into the first, and 0 into the second. Its own
// readers lose the second without a word.
func (d Dialect) Queued(p *Packet, limits codec.Limits) []*Packet {
	var queued []*Packet
	for rest := p.Trailing; len(rest) > 0; {
		q, size := d.queued(rest, limits)
		if q == nil {
			break
		}
		queued = append(queued, q)
		rest = rest[size:]
	}
	return queued
}

// queued takes one packet whose length is 0 from the front of b.
func (d Dialect) queued(b []byte, limits codec.Limits) (p *Packet, size int) {
	in := newBytes(b)
	h, err := d.readHead(in)
	if err != nil || h.length != 0 || d.Check(h.flags) != nil {
		return nil, 0
	}
	body := b[h.size:]
	p, err = d.readBody(h, newBytes(body), limits)
	if err != nil {
		return nil, 0
	}
	size = len(b) - len(p.Trailing)
	p.Trailing = nil
	return p, size
}
