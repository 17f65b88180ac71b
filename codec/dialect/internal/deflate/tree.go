package deflate

import "math/bits"

// kind is which of the three alphabets a tree is of.
type kind struct {
	symbols int
	longest int // bits of a code
	base    int // the first symbol with extra bits
	extra   []uint8
	static  codes // without any when there are none
}

// codes are Huffman codes, bit-reversed as they are written.
type codes struct {
	code   [literalCodes + 2]uint16
	length [literalCodes + 2]uint8
}

var (
	literalKind = kind{symbols: literalCodes, longest: 15, base: endOfBlock + 1, extra: lengthExtra[:]}
	distKind    = kind{symbols: distCodes, longest: 15, extra: distExtra[:]}
	lengthKind  = kind{symbols: lengthCodes, longest: 7, base: 16, extra: []uint8{2, 3, 7}}
)

func init() {
	static := &literalKind.static
	for i := range static.length {
		switch {
		case i < 144:
			static.length[i] = 8
		case i < 256:
			static.length[i] = 9
		case i < 280:
			static.length[i] = 7
		default:
			static.length[i] = 8
		}
	}
	static.assign(len(static.length))
	for i := range distCodes {
		distKind.static.length[i] = 5
	}
	distKind.static.assign(distCodes)
}

// assign gives codes to the first symbols by their lengths.
func (c *codes) assign(symbols int) {
	var count, next [16]uint16
	for _, length := range c.length[:symbols] {
		count[length]++
	}
	count[0] = 0
	for n := 1; n < len(next); n++ {
		next[n] = (next[n-1] + count[n-1]) << 1
	}
	for i, length := range c.length[:symbols] {
		if length > 0 {
			c.code[i] = bits.Reverse16(next[length]) >> (16 - length)
			next[length]++
		}
	}
}

// tree is a Huffman tree in the making.
type tree struct {
	codes
	kind      *kind
	frequency [2*literalCodes + 1]uint16 // of symbols, and then of inner nodes
	parent    [2*literalCodes + 1]uint16
	depth     [2*literalCodes + 1]uint8
	most      int // the last symbol that is used

	cost       int // bits of all symbols, extra bits included
	staticCost int

	heap  [2*literalCodes + 2]int // from 1 on; in the end the nodes by frequency, from top on
	heaps int                     // size of the heap
	top   int
}

func (t *tree) reset(k *kind) { *t = tree{kind: k} }

// build makes the codes from the frequencies.
func (t *tree) build() {
	t.collect()
	for i := t.heaps / 2; i >= 1; i-- {
		t.sink(i)
	}
	t.top = len(t.heap)
	for node := t.kind.symbols; ; node++ {
		n := t.heap[1]
		t.heap[1] = t.heap[t.heaps]
		t.heaps--
		t.sink(1)
		m := t.heap[1]
		t.top -= 2
		t.heap[t.top+1], t.heap[t.top] = n, m
		t.frequency[node] = t.frequency[n] + t.frequency[m]
		t.depth[node] = max(t.depth[n], t.depth[m]) + 1
		t.parent[n], t.parent[m] = uint16(node), uint16(node)
		t.heap[1] = node
		t.sink(1)
		if t.heaps < 2 {
			break
		}
	}
	t.top--
	t.heap[t.top] = t.heap[1]
	t.measure()
	t.assign(t.most + 1)
}

// collect puts the symbols that are used into the heap: at least two, for
// which others are taken at no cost.
func (t *tree) collect() {
	t.heaps, t.most = 0, -1
	for i := range t.kind.symbols {
		if t.frequency[i] > 0 {
			t.heaps++
			t.heap[t.heaps], t.most = i, i
		}
	}
	for t.heaps < 2 {
		i := 0
		if t.most < 2 {
			t.most++
			i = t.most
		}
		t.heaps++
		t.heap[t.heaps], t.frequency[i] = i, 1
		t.cost--
		t.staticCost -= int(t.kind.static.length[i])
	}
}

// before reports whether node n is taken before m.
func (t *tree) before(n, m int) bool {
	return t.frequency[n] < t.frequency[m] || t.frequency[n] == t.frequency[m] && t.depth[n] <= t.depth[m]
}

// sink lets the node at i of the heap sink to its place.
func (t *tree) sink(i int) {
	node := t.heap[i]
	for child := 2 * i; child <= t.heaps; child *= 2 {
		if child < t.heaps && t.before(t.heap[child+1], t.heap[child]) {
			child++
		}
		if t.before(node, t.heap[child]) {
			break
		}
		t.heap[i] = t.heap[child]
		i = child
	}
	t.heap[i] = node
}

// measure finds the length of each code, none longer than the kind allows, and
// what all symbols cost.
func (t *tree) measure() {
	var count [16]int
	var length [len(t.frequency)]int
	overflow := 0
	for _, n := range t.heap[t.top+1:] {
		if length[n] = length[t.parent[n]] + 1; length[n] > t.kind.longest {
			length[n] = t.kind.longest
			overflow++
		}
		if n <= t.most {
			count[length[n]]++
			t.length[n] = uint8(length[n])
		}
	}
	if overflow > 0 {
		t.shorten(&count, overflow)
	}
	for i, n := range t.frequency[:t.most+1] {
		extra := 0
		if i >= t.kind.base && t.kind.extra != nil {
			extra = int(t.kind.extra[i-t.kind.base])
		}
		t.cost += int(n) * (int(t.length[i]) + extra)
		t.staticCost += int(n) * (int(t.kind.static.length[i]) + extra)
	}
}

// shorten moves leaves up until all codes fit, and gives the lengths to the
// symbols again, the rarest the longest.
func (t *tree) shorten(count *[16]int, overflow int) {
	for ; overflow > 0; overflow -= 2 {
		n := t.kind.longest - 1
		for count[n] == 0 {
			n--
		}
		count[n]--
		count[n+1] += 2
		count[t.kind.longest]--
	}
	at := len(t.heap)
	for n := t.kind.longest; n > 0; n-- {
		for left := count[n]; left > 0; {
			at--
			if symbol := t.heap[at]; symbol <= t.most {
				t.length[symbol] = uint8(n)
				left--
			}
		}
	}
}

// The codes for runs of lengths.
const (
	repeatLast   = 16 // 3 to 6 times, in 2 bits
	repeatZero   = 17 // 3 to 10 times, in 3 bits
	repeatZeroes = 18 // 11 to 138 times, in 7 bits
)

// eachRun calls write for each code of the lengths of t: how often it is
// written, and what stands behind it.
func (t *tree) eachRun(write func(code, times int, extra uint32, extraBits int)) {
	last, count := -1, 0
	most, least := 7, 4
	if t.length[0] == 0 {
		most, least = 138, 3
	}
	for i := 0; i <= t.most; i++ {
		length, next := int(t.length[i]), -1
		if i < t.most {
			next = int(t.length[i+1])
		}
		count++
		if count < most && length == next {
			continue
		}
		switch {
		case count < least:
			write(length, count, 0, 0)
		case length != 0:
			if length != last {
				write(length, 1, 0, 0)
				count--
			}
			write(repeatLast, 1, uint32(count-3), 2)
		case count <= 10:
			write(repeatZero, 1, uint32(count-3), 3)
		default:
			write(repeatZeroes, 1, uint32(count-11), 7)
		}
		last, count = length, 0
		switch next {
		case 0:
			most, least = 138, 3
		case length:
			most, least = 6, 3
		default:
			most, least = 7, 4
		}
	}
}

// countLengths adds the codes for the lengths of another tree.
func (t *tree) countLengths(of *tree) {
	of.eachRun(func(code, times int, _ uint32, _ int) { t.frequency[code] += uint16(times) })
}
