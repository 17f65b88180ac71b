package bench

import (
	"bytes"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

const manyFiles = 70_000

// forms are the ways in which a body can be coded.
var forms = []struct {
	name  string
	flags codec.Flags
}{
	{"plain", codec.FlagBase | codec.FlagLargeTagCount},
	{"utf8", codec.FlagBase | codec.FlagLargeTagCount | codec.FlagUTF8Numbers},
}

func body(tb testing.TB, m ec.Message, flags codec.Flags) []byte {
	b, err := m.AppendBody(nil, flags)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// BenchmarkCopy is the floor: copying the same body.
func BenchmarkCopy(b *testing.B) {
	m := SharedFiles(manyFiles)
	for _, form := range forms {
		b.Run("msg=SharedFiles/form="+form.name, func(b *testing.B) {
			source := body(b, m, form.flags)
			target := make([]byte, len(source))
			b.SetBytes(int64(len(source)))
			for b.Loop() {
				copy(target, source)
			}
			reportPerFile(b)
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	m := SharedFiles(manyFiles)
	for _, mode := range []struct {
		name string
		mode codec.Mode
	}{{"copy", 0}, {"share", codec.Share}} {
		for _, form := range forms {
			b.Run("msg=SharedFiles/form="+form.name+"/impl="+mode.name, func(b *testing.B) {
				source := body(b, m, form.flags)
				var used ec.SharedFiles
				decode := func() {
					if err := used.DecodeBody(source, form.flags, mode.mode, codec.DefaultLimits()); err != nil {
						b.Fatal(err)
					}
				}
				decode()
				if !bytes.Equal(body(b, &used, form.flags), source) {
					b.Fatal("what was read is written differently")
				}
				b.SetBytes(int64(len(source)))
				b.ReportAllocs()
				for b.Loop() {
					decode()
				}
				reportPerFile(b)
			})
		}
	}
}

// BenchmarkEncode writes what was read: a message whose files and texts stand
// in memory in their order.
func BenchmarkEncode(b *testing.B) {
	source := body(b, SharedFiles(manyFiles), codec.FlagBase|codec.FlagLargeTagCount)
	m := new(ec.SharedFiles)
	if err := m.UnmarshalBody(source, codec.FlagBase|codec.FlagLargeTagCount); err != nil {
		b.Fatal(err)
	}
	for _, form := range forms {
		b.Run("msg=SharedFiles/form="+form.name+"/impl=append", func(b *testing.B) {
			target := body(b, m, form.flags)
			b.SetBytes(int64(len(target)))
			b.ReportAllocs()
			for b.Loop() {
				var err error
				if target, err = m.AppendBody(target[:0], form.flags); err != nil {
					b.Fatal(err)
				}
			}
			reportPerFile(b)
		})
	}
}

func reportPerFile(b *testing.B) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/manyFiles, "ns/file")
}
