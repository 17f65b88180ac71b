package dialect

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/ecgen/ecgen/codec"
)

// Candidate says what reading bytes in one dialect came to.
type Candidate struct {
	Dialect Dialect
	Codes   *Codes // of those that were given, which fit best
	Packets int    // that were read

	// Refused is why the bytes are not of the dialect, or nil. Doubts are what
	// speaks against it: what no program of its releases would have written.
	Refused error
	Doubts  []string

	// Certain is what only this dialect says, or "": its protocol version in
	// a login, say.
	Certain string
}

// mostDoubts is how many doubts are spelled out.
const mostDoubts = 3

// Detect reads bytes of unknown age in every dialect, oldest first. They begin
// with a packet, and more says whether the stream goes on behind them. The
// codes, which may be nil, are those of a dialect's releases; they are asked
// whether the names and types are known.
func Detect(b []byte, more bool, codes func(Dialect) []*Codes, limits codec.Limits) []Candidate {
	var candidates []Candidate
	for _, d := range All() {
		packets, spans, err := readPackets(d, b, more, limits)
		c := Candidate{Dialect: d, Packets: len(packets), Refused: err}
		if err == nil {
			if len(packets) == 0 {
				c.doubt("not one packet is complete")
			}
			c.judge(packets, spans)
			if codes != nil {
				c.compare(packets, codes(d))
			}
		}
		candidates = append(candidates, c)
	}
	return candidates
}

// Recognised returns the one dialect that the bytes are of, or false: when
// none is, or when nothing tells several of them apart. Those come with it,
// the likeliest first. One is told apart when it alone is certain, or when all
// that speaks against it speaks against each of the others as well, and more.
func Recognised(candidates []Candidate) (d Dialect, likely []Candidate, ok bool) {
	for _, c := range candidates {
		if c.Refused == nil {
			likely = append(likely, c)
		}
	}
	slices.SortStableFunc(likely, func(a, b Candidate) int {
		if certain := len(b.Certain) - len(a.Certain); (a.Certain == "") != (b.Certain == "") {
			return certain
		}
		return len(a.Doubts) - len(b.Doubts)
	})
	if len(likely) == 0 {
		return 0, nil, false
	}
	first, others := likely[0], likely[1:]
	ok = !slices.ContainsFunc(others, func(other Candidate) bool { return !first.beats(other) })
	return first.Dialect, likely, ok
}

// beats reports whether the other one can be left out in favour of c.
func (c *Candidate) beats(other Candidate) bool {
	if (c.Certain == "") != (other.Certain == "") {
		return c.Certain != ""
	}
	onlyHere := func(doubt string) bool { return !slices.Contains(other.Doubts, doubt) }
	return len(c.Doubts) < len(other.Doubts) && !slices.ContainsFunc(c.Doubts, onlyHere)
}

// readPackets reads all of b, with the bytes of each packet.
func readPackets(d Dialect, b []byte, more bool, limits codec.Limits) (packets []*Packet, spans [][]byte, err error) {
	for at := 0; at < len(b); {
		p, size, err := d.Consume(b[at:], limits)
		if err != nil && p != nil && d.Check(p.Flags) != nil {
			err = &codec.Error{Err: codec.ErrFlags} // though the length may be wrong too
		}
		if more && size == 0 && errors.Is(err, codec.ErrTruncated) {
			return packets, spans, nil
		}
		if err != nil {
			if e, ok := errors.AsType[*codec.Error](err); ok && (p == nil || p.Flags&codec.FlagZlib == 0) {
				e.Offset += at
			}
			return packets, spans, err
		}
		packets, spans = append(packets, p), append(spans, b[at:at+size])
		at += size
	}
	return packets, spans, nil
}

// doubt adds a doubt, unless there are many, or it is there.
func (c *Candidate) doubt(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(c.Doubts, text) {
		c.Doubts = append(c.Doubts, text)
	}
}

// judge compares packets with what the dialect's programs write.
func (c *Candidate) judge(packets []*Packet, spans [][]byte) {
	numbered := false
	for i, p := range packets {
		c.judgeFlags(p)
		switch again, err := c.Dialect.Append(nil, p); {
		case err == nil && bytes.Equal(again, spans[i]):
		case p.Flags&codec.FlagZlib != 0:
			c.doubt("its programs deflate in another way")
		default:
			c.doubt("packet %d would have been written in another way", i)
		}
		if c.Dialect.rules().narrow {
			for _, t := range p.All() {
				if v, ok := t.Uint(); ok && len(t.Data) > 0 && codec.NewUint(0, v).Type != t.Type {
					c.doubt("an integer is not in the narrowest type")
				}
			}
		}
		c.judgeLogin(&p.Packet)
		numbered = numbered || c.Dialect.rules().hasID(p.Flags) || p.Accepts == c.Dialect.Announces() && p.Accepts != 0
	}
	if c.Dialect == Trunk && !numbered {
		c.doubt("it was never released, and nothing here has a packet's number or announces it")
	}
	if c.Dialect == V30 && c.Certain == "" {
		for _, p := range packets {
			if p.Flags&codec.FlagLargeTagCount != 0 {
				c.Certain = "large tag counts are in use"
			}
		}
	}
}

// judgeFlags compares flags with those that would have been picked.
func (c *Candidate) judgeFlags(p *Packet) {
	r := c.Dialect.rules()
	if odd := p.Flags &^ (r.writes | codec.FlagBase); odd != 0 {
		c.doubt("its programs do not set the flags %#x", uint32(odd))
	}
	if p.Accepts != 0 && c.Dialect.Announces() == 0 {
		c.doubt("its programs send no accepts word")
	}
	if p.Accepts&^(r.writes|codec.FlagBase) != 0 {
		c.doubt("its programs do not announce the flags %#x", uint32(p.Accepts))
	}
	switch d := c.Dialect; {
	case r.current: // cached replies of 3.0 are picked in other ways
	case d == V21 || d == V22 && p.Flags&3 != 0:
		if picked := d.Flags(&p.Packet, 0x23); p.Flags&3 != picked&3 {
			c.doubt("for this size its programs pick the flags %#x", uint32(picked))
		}
	case p.Flags&3 != 0:
		if picked := d.Flags(&p.Packet, p.Flags); p.Flags&3 != picked&3 {
			c.doubt("for this size its programs do not pick the flags %#x", uint32(p.Flags))
		}
	}
}

// What only clients of 3.0 announce.
const (
	tagCanLargeTagCount = 0x0011
	tagCanPartialUpdate = 0x0012
)

// judgeLogin looks at what a client says of itself.
func (c *Candidate) judgeLogin(p *codec.Packet) {
	if p.Opcode != OpAuthReq {
		return
	}
	version, ok := c.Dialect.ProtocolVersion(p)
	switch {
	case !ok:
		return
	case version != uint64(c.Dialect.Protocol()):
		c.doubt("the login says protocol %#04x, not %#04x", version, c.Dialect.Protocol())
		return
	case c.Dialect == V23 || c.Dialect == V30:
		newer := p.Find(tagCanLargeTagCount) != nil || p.Find(tagCanPartialUpdate) != nil
		if newer && c.Dialect == V23 {
			c.doubt("the login announces what only 3.0 can")
		}
		if !newer && c.Dialect == V30 {
			c.doubt("the login does not announce large tag counts")
		}
	}
	c.Certain = fmt.Sprintf("the login says protocol %#04x", version)
}

// compare looks up names and types in the codes that fit best.
func (c *Candidate) compare(packets []*Packet, tables []*Codes) {
	var best []string
	for i, codes := range tables {
		unknown := codes.unknown(c.Dialect, packets)
		if i == 0 || len(unknown) < len(best) {
			best, c.Codes = unknown, codes
		}
	}
	for _, text := range best {
		c.doubt("%s", text)
	}
	for _, p := range packets {
		c.judgeVersion(&p.Packet)
	}
}

// judgeVersion looks at what a daemon says of itself in answer to a login.
func (c *Candidate) judgeVersion(p *codec.Packet) {
	if p.Opcode != OpAuthFail && p.Opcode != OpAuthOK || c.Codes == nil {
		return
	}
	for i := range p.Tags {
		t := &p.Tags[i]
		if c.Codes.TagName(t.Name) != "SERVER_VERSION" || len(t.Data) == 0 {
			continue
		}
		release := string(t.Data[:len(t.Data)-1])
		switch d, ok := Parse(release); {
		case !ok:
		case d == c.Dialect:
			c.Certain = "the daemon says that it is " + release
		default:
			c.doubt("the daemon says that it is %s", release)
		}
	}
}

// unknown names the codes that are not among c, and the tags whose own data is
// not of their types.
func (c *Codes) unknown(d Dialect, packets []*Packet) (names []string) {
	note := func(format string, args ...any) {
		text := fmt.Sprintf(format, args...)
		if len(names) < mostDoubts && !slices.Contains(names, text) {
			names = append(names, text)
		}
	}
	for _, p := range packets {
		if c.OpcodeName(p.Opcode) == "" {
			note("it has no opcode %#02x", uint8(p.Opcode))
		}
		for _, t := range p.All() {
			code, known := c.tags[t.Name]
			if !known {
				note("it has no tag %#04x", uint16(t.Name))
				continue
			}
			if _, fits := c.typeOf(t); !d.Typed() && !fits {
				note("%s does not hold %d bytes like these", code.name, len(t.Data))
			}
			if len(t.Children) > 0 && !code.children && !d.rules().large {
				note("%s has no children", code.name)
			}
		}
	}
	return names
}
