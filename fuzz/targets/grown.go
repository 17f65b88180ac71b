package targets

import (
	"fmt"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/fuzz/mutate"
)

// Grown reads and writes packets of the protocol.
var Grown = Target{
	Name: "Grown", Form: loose.Bytes, Folder: "fuzz",
	Doc: "What holds for bodies, typed messages and merging holds for packets of the protocol: with tags in their " +
		"places, misplaced, doubled, of odd types and unknown. The input is the choices by which two packets of one " +
		"message grow.",
	Run: func(data []byte) error {
		one, two := grow(data)
		for _, run := range []struct {
			target Target
			data   []byte
		}{{Body, one}, {Diff, one}, {Typed, one}, {Merge, two}} {
			if err := run.target.Run(run.data); err != nil {
				return fmt.Errorf("%s of %x: %w", run.target.Name, run.data, err)
			}
		}
		return nil
	},
}

// grow returns inputs with one and with two packets of a message.
func grow(data []byte) (one, two []byte) {
	choices := mutate.NewChoices(data)
	from := codec.Direction(choices.IntN(2))
	op := mutate.Opcodes[from][choices.IntN(len(mutate.Opcodes[from]))]
	packets := []loose.Packet{mutate.GrowMessage(choices, from, op), mutate.GrowMessage(choices, from, op)}
	body := loose.Input{Form: loose.Body, Packets: packets[:1]}
	pair := loose.Input{Form: loose.Pair, Packets: packets}
	return body.Append(nil), pair.Append(nil)
}
