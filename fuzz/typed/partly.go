package typed

import (
	"errors"
	"fmt"

	"github.com/ecgen/ecgen/codec"
)

// Partly reads a body with little memory, depth and few tags, and what it is
// written as cut off. The first must end with the error of a budget or be read
// as ever, the other be [codec.ErrTruncated]. It returns what does not hold.
func Partly(m Message, body []byte, flags codec.Flags) error {
	whole := New(m)
	if whole.DecodeBody(body, flags, 0, limits) != nil {
		return nil
	}
	want, err := write(whole)
	if err != nil {
		return err
	}
	for _, little := range poor {
		used := New(m)
		if err := used.DecodeBody(body, flags, 0, little); err == nil {
			if err := want.same("with little memory", used); err != nil {
				return err
			}
		} else if !IsLimit(err) {
			return fmt.Errorf("under %+v: %w", little.Budgets(), err)
		} else if err := empty(used); err != nil {
			return err
		}
		if err := used.DecodeBody(body, flags, codec.Merge, little); err != nil && !IsLimit(err) {
			return fmt.Errorf("merged under %+v: %w", little.Budgets(), err)
		}
		if _, err := write(used); err != nil { // or what is left of it
			return err
		}
	}
	again, err := whole.AppendBody(nil, flags)
	if err != nil {
		return err
	}
	read := New(m)
	const cuts = 600
	for cut := 0; cut < len(again); cut += 1 + len(again)/cuts {
		if err := read.DecodeBody(again[:cut], flags, codec.Share, limits); !errors.Is(err, codec.ErrTruncated) {
			return fmt.Errorf("%d of %d bytes: %v, want ErrTruncated", cut, len(again), err)
		}
	}
	return nil
}

// poor are limits with little of something.
var poor = func() (list []codec.Limits) {
	for _, budgets := range []codec.Budgets{
		{Allocation: 1, AllocationFactor: 1}, {Allocation: 100, AllocationFactor: 1}, {Allocation: 500, AllocationFactor: 1},
		{Allocation: 2000, AllocationFactor: 1}, {Allocation: 5000, AllocationFactor: 1}, {Depth: 1}, {Tags: 3},
	} {
		limits, err := codec.NewLimits(budgets)
		if err != nil {
			panic(err)
		}
		list = append(list, limits)
	}
	return list
}()
