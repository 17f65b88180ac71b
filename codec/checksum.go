package codec

import "encoding/binary"

// checksum is the Adler-32 of what a zlib stream inflates to (RFC 1950): a is one
// and the sum of all bytes, b the sum of what a was after each of them, modulo
// 65,521.
//
// Package hash/adler32 adds a byte at a time, which is a twelfth of the work of
// inflating. Here words of eight bytes are added in lanes of 16 bits, two of them
// in each round of the loop, in less than half of that time.
type checksum struct{ a, b uint64 }

const (
	checksumModulus = 65521
	checksumBlock   = 14 * 8 // bytes, after which no lane is above 2*255*(1+2+...+14), which is 53,550
)

func newChecksum() checksum { return checksum{a: 1} }

func (s *checksum) add(p []byte) {
	const even = 0x00FF00FF00FF00FF // bytes 0, 2, 4 and 6 of a word, each in a lane
	for ; len(p) >= checksumBlock; p = p[checksumBlock:] {
		var evens, odds, sums uint64 // in sums a word counts once for itself and for each one behind it
		for block := p[:checksumBlock]; len(block) >= 16; block = block[16:] {
			word := binary.LittleEndian.Uint64(block)
			evens += word & even
			odds += word >> 8 & even
			sums += evens + odds
			word = binary.LittleEndian.Uint64(block[8:])
			evens += word & even
			odds += word >> 8 & even
			sums += evens + odds
		}
		// In b, byte k of a word counts k times less than its byte 0.
		pairs := evens + odds
		less := 2*(pairs>>16&0xFFFF+2*(pairs>>32&0xFFFF)+3*(pairs>>48)) + lanes(odds)
		s.b = (s.b + checksumBlock*s.a + 8*lanes(sums) - less) % checksumModulus
		s.a += lanes(pairs)
	}
	for _, c := range p {
		s.a += uint64(c)
		s.b += s.a
	}
	s.a %= checksumModulus
	s.b %= checksumModulus
}

// lanes returns the sum of the four lanes of a word.
func lanes(word uint64) uint64 {
	const half = 0x0000FFFF0000FFFF
	word = word&half + word>>16&half
	return word&0xFFFFFFFF + word>>32
}

// sum returns the four bytes that end a zlib stream.
func (s *checksum) sum() uint32 { return uint32(s.b<<16 | s.a) }
