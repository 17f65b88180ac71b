package mutate_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/fuzz/mutate"
)

var forms = []loose.Form{loose.Bytes, loose.Body, loose.Tags, loose.Pair, loose.Stream, loose.Pieces}

// seedOf returns an input of this form with the packets that a seed grows.
func seedOf(form loose.Form, seed uint64) []byte {
	random := rand.New(rand.NewPCG(seed, 1))
	in := loose.Input{Form: form, Packets: []loose.Packet{mutate.Grow(random)}}
	if form == loose.Pair || form == loose.Stream {
		in.Packets = append(in.Packets, mutate.Grow(random))
	}
	if form == loose.Bytes {
		return []byte("bytes")
	}
	return in.Append(nil)
}

func TestMutantsAreReproducibleAndSmallEnough(t *testing.T) {
	for _, form := range forms {
		for seed := range uint64(500) {
			data := seedOf(form, seed)
			before := bytes.Clone(data)
			for _, maxSize := range []int{0, 1, 40, 4096} {
				mutant := mutate.Mutate(form, data, maxSize, seed)
				if len(mutant) > maxSize {
					t.Fatalf("form %d: %d bytes, want at most %d", form, len(mutant), maxSize)
				}
				if !bytes.Equal(mutant, mutate.Mutate(form, data, maxSize, seed)) {
					t.Fatalf("form %d, seed %d: the same seed makes another input", form, seed)
				}
			}
			if !bytes.Equal(data, before) {
				t.Fatalf("form %d, seed %d: the input was changed", form, seed)
			}
		}
	}
}

// Most mutants are read to their end, so that what lies deep in a tree is
// reached, and some are broken in each of the ways that there are.
func TestMutantsAreOftenAcceptedAndBrokenInAllWays(t *testing.T) {
	limits, err := codec.NewLimits(codec.Budgets{Depth: 100, Tags: 1000})
	if err != nil {
		t.Fatal(err)
	}
	const mutants = 20000
	verdicts := map[error]int{}
	different := map[string]bool{}
	data := seedOf(loose.Body, 0)
	for seed := range uint64(mutants) {
		if seed%20 == 0 {
			data = seedOf(loose.Body, seed)
		}
		data = mutate.Mutate(loose.Body, data, 4096, seed)
		different[string(data)] = true
		if len(data) == 0 {
			continue
		}
		var p codec.Packet
		verdicts[errors.Unwrap(p.Decode(data[1:], codec.Flags(data[0])&^codec.FlagZlib, 0, limits))]++
	}
	if len(different) < mutants*4/5 {
		t.Errorf("only %d of %d mutants are different", len(different), mutants)
	}
	if verdicts[nil] < mutants/4 {
		t.Errorf("only %d of %d mutants are accepted", verdicts[nil], mutants)
	}
	for _, want := range []error{codec.ErrTruncated, codec.ErrFlags, codec.ErrNumber, codec.ErrLength, codec.ErrTooDeep} {
		if verdicts[want] == 0 {
			t.Errorf("no mutant is refused with %q", want)
		}
	}
	t.Log(fmt.Sprint(verdicts))
}

// Where the bytes end all choices are the first.
func TestChoicesAreThoseOfTheBytes(t *testing.T) {
	c := mutate.NewChoices([]byte{7, 1, 2, 3, 0x12, 0x34, 0x56})
	for _, choice := range []struct{ got, want uint64 }{
		{uint64(c.IntN(5)), 2}, {uint64(c.IntN(1)), 0}, {uint64(c.IntN(300)), 0x102 % 300}, {c.Uint64(), 0x123456},
		{uint64(c.IntN(100)), 0}, {c.Uint64(), 0},
	} {
		if choice.got != choice.want {
			t.Errorf("got %#x, want %#x", choice.got, choice.want)
		}
	}
	if in := (loose.Input{Form: loose.Body, Packets: []loose.Packet{mutate.Grow(mutate.NewChoices(nil))}}); len(in.Append(nil)) != 4 {
		t.Errorf("of no bytes %x grows, want the smallest packet", in.Append(nil))
	}
}

func BenchmarkMutate(b *testing.B) {
	for _, size := range []int{1, 8} {
		data := []byte{0x22, 0x20, byte(size)}
		for range size {
			data = append(data, "\xe0\xb8\x83\x02\x14\x02\xe0\xb8\x84\x06\x04abc\x00\xe0\xb8\x8a\x06\x01\x00\x00"...)
		}
		b.Run(fmt.Sprint("bytes=", len(data)), func(b *testing.B) {
			b.ReportAllocs()
			for seed := uint64(0); b.Loop(); seed++ {
				mutate.Mutate(loose.Body, data, 4096, seed)
			}
		})
	}
}
