package bench

import (
	"testing"

	"github.com/ecgen/ecgen/codec/view"
	"github.com/ecgen/ecgen/generated/ec"
)

// BenchmarkView prints packets as JSON by the table of the protocol, and reads
// that JSON.
func BenchmarkView(b *testing.B) {
	viewer := view.New(ec.Protocol)
	run(b, "json-append", func(b *testing.B, s *sample) {
		m := viewed(b, s)
		var text []byte
		Measure(b, s.work, func() error {
			text = viewer.AppendJSON(text[:0], m)
			return nil
		})
	})
	run(b, "raw-append", func(b *testing.B, s *sample) {
		m := viewed(b, s)
		var text []byte
		Measure(b, s.work, func() error {
			text = view.AppendRaw(text[:0], m)
			return nil
		})
	})
	run(b, "json-parse", func(b *testing.B, s *sample) {
		text := viewer.AppendJSON(nil, viewed(b, s))
		m, err := viewer.ParseJSON(text)
		if err != nil {
			b.Fatal(err)
		}
		s.checkMessage(b, &m.Packet)
		Measure(b, s.work, func() error {
			_, err := viewer.ParseJSON(text)
			return err
		})
	})
}

// viewed returns the sample as the viewer takes it. Views know nothing of
// forms, so only one is measured.
func viewed(b *testing.B, s *sample) *view.Message {
	if s.form.Name != "plain" {
		b.Skip("views do not depend on the form")
	}
	return &view.Message{Flags: s.form.Flags, From: s.set.From, Packet: *tree(b, s)}
}
