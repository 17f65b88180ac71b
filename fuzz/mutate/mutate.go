// Package mutate changes fuzz inputs by what they mean: tags, their lengths,
// counts, names, types and flags. It knows from the generated package which
// tags stand where.
package mutate

import (
	"math/rand/v2"
	"slices"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/generated/ec"
)

// Mutate returns an input of at most maxSize bytes that differs in one place
// or a few from data, which is of this form. The same seed makes the same
// input. Data is not changed, nor kept.
func Mutate(form loose.Form, data []byte, maxSize int, seed uint64) []byte {
	m := mutator{grower{rand.New(rand.NewPCG(seed, 0))}}
	in := loose.Read(form, data)
	if in.Form != form { // too short
		in = m.fresh(form)
	}
	if form != loose.Bytes {
		for range 1 + m.IntN(3)*m.IntN(2) {
			m.input(&in)
		}
	}
	out := in.Append(make([]byte, 0, len(data)+64))
	for try := 0; len(out) > maxSize && try < 8; try++ {
		m.cut(&in)
		out = in.Append(out[:0])
	}
	if form == loose.Bytes || m.oneIn(8) {
		out = m.bytes(out)
	}
	return out[:min(len(out), max(0, maxSize))]
}

// mutator changes one input.
type mutator struct{ grower }

// fresh returns a new input of a form that has packets.
func (m *mutator) fresh(form loose.Form) loose.Input {
	in := loose.Input{Form: form, Packets: []loose.Packet{Grow(m)}}
	if form == loose.Pair {
		again := in.Packets[0]
		again.Tags = slices.Clone(again.Tags)
		in.Packets = append(in.Packets, again)
	}
	return in
}

// input changes the input: mostly one of its packets.
func (m *mutator) input(in *loose.Input) {
	stream := in.Form == loose.Stream || in.Form == loose.Pieces
	if len(in.Packets) == 0 {
		in.Packets = m.fresh(in.Form).Packets
		return
	}
	at := m.IntN(len(in.Packets))
	p := &in.Packets[at]
	switch choice := m.IntN(24); {
	case choice == 0 && stream:
		in.Packets = slices.Insert(in.Packets, at, m.fresh(in.Form).Packets...)
	case choice == 1 && stream:
		in.Packets = slices.Delete(in.Packets, at, at+1)
	case choice == 2:
		p.Lie = m.lie(p.Lie)
	case choice == 3:
		in.Lead = byte(m.IntN(256))
		in.Tail = nil
	case choice == 4 && in.Form == loose.Pair:
		in.Packets[1] = clonePacket(&in.Packets[0])
	case choice == 5 && in.Form == loose.Pair:
		m.mix(&in.Packets[1-at], p)
	case p.Opaque:
		p.Tail = m.bytes(slices.Clone(p.Tail))
	default:
		m.packet(p)
	}
}

// mix copies a tag of one packet into another.
func (m *mutator) mix(to, from *loose.Packet) {
	if source := m.spot(from); source.at >= 0 {
		target := m.spot(to)
		target.insert(clone(source.tag()))
	}
}

// packet changes a packet outside of its tags, or one of its lists of tags.
func (m *mutator) packet(p *loose.Packet) {
	switch m.IntN(40) {
	case 0:
		p.Flags ^= []uint32{loose.FlagUTF8Numbers, loose.FlagLargeTagCount}[m.IntN(2)]
	case 1:
		p.Flags ^= 1 << m.IntN(8)
	case 2:
		p.Flags ^= 1 << m.IntN(32)
	case 3:
		from := m.IntN(2)
		p.Opcode = byte(Opcodes[from][m.IntN(len(Opcodes[from]))])
	case 4:
		p.Opcode = byte(m.IntN(256))
	case 5:
		p.Tail = m.bytes(slices.Clone(p.Tail))
	case 6:
		p.Tail = nil
	default:
		s := m.spot(p)
		if s.at < 0 || m.oneIn(6) {
			s.insert(m.some(s.shape, 1+m.IntN(3))...)
		} else {
			m.tag(s)
		}
	}
}

// spot is a place in a list.
type spot struct {
	list  *loose.List
	at    int          // index of a tag, or -1 in a list without tags
	shape *codec.Shape // of the list, or nil
}

func (s spot) tag() *loose.Tag { return &s.list.Tags[s.at] }

func (s spot) insert(tags ...loose.Tag) {
	s.list.Tags = slices.Insert(slices.Clip(s.list.Tags), max(0, s.at), tags...)
}

// spot walks down from the top at random.
func (m *mutator) spot(p *loose.Packet) spot {
	s := spot{list: &p.List, shape: ec.Protocol.Message(codec.Direction(m.IntN(2)), codec.Opcode(p.Opcode))}
	for {
		s.at = m.IntN(len(s.list.Tags)+1) - 1
		if s.at < 0 && len(s.list.Tags) > 0 {
			s.at = 0
		}
		if s.at < 0 || len(s.tag().Children.Tags) == 0 || m.oneIn(3) {
			return s
		}
		s = spot{list: &s.tag().Children, shape: below(s.shape, s.tag().Name)}
	}
}

// below returns the shape of a tag of this name in a tag of this shape, or
// nil.
func below(shape *codec.Shape, name uint16) *codec.Shape {
	if shape == nil {
		return nil
	}
	if i := shape.Index(codec.TagName(name)); i >= 0 && shape.Fields[i].Kind == codec.KindObject {
		return &ec.Protocol.Shapes[shape.Fields[i].Children]
	}
	return nil
}

// tag changes the tag at s, or its list around it.
func (m *mutator) tag(s spot) {
	t, l := s.tag(), s.list
	switch m.IntN(22) {
	case 0, 1:
		l.Tags = slices.Delete(slices.Clone(l.Tags), s.at, s.at+1)
	case 2:
		s.insert(clone(t))
	case 3:
		again := clone(t)
		s.insert(slices.Repeat([]loose.Tag{again}, 1+m.IntN(m.IntN(40)+1))...)
	case 4:
		other := m.IntN(len(l.Tags))
		l.Tags[s.at], l.Tags[other] = l.Tags[other], l.Tags[s.at]
	case 5: // one child more, or less
		other := clone(&l.Tags[m.IntN(len(l.Tags))])
		t.Children.Tags = append(slices.Clip(t.Children.Tags), other)
	case 6:
		t.Name = uint16(m.name())
	case 7:
		t.Name = uint16(int(t.Name)+m.IntN(5)-2) & uint16(codec.MaxTagName)
	case 8:
		t.Name = l.Tags[m.IntN(len(l.Tags))].Name
	case 9:
		t.Type = byte(m.IntN(12))
	case 10:
		t.Type = byte(m.IntN(256))
	case 11, 12, 13:
		m.data(t)
	case 14, 15:
		t.LengthLie = m.lie(t.LengthLie)
	case 16:
		l.Lie = m.lie(l.Lie)
	case 17:
		t.Parent = !t.Parent
	case 18:
		l.Extended = !l.Extended
	case 19:
		for range 1 + m.IntN(3)*m.IntN(3)*m.IntN(70) {
			inner := *t
			*t = loose.Tag{Name: inner.Name, Type: byte(codec.TypeCustom), Children: loose.List{Tags: []loose.Tag{inner}}}
		}
	case 20:
		inner := t.Children.Tags
		l.Tags = slices.Replace(slices.Clone(l.Tags), s.at, s.at+1, inner...)
	default:
		if deeper := below(s.shape, t.Name); deeper != nil {
			t.Children.Tags = append(slices.Clip(t.Children.Tags), m.some(deeper, 2)...)
		} else {
			*t = m.odd(codec.TagName(t.Name), t.Children.Tags)
		}
	}
}

// data changes the own data.
func (m *mutator) data(t *loose.Tag) {
	switch m.IntN(6) {
	case 0:
		u := m.integer(codec.TagName(t.Name), 1<<64-1)
		t.Type, t.Data = u.Type, u.Data
	case 1:
		t.Type, t.Data = byte(codec.TypeString), append(m.text(), 0)
	case 2:
		t.Data = make([]byte, []int{0, 1, 2, 4, 6, 8, 16, 126, 127, 128, 130, 300, 2047, 2048}[m.IntN(14)])
	case 3:
		t.Data = nil
	default:
		t.Data = m.bytes(slices.Clone(t.Data))
	}
}

// lie returns another lie.
func (m *mutator) lie(before int64) int64 {
	if before != 0 && m.oneIn(3) {
		return 0
	}
	edge := []int64{1, 2, 3, 4, 6, 7, 9, 0x7F, 0x80, 0xFF, 0x7FF, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 1<<31 - 1, 1 << 31, 1<<32 - 1}[m.IntN(18)]
	if m.oneIn(2) {
		edge = -edge
	}
	return before + edge
}

// bytes changes a few bytes without a look at what they mean.
func (m *mutator) bytes(b []byte) []byte {
	at := m.IntN(len(b) + 1)
	if len(b) == 0 || at == len(b) {
		return append(b, byte(m.IntN(256)))
	}
	switch m.IntN(8) {
	case 0:
		b[at] ^= 1 << m.IntN(8)
	case 1:
		b[at] = byte(m.IntN(256))
	case 2:
		b[at] = []byte{0, 1, 0x7F, 0x80, 0xBF, 0xC0, 0xFE, 0xFF}[m.IntN(8)]
	case 3:
		b = slices.Insert(b, at, byte(m.IntN(256)))
	case 4:
		b = slices.Delete(b, at, min(len(b), at+1+m.IntN(8)))
	case 5:
		b = b[:at]
	case 6: // the number of one byte that may stand there, longer than needed
		b = slices.Replace(b, at, at+1, 0xC0|b[at]>>6, 0x80|b[at]&0x3F)
	default:
		from := m.IntN(len(b))
		b = slices.Insert(b, at, slices.Clone(b[from:min(len(b), from+1+m.IntN(16))])...)
	}
	return b
}

// cut makes the input smaller.
func (m *mutator) cut(in *loose.Input) {
	in.Tail = nil
	for i := range in.Packets {
		p := &in.Packets[i]
		p.Tail = p.Tail[:len(p.Tail)/2]
		p.Tags = p.Tags[:len(p.Tags)/2]
	}
}

func clone(t *loose.Tag) loose.Tag {
	again := *t
	again.Children.Tags = cloneTags(t.Children.Tags)
	return again
}

func cloneTags(tags []loose.Tag) []loose.Tag {
	again := slices.Clone(tags)
	for i := range again {
		again[i] = clone(&again[i])
	}
	return again
}

func clonePacket(p *loose.Packet) loose.Packet {
	again := *p
	again.Tags = cloneTags(p.Tags)
	return again
}
