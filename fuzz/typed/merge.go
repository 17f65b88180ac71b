package typed

import (
	"errors"
	"fmt"

	"github.com/ecgen/ecgen/codec"
)

// Merge reads body a into a message of m's type and merges body b into it.
// Merging a message into itself, one without tags, or another one twice, must
// change nothing; merging two updates must equal the one after the other; and reading b must
// forget all of it. It returns what does not hold.
func Merge(m Message, a, b []byte, flags codec.Flags, limits codec.Limits) error {
	first := New(m)
	if first.DecodeBody(a, flags, 0, limits) != nil {
		return nil
	}
	before, err := write(first)
	if err != nil {
		return err
	}
	used := New(m)
	if err := used.DecodeBody(a, flags, 0, limits); err != nil {
		return fmt.Errorf("it is refused the second time: %w", err)
	}
	for _, update := range []struct {
		name string
		body []byte
		mode codec.Mode
	}{{"itself", a, codec.Merge}, {"itself, which it aliases,", a, codec.Merge | codec.Share}, {"nothing", nothing(m, flags), codec.Merge}} {
		if err := used.DecodeBody(update.body, flags, update.mode, limits); err != nil {
			return fmt.Errorf("merging %s: %w", update.name, err)
		}
		if err := before.same("with "+update.name+" merged into it", used); err != nil {
			return err
		}
	}

	second := New(m)
	secondErr := second.DecodeBody(b, flags, 0, limits)
	mergeErr := used.DecodeBody(b, flags, codec.Merge, limits)
	if err := SameClass("reading and merging", secondErr, mergeErr); err != nil {
		return err
	}
	if secondErr != nil || mergeErr != nil {
		_, err := write(used) // what is left of it can be written
		return err
	}
	return errors.Join(
		twice(used, b, flags, limits),
		oneAfterTheOther(first, second, used),
		forgets(used, second, a, b, flags, limits),
	)
}

// twice merges b into a message that it was merged into.
func twice(merged Message, b []byte, flags codec.Flags, limits codec.Limits) error {
	once, err := write(merged)
	if err != nil {
		return err
	}
	if err := merged.DecodeBody(b, flags, codec.Merge, limits); err != nil {
		if IsLimit(err) {
			return nil
		}
		return fmt.Errorf("merging again: %w", err)
	}
	return once.same("merged twice", merged)
}

// oneAfterTheOther compares ways to merge: both is what becomes of first with
// second merged into it. Second, first, second must be the same as second,
// and then both at once.
func oneAfterTheOther(first, second, both Message) error {
	var updates [3]form
	for i, m := range []Message{first, second, both} {
		update, err := write(m)
		if err != nil {
			return err
		}
		updates[i] = update
	}
	steps, once := New(first), New(first)
	for _, order := range []struct {
		into    Message
		updates []form
	}{{steps, []form{updates[1], updates[0], updates[1]}}, {once, []form{updates[1], updates[2]}}} {
		for _, update := range order.updates {
			if err := order.into.DecodeBody(update, Plain, codec.Merge, codec.DefaultLimits()); err != nil {
				return fmt.Errorf("what was written is refused: %w", err)
			}
		}
	}
	var p codec.Packet
	want, err := write(once)
	if err == nil {
		err = p.UnmarshalBody(want, Plain)
	}
	got, gotErr := write(steps)
	if err != nil || gotErr != nil {
		return errors.Join(err, gotErr)
	}
	if err := got.sameTree(&p, steps); err != nil {
		return fmt.Errorf("with the updates\n%v\nand\n%v\nmerged one after the other and both at once, %w", updates[0], updates[1], err)
	}
	return nil
}

// forgets reads b into messages that held something else: the one that both
// were merged into, and others that held a.
func forgets(merged, fresh Message, a, b []byte, flags codec.Flags, limits codec.Limits) error {
	want, err := write(fresh)
	if err != nil {
		return err
	}
	copied, shared := New(fresh), New(fresh)
	for _, use := range []struct {
		m             Message
		before, after codec.Mode
	}{{merged, codec.Merge, 0}, {copied, 0, 0}, {shared, codec.Share, codec.Share}, {shared, codec.Share, 0}, {copied, 0, codec.Share}} {
		for _, read := range []struct {
			body []byte
			mode codec.Mode
		}{{a, use.before}, {b, use.after}} {
			if err := use.m.DecodeBody(read.body, flags, read.mode, limits); err != nil && !IsLimit(err) {
				return fmt.Errorf("a used message refuses it: %w", err)
			}
		}
		if err := want.same("read into a used message", use.m); err != nil {
			return err
		}
	}
	return nil
}
