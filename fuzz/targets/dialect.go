package targets

import (
	"bytes"
	standard "compress/zlib"
	"errors"
	"fmt"
	"io"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/dialect"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/fuzz/typed"
)

// The targets of the dialects of old releases.
var (
	DialectRC8   = dialectTarget("DialectRC8", dialect.RC8)
	DialectV20   = dialectTarget("DialectV20", dialect.V20)
	DialectTrunk = dialectTarget("DialectTrunk", dialect.Trunk)
	DialectV21   = dialectTarget("DialectV21", dialect.V21)
	DialectV22   = dialectTarget("DialectV22", dialect.V22)
	DialectV23   = dialectTarget("DialectV23", dialect.V23)
	DialectV30   = dialectTarget("DialectV30", dialect.V30)
)

// Dialects are all these targets.
var Dialects = []Target{DialectRC8, DialectV20, DialectTrunk, DialectV21, DialectV22, DialectV23, DialectV30}

// strict are budgets that many inputs exceed.
var strict = newLimits(codec.Budgets{Body: 512, Inflated: 1024, Depth: 4, Tags: 16, Allocation: 4096})

func dialectTarget(name string, d dialect.Dialect) Target {
	form := loose.Bytes
	if d >= dialect.V22 {
		form = loose.Pieces
	}
	return Target{
		Name:   name,
		Form:   form,
		Folder: "fuzz",
		Doc: "A stream of the dialect gives the same packets however it arrives, and those that the plainest code for it " +
			"reads; what is read is written as bytes that read as the same packet, and are written again as they are; no " +
			"prefix of them is accepted, and nothing behind them is taken; strict budgets hold, and change nothing else. " +
			"The first byte of the input says how the stream arrives.",
		Run: func(data []byte) error {
			if len(data) == 0 {
				return nil
			}
			seed, stream := data[0], data[1:len(data):len(data)]
			if err := sameInPieces(d, stream, seed); err != nil {
				return err
			}
			for rest := stream; len(rest) > 0; {
				p, size, err := d.Consume(rest, budgets)
				if err := first(describe(err), asPlainly(d, rest, p, size, err), withinStrict(d, rest, p, size, err)); err != nil {
					return err
				}
				if size == 0 {
					return nil
				}
				if err == nil {
					if err := writtenAgain(d, p); err != nil {
						return fmt.Errorf("%w\n%v", err, p)
					}
				}
				rest = rest[size:]
			}
			return nil
		},
	}
}

// sameInPieces reads a stream as a whole and in pieces.
func sameInPieces(d dialect.Dialect, stream []byte, seed byte) error {
	whole := dialect.NewReader(d, bytes.NewReader(stream), budgets)
	pieces := dialect.NewReader(d, &chunks{stream, seed | 8}, budgets)
	for {
		a, aErr := whole.Next()
		b, bErr := pieces.Next()
		same := aErr == bErr || sameError(aErr, bErr)
		if !same || !samePacket(a, b) || whole.Offset() != pieces.Offset() {
			return fmt.Errorf("whole: %v, %v at %d; in pieces: %v, %v at %d", a, aErr, whole.Offset(), b, bErr, pieces.Offset())
		}
		if aErr == io.EOF || aErr != nil && (d.Framing() == dialect.SelfDelimiting || isLost(aErr)) {
			return nil
		}
	}
}

// isLost reports whether err leaves no next packet: it comes again.
func isLost(err error) bool {
	return errors.Is(err, codec.ErrBodyTooLarge) || errors.Is(err, codec.ErrTruncated)
}

func samePacket(a, b *dialect.Packet) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(&b.Packet) && a.Flags == b.Flags && a.Accepts == b.Accepts && a.ID == b.ID && bytes.Equal(a.Trailing, b.Trailing)
}

// withinStrict reads the first packet of b under strict budgets.
func withinStrict(d dialect.Dialect, b []byte, p *dialect.Packet, size int, err error) error {
	q, strictSize, strictErr := d.Consume(b, strict)
	switch {
	case typed.IsLimit(strictErr):
		return nil
	case (err == nil) != (strictErr == nil) && !typed.IsLimit(err):
		return fmt.Errorf("strict budgets say %v instead of %v", strictErr, err)
	case err != nil:
		return nil
	case size != strictSize || !samePacket(p, q):
		return fmt.Errorf("under strict budgets it is\n%v, %d bytes, else\n%v, %d bytes", q, strictSize, p, size)
	}
	tags := 0
	for depth := range p.All() {
		if tags++; depth > 4 || tags > 16 {
			return fmt.Errorf("strict budgets let pass\n%v", q)
		}
	}
	plain := *p
	plain.Flags &^= codec.FlagZlib
	written, _ := d.Append(nil, &plain)
	if most := size - d.HeadSize(p); most > 512 || len(written)-d.HeadSize(p)-len(p.Trailing) > 1024 {
		return fmt.Errorf("strict budgets let pass %d bytes, plain %d\n%v", size, len(written), q)
	}
	return nil
}

// writtenAgain writes p, reads it, cuts it, and puts something behind it.
func writtenAgain(d dialect.Dialect, p *dialect.Packet) error {
	b, err := d.Append([]byte("before"), p)
	if err != nil || !bytes.HasPrefix(b, []byte("before")) {
		return fmt.Errorf("what was read cannot be written: %v", err)
	}
	b = b[len("before"):]
	q, size, err := d.Consume(append(bytes.Clone(b), 0x20, 0xFF, 0x00), codec.DefaultLimits())
	if err != nil || size != len(b) || !samePacket(cutLists(d, p), q) {
		return fmt.Errorf("written as\n%x\nof which are read %d bytes, as\n%v, %v", b, size, q, err)
	}
	if again, err := d.Append(nil, q); err != nil || !bytes.Equal(again, b) {
		return fmt.Errorf("written first as\n%x, then as\n%x, %v", b, again, err)
	}
	for cut := 0; cut < len(b); cut += 1 + len(b)/64 {
		if q, size, err := d.Consume(b[:cut], codec.DefaultLimits()); !errors.Is(err, codec.ErrTruncated) || size != 0 {
			return fmt.Errorf("%d of %d bytes: %v, %d bytes, %v", cut, len(b), q, size, err)
		}
	}
	return nil
}

// cutLists returns p without what package codec leaves out of long lists.
func cutLists(d dialect.Dialect, p *dialect.Packet) *dialect.Packet {
	if d < dialect.V23 {
		return p
	}
	flags := p.Flags
	if d == dialect.V23 {
		flags &^= codec.FlagLargeTagCount
	}
	q := *p
	q.Packet = *kept(&p.Packet, flags)
	return &q
}

// asPlainly reads the first packet of b by the plainest code, and compares.
func asPlainly(d dialect.Dialect, b []byte, p *dialect.Packet, size int, err error) error {
	r := plainReader{d: d, b: b}
	q, plainSize, ok := r.packet()
	switch {
	case typed.IsLimit(err):
		return nil
	case ok != (err == nil):
		return fmt.Errorf("it is read as %v, %v, but plainly as %v", p, err, q)
	case ok && (size != plainSize || !p.Equal(&q.Packet) || p.Flags != q.Flags || p.Accepts != q.Accepts || p.ID != q.ID):
		return fmt.Errorf("it is read as\n%v, %d bytes, plainly as\n%v, %d bytes", p, size, q, plainSize)
	}
	return nil
}

// plainReader is the plainest code that reads a packet of any dialect.
type plainReader struct {
	d     dialect.Dialect
	flags codec.Flags
	b     []byte
	short bool
}

func (r *plainReader) take(n int) []byte {
	if n > len(r.b) {
		r.short, r.b = true, nil
		return nil
	}
	taken := r.b[:n]
	r.b = r.b[n:]
	return taken
}

func (r *plainReader) fixed(width int) (v uint32) {
	for _, c := range r.take(width) {
		v = v<<8 | uint32(c)
	}
	return v
}

func (r *plainReader) number(width int) uint32 {
	if r.flags&codec.FlagUTF8Numbers == 0 {
		return r.fixed(width)
	}
	v, size, err := number(r.b)
	if err != nil {
		r.short, r.b = true, nil
		return 0
	}
	r.take(size)
	switch width {
	case 1:
		return uint32(uint8(v))
	case 2:
		return uint32(uint16(v))
	default:
		return v
	}
}

// word reads flags as the oldest dialects have them.
func (r *plainReader) word() (v codec.Flags) {
	for i := range 4 {
		c := r.fixed(1)
		v += codec.Flags(c) << (8 * i)
		if c < 0x80 {
			break
		}
	}
	return v
}

func (r *plainReader) packet() (p *dialect.Packet, size int, ok bool) {
	p = new(dialect.Packet)
	whole := len(r.b)
	var behind []byte
	framed := r.d >= dialect.V21
	if framed {
		p.Flags = codec.Flags(r.fixed(4))
		if r.d == dialect.V22 && p.Flags&0x10 != 0 {
			p.Accepts = codec.Flags(r.fixed(4))
		}
		length := r.fixed(4)
		if r.short || uint64(length) > uint64(len(r.b)) {
			return nil, 0, false
		}
		r.b, behind = r.b[:length], r.b[length:]
	} else {
		p.Flags = r.word()
		if p.Flags&0x10 != 0 {
			p.Accepts = r.word()
		}
	}
	masks := map[dialect.Dialect]codec.Flags{dialect.RC8: 0xff7f7f0f, dialect.V20: 0xff7f7f0c, dialect.Trunk: 0xffffff88}
	mask, ok := masks[r.d]
	if !ok {
		mask = 0xff7f7f08
	}
	if r.short || p.Flags&0x60 != 0x20 || p.Flags&mask != 0 {
		return nil, 0, false
	}
	r.flags = p.Flags
	corrupt := false
	if p.Flags&1 != 0 {
		in := bytes.NewReader(r.b)
		body, err := inflateFrom(in)
		early := errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
		if err != nil && (early || !framed) {
			return nil, 0, false
		}
		corrupt = err != nil
		if !framed {
			behind = r.b[len(r.b)-in.Len():]
		}
		r.b = body
	}
	if r.d == dialect.Trunk && p.Flags&4 != 0 {
		for i, c := range r.take(4) {
			p.ID += uint32(c) << (8 * i)
		}
	}
	p.Opcode = codec.Opcode(r.number(1))
	p.Tags, _ = r.tags(r.count())
	if r.short || corrupt && len(r.b) == 0 {
		return nil, 0, false
	}
	if !framed && p.Flags&1 == 0 {
		behind = r.b
	}
	return p, whole - len(behind), true
}

func (r *plainReader) count() int {
	n := r.number(2)
	if n == 0xFFFF && r.d == dialect.V30 && r.flags&0x10 != 0 {
		n = r.number(4)
	}
	return int(n)
}

// tags reads tags and returns what they add to the length of their parent.
func (r *plainReader) tags(count int) (tags []codec.Tag, size int64) {
	for i := 0; i < count && !r.short; i++ {
		var t codec.Tag
		name := r.number(2)
		children := name&1 != 0
		t.Name = codec.TagName(name >> 1)
		if r.d == dialect.RC8 {
			t.Name, children = codec.TagName(name&0x7FFF), name&0x8000 != 0
		}
		head := int64(6)
		if r.d >= dialect.V22 {
			t.Type = codec.Type(r.number(1))
			head = 7
		}
		length := int64(r.number(4))
		size += head + length
		if children {
			n := r.count()
			var inner int64
			t.Children, inner = r.tags(n)
			if length -= inner; n > 0 {
				size += 2
			}
			if n >= 0xFFFF && r.d == dialect.V30 && r.flags&0x10 != 0 {
				size += 4
			}
		}
		if length < 0 || length > int64(len(r.b)) {
			r.short = true
			return nil, 0
		}
		t.Data = r.take(int(length))
		tags = append(tags, t)
	}
	return tags, size
}

// inflateFrom inflates one zlib stream.
func inflateFrom(in *bytes.Reader) ([]byte, error) {
	stream, err := standard.NewReader(in)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(stream, int64(budgets.Budgets().Inflated)+1))
}
