package fuzz

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/fuzz/mutate"
	"github.com/ecgen/ecgen/fuzz/reduce"
	"github.com/ecgen/ecgen/fuzz/targets"
	"github.com/ecgen/ecgen/generated/ec"
)

// Bytes that fuzzing makes up are seldom packets of the protocol. These are:
// with tags in their places, misplaced, doubled, of odd types and unknown.
func TestTargetsHoldForPackets(t *testing.T) {
	rounds := 3
	if testing.Short() {
		t.Log("one packet of each message only, because of -short")
		rounds = 1
	}
	for _, from := range []codec.Direction{codec.FromClient, codec.FromDaemon} {
		for op := range ec.Protocol.Messages[from] {
			t.Run(fmt.Sprint(from, "/", ec.Protocol.Opcodes[op].Protocol), func(t *testing.T) {
				random := rand.New(rand.NewPCG(uint64(from), uint64(op)))
				for range rounds {
					in := loose.Input{Packets: []loose.Packet{mutate.GrowMessage(random, from, op), mutate.GrowMessage(random, from, op)}}
					for _, target := range targets.All {
						if target.Name == targets.Steps.Name {
							continue // which is slow
						}
						if in.Form = target.Form; in.Form == loose.Pair {
							requireHolds(t, target, in.Append(nil))
						} else if in.Form == loose.Body {
							one := loose.Input{Form: in.Form, Packets: in.Packets[:1]}
							requireHolds(t, target, one.Append(nil))
						}
					}
				}
			})
		}
	}
}

// requireHolds runs the target, and shows the smallest input on which it
// fails.
func requireHolds(t *testing.T, target targets.Target, data []byte) {
	t.Helper()
	fails := func(data []byte) bool { return target.Run(data) != nil }
	if !fails(data) {
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	data = reduce.Reduce(ctx, target.Form, data, fails)
	t.Fatalf("%s of %x: %v", target.Name, data, target.Run(data))
}
