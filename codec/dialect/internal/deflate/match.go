package deflate

import (
	"encoding/binary"
	"hash/adler32"
)

// level is how hard the library looks for matches.
type level struct {
	good  int // from this length of the last match on, only a quarter of the chain is tried
	lazy  int // from this length of the last match on, no better one is looked for
	nice  int // a match of this length is good enough
	chain int // so many candidates are tried
	flag  uint16
}

var levels = map[int]level{
	6: {good: 8, lazy: 16, nice: 128, chain: 128, flag: 2},
	9: {good: 32, lazy: 258, nice: 258, chain: 4096, flag: 3},
}

const (
	minMatch     = 3
	maxMatch     = 258
	windowSize   = 1 << 15
	windowMask   = windowSize - 1
	minLookahead = maxMatch + minMatch + 1
	maxDistance  = windowSize - minLookahead
	tooFar       = 4096 // a match of three bytes is not worth such a distance
	hashSize     = 1 << 15
)

// deflater has what is between the input and the blocks. Positions are those
// of the library's window, which holds 64 KiB and slides by 32; 0 stands for
// no position.
type deflater struct {
	level
	input []byte // what is not in the window yet
	chunk int    // how many bytes of it the program hands over at once
	fed   int    // bytes of the current chunk that are in the window

	window     [2 * windowSize]byte
	head       [hashSize]uint16
	previous   [windowSize]uint16
	start      int // of the string that is looked at
	lookahead  int // bytes behind start
	blockStart int // may be negative after a slide
	match      int // where the longest match began

	blocks blockWriter
}

// Append appends input to dst as one zlib stream of level 6 or 9, as the
// library makes it for a program that hands over chunk bytes at a time.
func Append(dst, input []byte, levelNumber, chunk int) []byte {
	d := &deflater{level: levels[levelNumber], input: input, chunk: chunk}
	header := uint16(0x7800) | d.flag<<6
	header += 31 - header%31
	d.blocks.bits.out = binary.BigEndian.AppendUint16(dst, header)
	d.blocks.begin()
	d.run()
	return binary.BigEndian.AppendUint32(d.blocks.bits.out, adler32.Checksum(input))
}

// run is the library's lazy evaluation: a match is written only when the next
// byte does not begin a longer one.
func (d *deflater) run() {
	length, pending := minMatch-1, false
	for {
		if d.lookahead < minLookahead {
			if d.fill(); d.lookahead == 0 {
				break
			}
		}
		candidate := 0
		if d.lookahead >= minMatch {
			candidate = d.insert()
		}
		lastLength, lastMatch := length, d.match
		length = minMatch - 1
		if candidate != 0 && lastLength < d.lazy && d.start-candidate <= maxDistance {
			length = d.longest(candidate, lastLength)
			if length == minMatch && d.start-d.match > tooFar {
				length = minMatch - 1
			}
		}
		switch {
		case lastLength >= minMatch && length <= lastLength:
			full := d.blocks.addMatch(lastLength, d.start-1-lastMatch)
			d.skip(lastLength)
			length, pending = minMatch-1, false
			if full {
				d.flush(false)
			}
		case pending:
			if d.blocks.addLiteral(d.window[d.start-1]) {
				d.flush(false)
			}
			d.advance()
		default:
			pending = true
			d.advance()
		}
	}
	if pending {
		d.blocks.addLiteral(d.window[d.start-1])
	}
	d.flush(true)
}

func (d *deflater) advance() {
	d.start++
	d.lookahead--
}

// skip goes behind a match that began one byte before start, and notes the
// strings within it.
func (d *deflater) skip(length int) {
	last := d.start + d.lookahead - minMatch
	for range length - 2 {
		d.advance()
		if d.start <= last {
			d.insert()
		}
	}
	d.advance()
}

// insert notes the string at start, and returns where one with the same hash
// began before.
func (d *deflater) insert() (candidate int) {
	s := d.window[d.start : d.start+minMatch]
	hash := (uint(s[0])<<10 ^ uint(s[1])<<5 ^ uint(s[2])) & (hashSize - 1)
	candidate = int(d.head[hash])
	d.previous[d.start&windowMask] = d.head[hash]
	d.head[hash] = uint16(d.start)
	return candidate
}

// longest follows the chain from candidate for a match that is longer than
// best, and returns the length of the longest, whose place is in d.match.
func (d *deflater) longest(candidate, best int) int {
	tries, nice, limit := d.chain, min(d.nice, d.lookahead), max(0, d.start-maxDistance)
	if best >= d.good {
		tries /= 4
	}
	most := min(maxMatch, d.lookahead)
	scan := d.window[d.start : d.start+most]
	for {
		if length := common(scan, d.window[candidate:]); length > best {
			d.match, best = candidate, length
			if length >= nice {
				break
			}
		}
		candidate = int(d.previous[candidate&windowMask])
		if tries--; candidate <= limit || tries == 0 {
			break
		}
	}
	return min(best, d.lookahead)
}

// common returns how many bytes of a stand at the front of b.
func common(a, b []byte) int {
	for i, c := range a {
		if b[i] != c {
			return i
		}
	}
	return len(a)
}

// fill moves input into the window until there is enough to look ahead, or no
// more.
func (d *deflater) fill() {
	for d.lookahead < minLookahead {
		if d.start >= windowSize+maxDistance {
			d.slide()
		}
		if len(d.input) == 0 {
			return
		}
		if d.fed == d.chunk {
			d.fed = 0
		}
		end := d.start + d.lookahead
		n := min(len(d.window)-end, len(d.input), d.chunk-d.fed)
		copy(d.window[end:], d.input[:n])
		d.input, d.lookahead, d.fed = d.input[n:], d.lookahead+n, d.fed+n
	}
}

// slide forgets the first half of the window.
func (d *deflater) slide() {
	copy(d.window[:windowSize], d.window[windowSize:])
	d.start -= windowSize
	d.match -= windowSize
	d.blockStart -= windowSize
	for _, table := range [][]uint16{d.head[:], d.previous[:]} {
		for i, position := range table {
			table[i] = uint16(max(0, int(position)-windowSize))
		}
	}
}

// flush writes the block that was collected.
func (d *deflater) flush(last bool) {
	var stored []byte
	size := d.start - d.blockStart
	if d.blockStart >= 0 {
		stored = d.window[d.blockStart:d.start]
	}
	d.blocks.flush(stored, size, last)
	d.blockStart = d.start
}
