package typed

import (
	"errors"
	"slices"

	"github.com/ecgen/ecgen/codec"
)

// limits keep single inputs cheap, so that many can be tried.
var limits = func() codec.Limits {
	limits, err := codec.NewLimits(codec.Budgets{Body: 1 << 20, Tags: 1 << 16, Allocation: 8 << 20})
	if err != nil {
		panic(err)
	}
	return limits
}()

// Tags is [Read] for a fuzz test of one message, [Merge] with an update that is
// empty, and [Partly]. The input is one byte of flags, and a body without its
// opcode. Bodies are never deflated.
func Tags(m Message, data []byte) error {
	if len(data) == 0 {
		return nil
	}
	flags := codec.Flags(data[0]) &^ codec.FlagZlib
	body := slices.Clip(append(opcode(m.Opcode(), flags), data[1:]...)) // reading on behind it panics
	return errors.Join(Read(m, body, flags, limits), Merge(m, body, nothing(m, flags), flags, limits), Partly(m, body, flags))
}

// Input returns the input for [Tags] that stands for a body.
func Input(flags codec.Flags, body []byte) []byte {
	if flags&codec.FlagUTF8Numbers != 0 && body[0] >= 0x80 {
		body = body[1:]
	}
	return append([]byte{byte(flags)}, body[1:]...)
}

// nothing returns a body without tags.
func nothing(m Message, flags codec.Flags) []byte {
	body := opcode(m.Opcode(), flags)
	if flags&codec.FlagUTF8Numbers != 0 {
		return append(body, 0)
	}
	return append(body, 0, 0)
}

// opcode returns the bytes of an opcode, in the form of the flags.
func opcode(op codec.Opcode, flags codec.Flags) []byte {
	if flags&codec.FlagUTF8Numbers != 0 && op >= 0x80 {
		return []byte{0xC0 | byte(op>>6), 0x80 | byte(op&0x3F)}
	}
	return []byte{byte(op)}
}
