package codec

import (
	"math/bits"
	"unsafe"
)

// piece is as much as a processor copies at once.
type piece [pieceSize]byte

const pieceSize = 16

// The lengths of texts that copyPieces copies: names, paths and hashes have
// such. Copying as usual asks the length up to six times before it begins, and
// as lengths differ the processor often guesses wrong.
const (
	leastInPieces = 16
	mostInPieces  = 63
)

// copyPieces copies n bytes, leastInPieces to mostInPieces, in four pieces that
// may overlap.
func copyPieces(to, from unsafe.Pointer, n int) {
	short := (n - 32) >> (bits.UintSize - 1) // all bits for less than 32 bytes, where the second piece ends with the last
	second, third, last := 16+(n-32)&short, (n-32)&^short, n-16
	*(*piece)(to) = *(*piece)(from)
	*(*piece)(unsafe.Add(to, second)) = *(*piece)(unsafe.Add(from, second))
	*(*piece)(unsafe.Add(to, third)) = *(*piece)(unsafe.Add(from, third))
	*(*piece)(unsafe.Add(to, last)) = *(*piece)(unsafe.Add(from, last))
}
