package bench

import (
	"bytes"
	"testing"

	"github.com/ecgen/ecgen/codec"
)

// BenchmarkFrame moves whole packets over a connection that is a buffer in
// memory: writing one, and reading one into a typed message.
func BenchmarkFrame(b *testing.B) {
	run(b, "ecgen-write", func(b *testing.B, s *sample) {
		var connection bytes.Buffer
		writer := codec.NewWriter(&connection)
		write := func() error {
			connection.Reset()
			return writer.WriteFlags(s.message, s.form.Flags)
		}
		if err := write(); err != nil {
			b.Fatal(err)
		}
		if got := connection.Bytes()[codec.HeaderSize:]; !bytes.Equal(got, s.body) {
			b.Fatal("the body was written differently")
		}
		Measure(b, s.work, write)
	})
	run(b, "ecgen-read", func(b *testing.B, s *sample) {
		packet, err := codec.AppendFrame(nil, s.form.Flags, s.message)
		if err != nil {
			b.Fatal(err)
		}
		connection := bytes.NewReader(packet)
		reader := codec.NewReader(connection, codec.DefaultLimits())
		m := s.newMessage()
		read := func() error {
			connection.Reset(packet)
			frame, err := reader.Next()
			if err != nil {
				return err
			}
			return m.DecodeBody(frame.Body, frame.Flags, codec.Share, codec.DefaultLimits())
		}
		if len(packet) > codec.DefaultLimits().Budgets().Body {
			b.Skip("the body is larger than the default limit")
		}
		if err := read(); err != nil {
			b.Fatal(err)
		}
		s.checkMessage(b, m)
		Measure(b, s.work, read)
	})
}
