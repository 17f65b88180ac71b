package dialect_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"runtime"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/dialect"
)

func limits(t testing.TB, b codec.Budgets) codec.Limits {
	t.Helper()
	l, err := codec.NewLimits(b)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// nested returns a packet whose tags are nested so deep.
func nested(d dialect.Dialect, depth int) *dialect.Packet {
	tag := d.Empty(1)
	for range depth {
		tag = d.Empty(1, tag)
	}
	return &dialect.Packet{Flags: 0x20, Packet: codec.Packet{Opcode: 6, Tags: []codec.Tag{tag}}}
}

func TestBudgetsHoldInEveryDialect(t *testing.T) {
	for _, d := range dialect.All() {
		big := &dialect.Packet{Flags: 0x20, Packet: codec.Packet{Opcode: 6, Tags: []codec.Tag{{Name: 1, Data: make([]byte, 10000)}}}}
		list := &dialect.Packet{Flags: 0x20, Packet: codec.Packet{Opcode: 6, Tags: make([]codec.Tag, 1000)}}
		zeros := &dialect.Packet{Flags: 0x21, Packet: codec.Packet{Opcode: 6, Tags: []codec.Tag{{Name: 1, Data: make([]byte, 9<<20)}}}}
		bytesOf := make(map[*dialect.Packet][]byte)
		for _, c := range []struct {
			name    string
			packet  *dialect.Packet
			budgets codec.Budgets
			want    error
		}{
			{"depth", nested(d, 11), codec.Budgets{Depth: 10}, codec.ErrTooDeep},
			{"depth within", nested(d, 10), codec.Budgets{Depth: 10}, nil},
			{"tags", list, codec.Budgets{Tags: 999}, codec.ErrTooManyTags},
			{"tags within", list, codec.Budgets{Tags: 1000}, nil},
			{"memory", list, codec.Budgets{Allocation: 1, AllocationFactor: 1}, codec.ErrTooMuchMemory},
			{"body", big, codec.Budgets{Body: 9000}, codec.ErrBodyTooLarge},
			{"inflated", zeros, codec.Budgets{Inflated: 1 << 20}, codec.ErrInflatedTooBig},
			{"ratio", zeros, codec.Budgets{}, codec.ErrInflatedTooBig},
			{"ratio within", zeros, codec.Budgets{Ratio: 2000}, nil},
		} {
			if d == dialect.RC8 && c.packet.Flags&codec.FlagZlib != 0 {
				continue // it has no zlib
			}
			b, ok := bytesOf[c.packet]
			if !ok {
				b = written(t, d, c.packet)
				bytesOf[c.packet] = b
			}
			if _, _, err := d.Consume(b, limits(t, c.budgets)); !errors.Is(err, c.want) {
				t.Errorf("%v, %s: %v, want %v", d, c.name, err, c.want)
			}
		}
	}
}

// A few bytes that promise much cost little.
func TestPromisesAllocateNothing(t *testing.T) {
	for _, c := range []struct {
		d     dialect.Dialect
		bytes string
	}{
		{dialect.RC8, "20 0c ffff 0001 ffffffff"},
		{dialect.RC8, "20 0c ffff 8001 ffffffff ffff 8001 ffffffff ffff 8001 ffffffff ffff"},
		{dialect.V20, "22 0c efbfbf 03 fdbfbfbfbfbf efbfbf 03 fdbfbfbfbfbf efbfbf 02 fdbfbfbfbfbf"},
		{dialect.Trunk, "20 0c ffff 0002 ffffffff"},
		{dialect.V21, "00000020 01000000 0c ffff 0002 ffffffff"},
		{dialect.V22, "00000020 00000010 0c ffff 0003 01 ffffffff ffff 000000000000"},
	} {
		b := unhex(t, c.bytes)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, err := c.d.Consume(b, codec.DefaultLimits())
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("%v takes %s", c.d, c.bytes)
		}
		if spent := after.TotalAlloc - before.TotalAlloc; spent > 1<<20 {
			t.Errorf("%v: %s costs %d bytes", c.d, c.bytes, spent)
		}
	}
}

// Readers of 2.1 to 2.3 close the connection at a length of more than 16 MiB.
func TestBodiesAreCapped(t *testing.T) {
	for d, most := range map[dialect.Dialect]uint32{dialect.V21: 16 << 20, dialect.V22: 16 << 20, dialect.V23: 16 << 20, dialect.V30: 256 << 20} {
		for length, want := range map[uint32]error{most: codec.ErrTruncated, most + 1: codec.ErrBodyTooLarge} {
			head := codec.AppendHeader(nil, codec.Header{Flags: codec.FlagBase, Length: length})
			if _, size, err := d.Consume(head, codec.DefaultLimits()); !errors.Is(err, want) || size != 0 {
				t.Errorf("%v: a length of %d: %v, want %v", d, length, err, want)
			}
		}
	}
}

// A refused packet of a dialect with lengths can be left behind.
func TestRefusedPacketsAreLeftBehind(t *testing.T) {
	for _, d := range []dialect.Dialect{dialect.V21, dialect.V22, dialect.V23, dialect.V30} {
		noop := written(t, d, &dialect.Packet{Flags: 0x20, Packet: codec.Packet{Opcode: 1}})
		bad := unhex(t, "00000060 00000003 010000")
		short := unhex(t, "00000020 00000003 010001")
		r := dialect.NewReader(d, bytes.NewReader(bytes.Join([][]byte{noop, bad, short, noop}, nil)), codec.DefaultLimits())
		for i, want := range []error{nil, codec.ErrFlags, codec.ErrTruncated, nil} {
			p, err := r.Next()
			if !errors.Is(err, want) || p == nil || err == nil && p.Opcode != 1 {
				t.Errorf("%v: packet %d is %v, %v, want %v", d, i, p, err, want)
			}
			// The count at 31 promises a tag, which is not there at 33.
			if wrong, ok := errors.AsType[*codec.Error](err); ok && wrong.Offset != map[int]int{1: 11, 2: 31}[i] && wrong.Offset != 33 {
				t.Errorf("%v: packet %d is wrong at %d", d, i, wrong.Offset)
			}
		}
	}
}

// The size is that of programs driven by events; the limits are everyone's.
func TestAnySizeIsTakenWithinTheLimits(t *testing.T) {
	for d, want := range map[dialect.Dialect]error{
		dialect.V21: codec.ErrTruncated, dialect.V22: codec.ErrTruncated, dialect.V23: codec.ErrBodyTooLarge,
	} {
		for length, want := range map[uint32]error{16<<20 + 1: want, 0xFFFFFFFF: codec.ErrBodyTooLarge} {
			head := binary.BigEndian.AppendUint32([]byte{0, 0, 0, 0x20}, length)
			r := dialect.NewReader(d, bytes.NewReader(head), codec.DefaultLimits())
			r.TakeAnySize()
			if _, err := r.Next(); !errors.Is(err, want) {
				t.Errorf("%v: a body of %d bytes: %v, want %v", d, length, err, want)
			}
		}
	}
}
