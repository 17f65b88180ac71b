package targets

import (
	"fmt"
	"slices"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/view"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/fuzz/typed"
	"github.com/ecgen/ecgen/generated/ec"
)

// Typed reads and writes generated messages.
var Typed = Target{
	Name: "Typed", Form: loose.Body, Folder: "fuzz",
	Doc: "A typed message accepts what an untyped packet accepts, and is written as the same tree, with integers in " +
		"the narrowest type and siblings of different names in any order; sharing equals copying, one that was used " +
		"equals a new one, and nothing is lost as JSON. The input is one byte of flags and a body.",
	Run: func(data []byte) error {
		flags, body := split(data)
		return eachMessage(body, flags, func(from codec.Direction, m ec.Message) error {
			if err := typed.Read(m, body, flags, budgets); err != nil {
				return err
			}
			var p codec.Packet
			if p.Decode(body, flags, 0, budgets) != nil {
				return nil
			}
			return throughJSON(&view.Message{From: from, Flags: typed.Plain, Packet: p})
		})
	},
}

var viewer = view.New(ec.Protocol)

// throughJSON writes an untyped packet as JSON of both forms and reads it
// again.
func throughJSON(m *view.Message) error {
	for name, text := range map[string][]byte{"typed": viewer.AppendJSON(nil, m), "raw": view.AppendRaw(nil, m)} {
		got, err := viewer.ParseJSON(text)
		if err != nil {
			return fmt.Errorf("%s JSON of the packet is refused: %w\n%s", name, err, text)
		}
		if a, b := typed.Normal(&got.Packet), typed.Normal(&m.Packet); !a.Equal(b) {
			return fmt.Errorf("%s JSON\n%s\nis read as\n%v\nwant\n%v", name, text, a, b)
		}
	}
	return nil
}

// Merge merges messages.
var Merge = Target{
	Name: "Merge", Form: loose.Pair, Folder: "fuzz",
	Doc: "Merging a message into itself changes nothing, nor does merging another one a second time; merging two " +
		"updates equals the one after the other; reading a second body forgets the first; and an untyped packet gets the " +
		"tags of both. The input is one byte of " +
		"flags, two bytes with the length of the first body, and two bodies.",
	Run: func(data []byte) error {
		flags, bodies := split(data)
		a, b := pair(bodies)
		if err := mergesUntyped(a, b, flags); err != nil {
			return err
		}
		return eachMessage(a, flags, func(_ codec.Direction, m ec.Message) error {
			return typed.Merge(m, a, b, flags, budgets)
		})
	},
}

// mergesUntyped merges body b into the untyped packet of a.
func mergesUntyped(a, b []byte, flags codec.Flags) error {
	var p, second codec.Packet
	if p.Decode(a, flags, 0, budgets) != nil {
		return nil
	}
	want := codec.Packet{Opcode: p.Opcode, Tags: slices.Clone(p.Tags)}
	secondErr := second.Decode(b, flags, 0, budgets)
	err := p.Decode(b, flags, codec.Merge, budgets)
	op, opErr := codec.Frame{Flags: flags, Body: b}.Opcode()
	switch {
	case opErr == nil && op != p.Opcode:
		if err == nil {
			return fmt.Errorf("a packet of opcode %#x takes one of opcode %#x", p.Opcode, op)
		}
	case !sameError(secondErr, err):
		return fmt.Errorf("reading says %v, merging without types %v", secondErr, err)
	default:
		want.Tags = append(want.Tags, second.Tags...)
	}
	if !p.Equal(&want) {
		return fmt.Errorf("merged without types it is\n%v\nwant\n%v", &p, &want)
	}
	return nil
}

// eachMessage calls run with a message for the body's opcode in each direction
// in which there is one.
func eachMessage(body []byte, flags codec.Flags, run func(from codec.Direction, m ec.Message) error) error {
	op, err := codec.Frame{Flags: flags, Body: body}.Opcode()
	if err != nil {
		return nil
	}
	for _, from := range []codec.Direction{codec.FromClient, codec.FromDaemon} {
		if m := ec.New(from, op); m != nil {
			if err := run(from, m); err != nil {
				return fmt.Errorf("%T from the %v: %w", m, from, err)
			}
		}
	}
	return nil
}
