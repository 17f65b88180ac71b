package codec

import (
	"bytes"
	"testing"
	"unsafe"
)

// TestCopyPieces copies texts of every length that is copied in pieces, and
// looks at what stands around them.
func TestCopyPieces(t *testing.T) {
	text := make([]byte, mostInPieces)
	for i := range text {
		text[i] = byte(i + 1)
	}
	for n := leastInPieces; n <= mostInPieces; n++ {
		got := bytes.Repeat([]byte{0xee}, n+40)
		want := bytes.Clone(got)
		copy(want[20:], text[:n])
		copyPieces(unsafe.Pointer(&got[20]), unsafe.Pointer(&text[0]), n)
		if !bytes.Equal(got, want) {
			t.Errorf("%d bytes: got % x, want % x", n, got, want)
		}
	}
}
