package targets

import (
	"slices"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/fuzz/mutate"
	"github.com/ecgen/ecgen/fuzz/typed"
	"github.com/ecgen/ecgen/generated/ec"
)

// messages returns one target for each generated message.
func messages() (list []Target) {
	for _, from := range []codec.Direction{codec.FromClient, codec.FromDaemon} {
		for _, op := range mutate.Opcodes[from] {
			m := ec.New(from, op)
			name := "Message" + ec.Protocol.Message(from, op).Name
			if slices.ContainsFunc(list, func(t Target) bool { return t.Name == name }) {
				continue // which both sides write
			}
			list = append(list, Target{
				Name: name, Form: loose.Tags, Folder: "generated/ec",
				Doc: "What Typed says holds for this message, and so does what Merge says of it and itself. The input is " +
					"one byte of flags, and a body without its opcode.",
				Run: func(data []byte) error { return typed.Tags(m, data) },
			})
		}
	}
	return list
}
