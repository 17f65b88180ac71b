package targets

import (
	"bytes"
	"fmt"
	"runtime"
	"runtime/metrics"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/generated/ec"
)

// Alloc counts the memory that reading takes.
var Alloc = Target{
	Name: "Alloc", Form: loose.Stream, Folder: "fuzz",
	Doc: "Reading a stream, and each packet of it without types, with types and element by element, allocates at most " +
		"what the limits allow: an allowance and 64 bytes for each byte of the inflated body. The input is the stream.",
	Run: func(data []byte) error {
		for rest := data; ; {
			var frame codec.Frame
			var err error
			var reader *codec.Reader
			if err := allocates("reading a frame", 3*len(rest), func() {
				reader = codec.NewReader(bytes.NewReader(rest), frugal)
				frame, err = reader.Next()
			}); err != nil {
				return err
			}
			if err != nil {
				return nil
			}
			if err := packetAllocates(frame); err != nil {
				return err
			}
			rest = rest[reader.Offset():]
		}
	},
}

// allowance is what a packet may cost before its size counts.
const allowance = 128 << 10

// frugal are limits with little memory, which do not keep a header from
// promising a large body.
var frugal = newLimits(codec.Budgets{
	Body: 16 << 20, Inflated: 16 << 10, Depth: 64, Tags: 1 << 16, Allocation: allowance,
})

func packetAllocates(frame codec.Frame) error {
	size := len(frame.Body)
	if frame.Flags&codec.FlagZlib != 0 {
		size = frugal.Budgets().Inflated // no more than that
	}
	var p codec.Packet
	var err error
	if err := allocates("an untyped packet", size, func() {
		p = codec.Packet{}
		err = p.Decode(frame.Body, frame.Flags, 0, frugal)
	}); err != nil {
		return err
	}
	if err == nil {
		var body []byte
		if err := allocates("writing an untyped packet", size, func() { body, _ = p.AppendBody(nil, frame.Flags) }); err != nil {
			return fmt.Errorf("%w, which are %d bytes", err, len(body))
		}
	}
	if err := allocates("walking", size, func() {
		for range codec.Elements(frame.Body, frame.Flags, frugal) {
		}
	}); err != nil {
		return err
	}
	return eachMessage(frame.Body, frame.Flags, func(from codec.Direction, m ec.Message) error {
		for _, modes := range [][]codec.Mode{{0}, {codec.Share}, {0, codec.Merge}} {
			if err := allocates("a typed message", len(modes)*size, func() {
				m = ec.New(from, m.Opcode())
				for _, mode := range modes {
					m.DecodeBody(frame.Body, frame.Flags, mode, frugal)
				}
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// allocates returns an error when run, which reads size bytes, allocates more
// than the limits say. Others may allocate meanwhile, so what is too much is
// so several times, each with empty pools: run must do the same each time, and
// begin with nothing.
func allocates(what string, size int, run func()) error {
	const (
		tries = 5
		slack = 1 << 20 // errors, copied texts, what others allocate, and above all a deflater
	)
	most := uint64(slack + allowance + (2+frugal.Budgets().AllocationFactor)*size)
	before := roughly()
	if run(); roughly()-before <= most {
		return nil
	}
	least := ^uint64(0)
	for range tries {
		runtime.GC()
		runtime.GC() // pools keep what they have for one more
		before := exactly()
		run()
		least = min(least, exactly()-before)
	}
	if least > most {
		return fmt.Errorf("%s of %d bytes allocates %d bytes, want at most %d", what, size, least, most)
	}
	return nil
}

// roughly returns how many bytes were allocated since the program began. It is
// quick, but sees small objects only when memory is fetched for many of them.
func roughly() uint64 {
	sample := [1]metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample[:])
	return sample[0].Value.Uint64()
}

// exactly is roughly, but exact and slow.
func exactly() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.TotalAlloc
}
