package bench

import (
	"errors"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// BenchmarkWalk goes through all tags of a body: without keeping them, or
// making a typed object of one top-level tag at a time, or making a tree.
func BenchmarkWalk(b *testing.B) {
	run(b, "codec-elements", func(b *testing.B, s *sample) {
		walkElements(b, s, func(codec.Element) error { return nil })
	})
	run(b, "ecgen-element", func(b *testing.B, s *sample) {
		var known ec.KnownFile
		var part ec.PartFile
		var result ec.SearchFile
		walkElements(b, s, func(e codec.Element) error {
			switch e.Name {
			case ec.TagKnownFile:
				return known.ReadElement(e, codec.Share)
			case ec.TagPartFile:
				return part.ReadElement(e, codec.Share)
			case ec.TagSearchFile:
				return result.ReadElement(e, codec.Share)
			}
			return nil
		})
	})
	for _, impl := range []struct {
		name string
		mode codec.Mode
	}{{"codec-tree", 0}, {"codec-tree-share", codec.Share}} {
		run(b, impl.name, func(b *testing.B, s *sample) {
			var p codec.Packet
			decode := func() error { return p.Decode(s.body, s.form.Flags, impl.mode, codec.DefaultLimits()) }
			if err := decode(); err != nil {
				b.Fatal(err)
			}
			s.checkMessage(b, &p)
			Measure(b, s.work, decode)
		})
	}
}

var errElements = errors.New("the walk met another number of elements")

// walkElements times a walk that does visit with each top-level tag.
func walkElements(b *testing.B, s *sample, visit func(codec.Element) error) {
	want := len(tree(b, s).Tags)
	Measure(b, s.work, func() error {
		count := 0
		for e, err := range codec.Elements(s.body, s.form.Flags, codec.DefaultLimits()) {
			if err != nil {
				return err
			}
			if err := visit(e); err != nil {
				return err
			}
			count++
		}
		if count != want {
			return errElements
		}
		return nil
	})
}

// tree returns the sample as an untyped packet.
func tree(b *testing.B, s *sample) *codec.Packet {
	var p codec.Packet
	if err := p.UnmarshalBody(s.body, s.form.Flags); err != nil {
		b.Fatal(err)
	}
	return &p
}

// BenchmarkEncodeTree writes untyped packets into a buffer with room.
func BenchmarkEncodeTree(b *testing.B) {
	run(b, "codec-tree", func(b *testing.B, s *sample) { encode(b, s, tree(b, s)) })
}

// BenchmarkSizeTree says how large untyped packets will be.
func BenchmarkSizeTree(b *testing.B) {
	run(b, "codec-tree", func(b *testing.B, s *sample) { size(b, s, tree(b, s)) })
}
