package deflate

import "math/bits"

// symbolsInBlock is how many literals and matches end a block.
const symbolsInBlock = 16383

// symbol is a literal, with distance 0, or a match.
type symbol struct {
	distance uint16
	value    uint8 // the literal, or the length less minMatch
}

// blockWriter collects symbols, and writes them in the shortest of the three
// forms of a block.
type blockWriter struct {
	bits    bitWriter
	symbols []symbol
	literal tree // literals, the end of the block, and lengths
	dist    tree
	lengths tree // code lengths of the other two
}

const (
	endOfBlock   = 256
	literalCodes = 286
	distCodes    = 30
	lengthCodes  = 19
)

// The kinds of blocks.
const (
	storedBlock  = 0
	staticBlock  = 1
	dynamicBlock = 2
)

// begin forgets the symbols.
func (w *blockWriter) begin() {
	w.symbols = w.symbols[:0]
	w.literal.reset(&literalKind)
	w.dist.reset(&distKind)
	w.lengths.reset(&lengthKind)
	w.literal.frequency[endOfBlock] = 1
}

// addLiteral adds a literal and reports whether the block is full.
func (w *blockWriter) addLiteral(c byte) bool {
	w.literal.frequency[c]++
	return w.add(symbol{value: c})
}

// addMatch adds a match and reports whether the block is full.
func (w *blockWriter) addMatch(length, distance int) bool {
	s := symbol{distance: uint16(distance), value: uint8(length - minMatch)}
	w.literal.frequency[lengthCode[s.value]]++
	w.dist.frequency[distCode(s.distance-1)]++
	return w.add(s)
}

func (w *blockWriter) add(s symbol) bool {
	w.symbols = append(w.symbols, s)
	return len(w.symbols) == symbolsInBlock
}

// flush writes a block, which stands for size bytes. These are stored, unless
// they are not in the window any more.
func (w *blockWriter) flush(stored []byte, size int, last bool) {
	w.literal.build()
	w.dist.build()
	w.lengths.countLengths(&w.literal)
	w.lengths.countLengths(&w.dist)
	w.lengths.build()
	used := lengthCodes
	for used > 4 && w.lengths.length[lengthOrder[used-1]] == 0 {
		used--
	}
	dynamicBits := w.literal.cost + w.dist.cost + w.lengths.cost + 3*used + 5 + 5 + 4
	dynamic := (dynamicBits + 3 + 7) / 8
	static := (w.literal.staticCost + w.dist.staticCost + 3 + 7) / 8
	final := uint32(0)
	if last {
		final = 1
	}
	switch {
	case stored != nil && size+4 <= min(dynamic, static):
		w.bits.write(storedBlock<<1|final, 3)
		w.bits.align()
		w.bits.out = append(w.bits.out, byte(size), byte(size>>8), ^byte(size), ^byte(size>>8))
		w.bits.out = append(w.bits.out, stored...)
	case static <= dynamic:
		w.bits.write(staticBlock<<1|final, 3)
		w.writeSymbols(&literalKind.static, &distKind.static)
	default:
		w.bits.write(dynamicBlock<<1|final, 3)
		w.bits.write(uint32(w.literal.most+1-257), 5)
		w.bits.write(uint32(w.dist.most+1-1), 5)
		w.bits.write(uint32(used-4), 4)
		for _, code := range lengthOrder[:used] {
			w.bits.write(uint32(w.lengths.length[code]), 3)
		}
		w.literal.eachRun(w.writeRun)
		w.dist.eachRun(w.writeRun)
		w.writeSymbols(&w.literal.codes, &w.dist.codes)
	}
	if last {
		w.bits.align()
	}
	w.begin()
}

// writeRun writes code lengths.
func (w *blockWriter) writeRun(code, times int, extra uint32, extraBits int) {
	for range times {
		w.bits.write(uint32(w.lengths.code[code]), int(w.lengths.length[code]))
	}
	w.bits.write(extra, extraBits)
}

func (w *blockWriter) writeSymbols(literal, dist *codes) {
	for _, s := range w.symbols {
		if s.distance == 0 {
			w.bits.writeCode(literal, int(s.value))
			continue
		}
		code := int(lengthCode[s.value])
		w.bits.writeCode(literal, code)
		w.bits.write(uint32(s.value)-uint32(lengthBase[code-endOfBlock-1]), int(lengthExtra[code-endOfBlock-1]))
		code = distCode(s.distance - 1)
		w.bits.writeCode(dist, code)
		w.bits.write(uint32(s.distance-1)-uint32(distBase[code]), int(distExtra[code]))
	}
	w.bits.writeCode(literal, endOfBlock)
}

// bitWriter appends numbers of some bits, least significant first.
type bitWriter struct {
	out   []byte
	held  uint64
	count int
}

func (w *bitWriter) write(v uint32, size int) {
	w.held |= uint64(v) << w.count
	for w.count += size; w.count >= 8; w.count -= 8 {
		w.out = append(w.out, byte(w.held))
		w.held >>= 8
	}
}

func (w *bitWriter) writeCode(c *codes, symbol int) {
	w.write(uint32(c.code[symbol]), int(c.length[symbol]))
}

// align goes to the next whole byte.
func (w *bitWriter) align() { w.write(0, -w.count&7) }

// The codes of lengths and distances, as RFC 1951 has them.
var (
	lengthExtra = [...]uint8{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
	distExtra   = [distCodes]uint8{0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13}
	lengthOrder = [lengthCodes]int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

	lengthBase [len(lengthExtra)]uint8 // less minMatch
	distBase   [distCodes]uint16       // less 1
	lengthCode [256]uint16             // by length less minMatch
)

func init() {
	next := 0
	for i, extra := range lengthExtra {
		lengthBase[i] = uint8(next)
		for range 1 << extra {
			if next < len(lengthCode) {
				lengthCode[next] = uint16(endOfBlock + 1 + i)
			}
			next++
		}
		if i == len(lengthExtra)-2 {
			next = maxMatch - minMatch // which has a code of its own
		}
	}
	next = 0
	for i, extra := range distExtra {
		distBase[i] = uint16(next)
		next += 1 << extra
	}
}

// distCode returns the code of a distance less 1.
func distCode(distance uint16) int {
	if distance < 4 {
		return int(distance)
	}
	top := bits.Len16(distance) - 1
	return 2*top + int(distance>>(top-1)&1)
}
