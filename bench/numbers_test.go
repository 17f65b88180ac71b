package bench

import (
	"fmt"
	"testing"

	"github.com/ecgen/ecgen/codec"
)

// BenchmarkNumbers reads and writes tags that are nothing but numbers: name,
// type and length, with names that take one, two and three bytes in UTF-8 form.
func BenchmarkNumbers(b *testing.B) {
	const tags = 10_000
	for _, name := range []codec.TagName{0x3f, 0x3ff, 0x7ff} {
		p := &codec.Packet{Opcode: 1, Tags: make([]codec.Tag, tags)}
		for i := range p.Tags {
			p.Tags[i] = codec.Tag{Name: name, Type: codec.TypeCustom}
		}
		for _, form := range (Set{}).Forms()[:3] {
			body := appendBody(b, p, form.Flags)
			work := Work{Bytes: len(body), Tags: tags}
			prefix := fmt.Sprintf("msg=Names%x/form=%s/impl=", name, form.Name)
			b.Run(prefix+"codec-elements", func(b *testing.B) {
				Measure(b, work, func() error {
					count := 0
					for e, err := range codec.Elements(body, form.Flags, codec.DefaultLimits()) {
						if err != nil || e.Name != name {
							return errResult
						}
						count++
					}
					if count != tags {
						return errResult
					}
					return nil
				})
			})
			b.Run(prefix+"codec-append", func(b *testing.B) {
				Measure(b, work, func() (err error) {
					body, err = p.AppendBody(body[:0], form.Flags)
					return err
				})
			})
		}
	}
}
