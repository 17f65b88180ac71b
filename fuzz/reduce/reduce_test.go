package reduce_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/fuzz/reduce"
)

// large is a packet in which little matters.
func large() loose.Input {
	list := func(n int) (tags []loose.Tag) {
		for i := range n {
			tags = append(tags, loose.Tag{Name: uint16(0x300 + i), Type: 6, Data: []byte("some text of a file\x00")})
		}
		return tags
	}
	outer := loose.Tag{Name: 0x400, Type: 2, Data: []byte{9}, Children: loose.List{Tags: list(20)}}
	outer.Children.Tags[11].Children.Tags = list(3)
	p := loose.Packet{Flags: loose.FlagBase | loose.FlagUTF8Numbers, Opcode: 0x22}
	p.Tags = append(list(30), outer)
	return loose.Input{Form: loose.Body, Packets: []loose.Packet{p}}
}

func refusedWith(want error) func([]byte) bool {
	return func(data []byte) bool {
		var p codec.Packet
		return len(data) > 0 && errors.Is(p.UnmarshalBody(data[1:], codec.Flags(data[0])), want)
	}
}

// A fault deep in a tree is left, with the tags around it only.
func TestWhatDoesNotMatterIsLeftOut(t *testing.T) {
	deep := large()
	deep.Packets[0].Tags[30].Children.Tags[11].LengthLie = -200

	extended := large()
	extended.Packets[0].Flags |= loose.FlagLargeTagCount
	extended.Packets[0].Tags[30].Children.Extended = true

	for _, test := range []struct {
		name  string
		input loose.Input
		fails func([]byte) bool
		most  int
	}{
		{"a tag shorter than its children", deep, refusedWith(codec.ErrLength), 1 + 2 + 2*4},
		{"a tag within another", large(), func(data []byte) bool {
			var p codec.Packet
			if len(data) == 0 || p.UnmarshalBody(data[1:], codec.Flags(data[0])) != nil {
				return false
			}
			for depth, tag := range p.All() {
				if depth == 2 && tag.Name == 0x301 {
					return true
				}
			}
			return false
		}, 1 + 2 + 4 + 4 + 5},
		{"a long form of a short count", extended, func(data []byte) bool {
			in := loose.Read(loose.Body, data)
			if len(in.Packets) == 0 {
				return false
			}
			for _, tag := range in.Packets[0].Tags {
				if tag.Children.Extended && in.Packets[0].Lie == 0 {
					return true
				}
			}
			return false
		}, 1 + 2 + 3 + 4},
	} {
		data := test.input.Append(nil)
		if !test.fails(data) {
			t.Fatalf("%s: the input to reduce does not fail", test.name)
		}
		reduced := reduce.Reduce(context.Background(), loose.Body, data, test.fails)
		if !test.fails(reduced) || len(reduced) > test.most {
			t.Errorf("%s: %d bytes are reduced to %d, want at most %d: %x", test.name, len(data), len(reduced), test.most, reduced)
		}
	}
}

func TestBytesAreReducedToo(t *testing.T) {
	data := bytes.Repeat([]byte("no form "), 1000)
	copy(data[5000:], "needle")
	fails := func(b []byte) bool { return bytes.Contains(b, []byte("needle")) }
	if reduced := reduce.Reduce(context.Background(), loose.Bytes, data, fails); string(reduced) != "needle" {
		t.Errorf("reduced to %q", reduced)
	}
}

// When there is no time left the best so far is returned.
func TestReductionEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	calls := 0
	input := large()
	reduced := reduce.Reduce(ctx, loose.Body, input.Append(nil), func(b []byte) bool {
		if calls++; calls == 5 {
			cancel()
		}
		return refusedWith(nil)(b)
	})
	if calls > 6 || !refusedWith(nil)(reduced) {
		t.Errorf("%d calls, %x", calls, reduced)
	}
}
