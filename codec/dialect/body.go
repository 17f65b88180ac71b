package dialect

import (
	"io"

	"github.com/ecgen/ecgen/codec"
)

// readBody reads the body behind a head whose flags were checked. In
// SelfDelimiting it reads from in what belongs to the packet and no more; else
// in has all that stands within the packet's length. Offsets of errors count
// from the start of the body, inflated or not.
func (d Dialect) readBody(h head, in source, limits codec.Limits) (*Packet, error) {
	p := &Packet{Flags: h.flags, Accepts: h.accepts}
	return p, d.readTree(p, in, limits, nil)
}

// obeyed returns the flags as package codec shall take them.
func (d Dialect) obeyed(flags codec.Flags) codec.Flags {
	if !d.rules().large {
		flags &^= codec.FlagLargeTagCount
	}
	return flags
}

// readTree reads the body of p, whose head is known. Unless it is nil, trace
// is told of each part.
func (d Dialect) readTree(p *Packet, in source, limits codec.Limits, trace func(part)) error {
	transmitted := &counter{in: in, most: maxInt}
	r := bodyReader{rules: d.rules(), flags: p.Flags, in: transmitted, budgets: limits.Budgets(), trace: trace}
	var z *inflater
	if p.Flags&codec.FlagZlib != 0 {
		var err error
		if z, err = newInflater(transmitted, r.budgets); err != nil {
			r.fail(err, 0)
			return r.failure(0)
		}
		r.in = z
	}
	if !r.packet(p) {
		return r.failure(0)
	}
	if z != nil {
		// Where there is a length, what is wrong behind the tree does not
		// matter, as in package codec; else it hides the end of the packet.
		err := z.drain()
		if err != nil && (err != codec.ErrZlib || d.Framing() == SelfDelimiting || z.out == r.at) {
			r.fail(err, z.out)
			return r.failure(0)
		}
	}
	if d.Framing() == ByLength {
		p.Trailing, _ = io.ReadAll(in) // of bytes: there is no error
		if len(p.Trailing) == 0 {
			p.Trailing = nil
		}
	}
	return nil
}
