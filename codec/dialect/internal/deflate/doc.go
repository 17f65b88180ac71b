// Package deflate makes the zlib streams that the zlib library makes, byte for
// byte. The old programs all used that library, and no compressor for Go
// chooses matches, blocks and codes exactly as it does; so this one follows
// its method for the two levels that aMule uses: lazy matching over hash
// chains of three bytes in a window of 32 KiB, blocks of 16,383 symbols, and
// Huffman codes with its ways of breaking ties.
//
// It is for streams that must be compared with old ones. Others are written
// faster by github.com/klauspost/compress.
package deflate
