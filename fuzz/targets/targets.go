// Package targets has the properties that fuzzing looks for exceptions from.
// Each is a function of bytes, which knows nothing of who calls it: a native
// fuzz test, a campaign, or somebody with one input.
package targets

import (
	"errors"
	"fmt"

	"github.com/ecgen/ecgen/codec"
)

// Target is one property.
type Target struct {
	Name string
	Doc  string // what holds for all inputs, and how an input is read

	// Run returns nil when the property holds for data. A panic is an
	// exception like any other.
	Run func(data []byte) error
}

// All are all targets.
var All = []Target{Header, Number, Body, Packet, Zlib, Prefix, Chunked, Typed, Merge}

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

// split takes the flags from the front of data, which are its first byte.
func split(data []byte) (flags codec.Flags, body []byte) {
	if len(data) == 0 {
		return codec.FlagBase, nil
	}
	return codec.Flags(data[0]), data[1:]
}

// pair takes two bodies from data: the length of the first stands before it
// in two bytes.
func pair(data []byte) (a, b []byte) {
	if len(data) < 2 {
		return nil, nil
	}
	n := min(int(data[0])<<8|int(data[1]), len(data)-2)
	return data[2 : 2+n], data[2+n:]
}

// isLimit reports whether err says that a budget is used up.
func isLimit(err error) bool {
	for _, limit := range []error{
		codec.ErrBodyTooLarge, codec.ErrInflatedTooBig, codec.ErrTooDeep, codec.ErrTooManyTags, codec.ErrTooMuchMemory,
	} {
		if errors.Is(err, limit) {
			return true
		}
	}
	return false
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

// sameClass returns an error unless both errors, which may be nil, wrap the
// same sentinel. Readers may reach a limit in different places.
func sameClass(what string, a, b error) error {
	if errors.Unwrap(a) == errors.Unwrap(b) || isLimit(a) || isLimit(b) {
		return nil
	}
	return fmt.Errorf("%s: %v and %v", what, a, b)
}
