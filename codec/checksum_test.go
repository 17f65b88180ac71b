package codec

import (
	"bytes"
	"hash/adler32"
	"math/rand/v2"
	"testing"
)

func TestChecksumsAreThoseOfTheStandardLibrary(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 3<<20)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	for _, bytes := range [][]byte{noise, bytes.Repeat([]byte{0xFF}, 3<<20), make([]byte, 1000)} {
		for size := range 500 {
			checkChecksum(t, bytes[:size], size/3)
		}
		for range 200 {
			size := random.IntN(len(bytes))
			checkChecksum(t, bytes[:size], random.IntN(size+1))
		}
		checkChecksum(t, bytes, 0)
	}
}

// checkChecksum adds bytes in two parts.
func checkChecksum(t *testing.T, p []byte, first int) {
	t.Helper()
	s := newChecksum()
	s.add(p[:first])
	s.add(p[first:])
	if got, want := s.sum(), adler32.Checksum(p); got != want {
		t.Fatalf("checksum of %d bytes, the first %d before the others: %#x, want %#x", len(p), first, got, want)
	}
}

func BenchmarkChecksum(b *testing.B) {
	p := bytes.Repeat([]byte("an inflated body\x00"), 2000)
	b.Run("impl=codec", func(b *testing.B) {
		b.SetBytes(int64(len(p)))
		for b.Loop() {
			s := newChecksum()
			s.add(p)
		}
	})
	b.Run("impl=std", func(b *testing.B) {
		b.SetBytes(int64(len(p)))
		for b.Loop() {
			adler32.Checksum(p)
		}
	})
}
