package fuzz

import (
	"bytes"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/corpus"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/fuzz/mutate"
	"github.com/ecgen/ecgen/fuzz/targets"
	"github.com/ecgen/ecgen/generated/ec"
)

var update = flag.Bool("update", false, "write the seeds that are made from the protocol")

// The seeds that are made from the protocol are committed, so that campaigns
// begin with each tag of each message, as it is meant to be and otherwise.
func TestSeedsOfTheProtocolAreCommitted(t *testing.T) {
	for name, want := range protocolSeeds() {
		target, ok := targets.Find(name)
		if !ok {
			t.Fatalf("there is no target %s", name)
		}
		dir := filepath.Join("..", target.Folder, "testdata", "fuzz", "Fuzz"+name)
		if *update {
			if err := corpus.WriteFolder(dir, corpus.Native, want); err != nil {
				t.Fatal(err)
			}
		}
		committed, _, err := corpus.ReadFolder(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, seed := range want {
			if !slices.ContainsFunc(committed, func(c corpus.Input) bool { return bytes.Equal(c.Data, seed.Data) }) {
				t.Errorf("%s lacks the seed %s; go test ./fuzz -run Seeds -update writes it", name, seed.Name)
			}
		}
	}
}

// protocolSeeds returns them by target.
func protocolSeeds() map[string][]corpus.Input {
	seeds := map[string][]corpus.Input{}
	add := func(target, name string, form loose.Form, packets ...loose.Packet) {
		const most = 1200 // of a target for which all messages have seeds
		in := loose.Input{Form: form, Packets: packets}
		if data := in.Append(nil); form == loose.Tags || len(data) <= most {
			seeds[target] = append(seeds[target], corpus.Input{Name: name, Data: data})
		}
	}
	for _, from := range []codec.Direction{codec.FromClient, codec.FromDaemon} {
		for _, op := range mutate.Opcodes[from] {
			message := ec.Protocol.Message(from, op).Name
			target := "Message" + message
			if seeds[target] != nil || len(ec.Protocol.Message(from, op).Fields) == 0 {
				continue
			}
			every := mutate.Every(from, op, 0)
			add(target, "every-tag", loose.Tags, every)
			add(target, "every-tag-odd", loose.Tags, mutate.EveryOdd(from, op))
			add(target, "every-tag-twice", loose.Tags, mutate.EveryTwice(from, op))
			add(target, "every-tag-empty", loose.Tags, mutate.EveryEmpty(from, op))
			add("Print", "every-tag-"+message, loose.Body, every)
			add("Merge", "every-tag-"+message, loose.Pair, every, mutate.Every(from, op, 1))
			if bare := mutate.EveryBare(from, op); len(bare.Tags) > 0 {
				add("Merge", "bare-"+message, loose.Pair, every, bare)
			}
		}
	}
	request := slices.Index(mutate.Opcodes[codec.FromClient], ec.OpAuthReq) // which has texts
	for manner := range targets.LongTexts {
		seeds["Struct"] = append(seeds["Struct"], corpus.Input{Name: fmt.Sprint("long-text-", manner), Data: []byte{byte(codec.FromClient), byte(request), manner}})
	}
	for i, kind := range targets.Objects {
		shape := &ec.Protocol.Shapes[slices.IndexFunc(ec.Protocol.Shapes, func(s codec.Shape) bool { return s.Name == kind.Name() })]
		add("Element", kind.Name(), loose.Body, mutate.EveryElement(shape, byte(i)))
	}
	return seeds
}
