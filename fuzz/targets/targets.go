// Package targets has the properties that fuzzing looks for exceptions from.
// Each is a function of bytes, which knows nothing of who calls it: a native
// fuzz test, a campaign, or somebody with one input.
package targets

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/fuzz/mutate"
)

// Target is one property.
type Target struct {
	Name string     // its native fuzz test is Fuzz and this
	Doc  string     // what holds for all inputs, and how an input is read
	Form loose.Form // how an input is read, for who changes it

	// Folder has the native fuzz test, and the seeds in testdata/fuzz: "fuzz"
	// or "generated/ec".
	Folder string

	// Run returns nil when the property holds for data. A panic is an
	// exception like any other.
	Run func(data []byte) error
}

// Mutate returns an input of at most maxSize bytes that differs from data in
// a few places; the same seed makes the same input.
func (t Target) Mutate(data []byte, maxSize int, seed uint64) []byte {
	return mutate.Mutate(t.Form, data, maxSize, seed)
}

// Find returns the target of this name.
func Find(name string) (t Target, ok bool) {
	i := slices.IndexFunc(All, func(t Target) bool { return t.Name == name })
	if i < 0 {
		return Target{}, false
	}
	return All[i], true
}

// All are all targets: those of the codec, of sessions, of the texts that ecgen
// reads, one for each dialect, and one for each generated message.
var All = slices.Concat([]Target{
	Header, Number, Body, Ways, Packet, Zlib, Diff, Prefix, Chunked, Typed, Merge, Grown, Sentinel, Struct, Alias, Alloc, Steps,
	Element, Print, ClientLogin, ServerLogin, ServerRequests, HeaderText, SpecText,
}, Dialects, messages())

// budgets keep single inputs cheap, so that many can be tried.
var budgets = newLimits(codec.Budgets{
	Body: 1 << 20, Inflated: 1 << 20, Tags: 1 << 16, Allocation: 8 << 20,
})

func newLimits(b codec.Budgets) codec.Limits {
	limits, err := codec.NewLimits(b)
	if err != nil {
		panic(err)
	}
	return limits
}

// split takes the flags from the front of data, which are its first byte. The
// body is always plain: deflated ones are the target Zlib's. It has no more
// memory than it has bytes, so that reading on behind it panics.
func split(data []byte) (flags codec.Flags, body []byte) {
	if len(data) == 0 {
		return codec.FlagBase, nil
	}
	return codec.Flags(data[0]) &^ codec.FlagZlib, data[1:len(data):len(data)]
}

// pair takes two bodies from data: the length of the first stands before it
// in two bytes.
func pair(data []byte) (a, b []byte) {
	if len(data) < 2 {
		return nil, nil
	}
	n := min(int(data[0])<<8|int(data[1]), len(data)-2)
	return data[2 : 2+n : 2+n], data[2+n:]
}

// describe returns an error for an error that is not as it must be.
func describe(err error) error {
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*codec.Error](err)
	if !ok {
		return fmt.Errorf("%v is no codec.Error", err)
	}
	if e.Err == nil || e.Offset < 0 || e.Error() == "" {
		return fmt.Errorf("the error is incomplete: %+v", e)
	}
	return nil
}

// first returns the first of errs that is not nil.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
