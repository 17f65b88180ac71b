package targets

import (
	"fmt"
	"runtime"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/generated/ec"
)

// Steps measures how the time that a packet takes grows.
var Steps = Target{
	Name: "Steps", Form: loose.Body, Folder: "fuzz",
	Doc: "A packet whose top-level tags stand there 16 times as often takes about 16 times as long, to read, merge " +
		"and write, not the square of it. The input is one byte of flags and a body. What is slow by itself is found " +
		"by whoever runs the targets.",
	Run: func(data []byte) error {
		in := loose.Read(loose.Body, data)
		if len(in.Packets) == 0 || len(in.Packets[0].Tags) == 0 {
			return nil
		}
		tags := in.Packets[0].Tags
		few, many := repeated(in, tags, fewTags), repeated(in, tags, growth*fewTags)
		flags, body := split(many)
		var p codec.Packet
		if p.Decode(body, flags, codec.Share, budgets) != nil {
			return nil
		}
		return eachMessage(body, flags, func(from codec.Direction, m ec.Message) error {
			for try := 0; ; try++ {
				a, b := work(m, few), work(m, many)
				if b < enough || b < mostGrowth*a {
					return nil
				}
				if try == 4 {
					return fmt.Errorf("%T of %d bytes takes %v, of %d bytes %v", m, len(few), a, len(many), b)
				}
			}
		})
	},
}

const (
	fewTags    = 256
	growth     = 16
	mostGrowth = 80                   // of the time: caches make more of the memory slower, the square would be 256
	enough     = 4 * time.Millisecond // to be measured
)

// repeated returns the input with about n tags, which are those of before
// again and again.
func repeated(in loose.Input, tags []loose.Tag, n int) []byte {
	p := in.Packets[0]
	p.Tags = nil
	for range (n + len(tags) - 1) / len(tags) {
		p.Tags = append(p.Tags, tags...)
	}
	in.Packets = []loose.Packet{p}
	return in.Append(nil)
}

// work returns the time it takes to read, merge and write a message.
func work(m ec.Message, data []byte) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	flags, body := split(data)
	begin := threadTime()
	m.DecodeBody(body, flags, 0, budgets)
	m.DecodeBody(body, flags, codec.Merge, budgets)
	m.AppendBody(nil, flags)
	return threadTime() - begin
}
