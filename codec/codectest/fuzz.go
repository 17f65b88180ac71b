package codectest

import (
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/typed"
)

// Fuzz is the fuzz test of the type of m. An input is one byte of flags, and a
// body without its opcode.
func Fuzz(f *testing.F, m typed.Message) {
	for seed := range uint64(3) {
		for _, flags := range []codec.Flags{codec.FlagBase, codec.FlagBase | codec.FlagUTF8Numbers} {
			body, err := Filled(m.(Message), seed).AppendBody(nil, flags)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(typed.Input(flags, body))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := typed.Tags(m, data); err != nil {
			t.Fatal(err)
		}
	})
}
