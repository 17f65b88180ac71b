package peers

import (
	"bytes"
	"fmt"
	"reflect"
	"testing"

	"github.com/ecgen/ecgen/bench"
)

// peer is a library in one way of use.
type peer struct {
	name string

	// encode appends the files to dst, which has room for them.
	encode func(dst []byte) ([]byte, error)

	// readsOnly is set when the peer writes as one before it.
	readsOnly bool

	// decode reads what encode wrote.
	decode func(body []byte) error

	// decoded returns the files that decode read last.
	decoded func() []File
}

// families are groups of peers that share a library. A family is given the
// files to write. How a peer reads stands behind its name; one that says
// nothing of it reads into a new value and copies.
var families = []func(files []File) []peer{protobufPeers, msgpPeers, easyprotoPeers, reflectingPeers}

var sizes = []int{100, 10_000, 70_000}

// each runs f as a benchmark of each peer on each number of files, with what
// the peer wrote.
func each(b *testing.B, f func(b *testing.B, p peer, body []byte, w bench.Work)) {
	for _, family := range families {
		for i, p := range family(nil) {
			for _, n := range sizes {
				b.Run(fmt.Sprintf("msg=SharedFiles%d/form=other/impl=%s", n, p.name), func(b *testing.B) {
					files := makeFiles(b, n)
					p := family(files)[i]
					body := check(b, p, files)
					f(b, p, body, bench.Work{Bytes: len(body), Files: n})
				})
			}
		}
	}
}

func makeFiles(tb testing.TB, n int) []File {
	files, err := Files(n)
	if err != nil {
		tb.Fatal(err)
	}
	return files
}

func BenchmarkDecode(b *testing.B) {
	each(b, func(b *testing.B, p peer, body []byte, w bench.Work) {
		bench.Measure(b, w, func() error { return p.decode(body) })
	})
}

func BenchmarkEncode(b *testing.B) {
	each(b, func(b *testing.B, p peer, body []byte, w bench.Work) {
		if p.readsOnly {
			b.Skip("writes as the peer before it")
		}
		bench.Measure(b, w, func() (err error) {
			body, err = p.encode(body[:0])
			return err
		})
	})
}

func TestPeersReadWhatTheyWrote(t *testing.T) {
	files := makeFiles(t, 100)
	for _, family := range families {
		for _, p := range family(files) {
			t.Run(p.name, func(t *testing.T) { check(t, p, files) })
		}
	}
}

// check fails unless the peer writes the files and reads them back, twice: the
// second time into what the first left there. It returns what was written.
func check(tb testing.TB, p peer, files []File) []byte {
	tb.Helper()
	body, err := p.encode(nil)
	if err != nil {
		tb.Fatal(err)
	}
	for range 2 {
		if err := p.decode(bytes.Clone(body)); err != nil {
			tb.Fatal(err)
		}
		if !reflect.DeepEqual(p.decoded(), files) {
			tb.Fatal("what was read is not what was written")
		}
	}
	return body
}
