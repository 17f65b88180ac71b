package bench

import (
	"errors"
	"testing"

	"github.com/ecgen/ecgen/codec"
)

// BenchmarkDecode reads bodies into typed messages.
func BenchmarkDecode(b *testing.B) {
	for _, impl := range []struct {
		name  string
		mode  codec.Mode
		fresh bool // into a new message each time
	}{
		{"ecgen-fresh", 0, true},
		{"ecgen-fresh-share", codec.Share, true},
		{"ecgen-reuse", 0, false},
		{"ecgen-share", codec.Share, false},
		{"ecgen-merge", codec.Merge | codec.Share, false},
	} {
		run(b, impl.name, func(b *testing.B, s *sample) {
			m := s.newMessage()
			decode := func() error {
				if impl.fresh {
					m = s.newMessage()
				}
				return m.DecodeBody(s.body, s.form.Flags, impl.mode, codec.DefaultLimits())
			}
			if err := decode(); err != nil {
				b.Fatal(err)
			}
			s.checkMessage(b, m)
			Measure(b, s.work, decode)
		})
	}
}

// BenchmarkEncode writes typed messages into a buffer with room.
func BenchmarkEncode(b *testing.B) {
	run(b, "ecgen", func(b *testing.B, s *sample) { encode(b, s, s.message) })
}

// BenchmarkSize says how large typed messages will be.
func BenchmarkSize(b *testing.B) {
	run(b, "ecgen", func(b *testing.B, s *sample) { size(b, s, s.message) })
}

func encode(b *testing.B, s *sample, m codec.Appender) {
	s.checkMessage(b, m)
	body := append([]byte(nil), s.body...)
	Measure(b, s.work, func() (err error) {
		body, err = m.AppendBody(body[:0], s.form.Flags)
		return err
	})
}

var errSize = errors.New("SizeBody says another size")

func size(b *testing.B, s *sample, m codec.Appender) {
	if s.form.Zlib() {
		b.Skip("the size is that before deflating")
	}
	Measure(b, s.work, func() error {
		if m.SizeBody(s.form.Flags) != len(s.body) {
			return errSize
		}
		return nil
	})
}
