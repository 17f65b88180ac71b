package codec

import (
	"errors"
	"math"
	"math/bits"
	"strconv"
)

// Limits bounds what reading one packet may cost. It is immutable and may be
// used by several goroutines at once. The zero value is [DefaultLimits].
type Limits struct {
	budgets Budgets
}

// Budgets are the figures of a [Limits]. A field of zero stands for the
// default.
type Budgets struct {
	// Body is the largest body as transmitted, in bytes: 256 MiB, which is
	// what aMule 3.0 accepts after login (2.3.3: 16 MiB).
	Body int

	// Inflated is the largest body after inflating, in bytes: 512 MiB.
	// aMule has no such limit.
	Inflated int

	// Ratio is how many times larger than the deflated bytes read so far the
	// inflated body may be, once it exceeds 8 MiB: 100. Real bodies shrink 3
	// to 50 times; small ones, such as an idle daemon's graphs, far more.
	Ratio int

	// Depth is how deep tags may be nested: 256. Real packets reach 8.
	Depth int

	// Tags is how many tags a packet may have: 64 Mi. A million shared files
	// have about 25 Mi.
	Tags int

	// Allocation is how many bytes reading a packet may allocate, before
	// AllocationFactor times the size of its inflated body is added: 16 MiB.
	// Of a body that shrank more than 50 times, 50 times what was transmitted
	// counts.
	Allocation int

	// AllocationFactor is 64. An untyped tag of three bytes, the shortest
	// there is, takes 56 bytes of memory; a shared file that did not change
	// takes 9 bytes of a body, but some 300 bytes of memory.
	AllocationFactor int
}

var defaultBudgets = Budgets{
	Body:             256 << 20,
	Inflated:         512 << 20,
	Ratio:            100,
	Depth:            256,
	Tags:             64 << 20,
	Allocation:       16 << 20,
	AllocationFactor: 64,
}

// DefaultLimits are right for a connection after login, and for a client
// that trusts the daemon it dialled.
func DefaultLimits() Limits { return Limits{defaultBudgets} }

// LoginLimits are right for a server before login: a body has at most 2,048
// bytes, as in aMule, and little of anything else.
func LoginLimits() Limits {
	return Limits{Budgets{
		Body:             2048,
		Inflated:         64 << 10,
		Ratio:            defaultBudgets.Ratio,
		Depth:            16,
		Tags:             2048,
		Allocation:       256 << 10,
		AllocationFactor: defaultBudgets.AllocationFactor,
	}}
}

// maxDepth keeps recursion far from the end of a goroutine's stack.
const maxDepth = 100_000

// NewLimits returns the limits with these budgets. It fails when a budget is
// negative or Depth is over 100,000.
func NewLimits(b Budgets) (Limits, error) {
	for _, field := range []struct {
		name     string
		value    *int
		standard int
		most     int
	}{
		{"Body", &b.Body, defaultBudgets.Body, maxInt},
		{"Inflated", &b.Inflated, defaultBudgets.Inflated, maxInt},
		{"Ratio", &b.Ratio, defaultBudgets.Ratio, maxInt},
		{"Depth", &b.Depth, defaultBudgets.Depth, maxDepth},
		{"Tags", &b.Tags, defaultBudgets.Tags, maxInt},
		{"Allocation", &b.Allocation, defaultBudgets.Allocation, maxInt},
		{"AllocationFactor", &b.AllocationFactor, defaultBudgets.AllocationFactor, maxInt},
	} {
		if *field.value < 0 || *field.value > field.most {
			return Limits{}, errors.New("codec: budget " + field.name + " is " + strconv.Itoa(*field.value) +
				", want 0 to " + strconv.Itoa(field.most))
		}
		if *field.value == 0 {
			*field.value = field.standard
		}
	}
	return Limits{b}, nil
}

const maxInt = int(^uint(0) >> 1)

// Budgets returns the figures, with no zero among them.
func (l Limits) Budgets() Budgets {
	if l.budgets.Body == 0 {
		return defaultBudgets
	}
	return l.budgets
}

// usualRatio is how many times larger than as transmitted real bodies become.
const usualRatio = 50

// allowance returns how many bytes reading a body may allocate that had these
// sizes as transmitted and after inflating.
func (b Budgets) allowance(transmitted, inflated int) int64 {
	size := min(int64(inflated), usualRatio*int64(transmitted))
	high, low := bits.Mul64(uint64(b.AllocationFactor), uint64(size))
	sum, carry := bits.Add64(low, uint64(b.Allocation), 0)
	if high != 0 || carry != 0 || sum > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(sum)
}
