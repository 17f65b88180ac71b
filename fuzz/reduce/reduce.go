// Package reduce makes inputs on which a target fails smaller: it leaves out
// tags, data, lies and flags, and writes the rest again with lengths and
// counts that fit, which no reducer of plain bytes can.
package reduce

import (
	"bytes"
	"context"
	"slices"

	"github.com/ecgen/ecgen/fuzz/loose"
)

// Reduce returns an input, of the form that data has, on which fails is still
// true and from which nothing can be left out: the smallest that it finds, or
// that it had found when ctx ended. Fails must be true of data, and must not
// keep the bytes that it is given.
func Reduce(ctx context.Context, form loose.Form, data []byte, fails func([]byte) bool) []byte {
	r := &reducer{ctx: ctx, fails: fails, best: bytes.Clone(data)}
	for before := []byte(nil); !bytes.Equal(before, r.best); {
		before = r.best
		r.in = loose.Read(form, bytes.Clone(r.best))
		r.input()
		r.in = loose.Input{Form: loose.Bytes, Tail: bytes.Clone(r.best)}
		shorten(r, &r.in.Tail)
		r.lower(r.in.Tail)
	}
	return r.best
}

// reducer changes in, and keeps what fails as best.
type reducer struct {
	ctx   context.Context
	fails func([]byte) bool
	in    loose.Input
	best  []byte
}

// try reports whether in is simpler than best and fails, and keeps it then.
func (r *reducer) try() bool {
	candidate := r.in.Append(nil)
	if r.ctx.Err() != nil || !simpler(candidate, r.best) || !r.fails(bytes.Clone(candidate)) {
		return false
	}
	r.best = candidate
	return true
}

// simpler reports whether a is shorter than b, or as long with a lower byte
// where they begin to differ.
func simpler(a, b []byte) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return bytes.Compare(a, b) < 0
}

// set changes a part of in, unless it does not fail then.
func set[T any](r *reducer, part *T, value T) bool {
	before := *part
	*part = value
	if r.try() {
		return true
	}
	*part = before
	return false
}

// shorten leaves out of a part as much as it can: halves, quarters, and at
// last each element by itself.
func shorten[T any](r *reducer, part *[]T) {
	for size := len(*part); size > 0; size /= 2 {
		for at := len(*part) - size; at >= 0; at -= size {
			at = min(at, len(*part)-size)
			if at < 0 {
				break
			}
			set(r, part, slices.Concat((*part)[:at], (*part)[at+size:]))
		}
	}
}

// lower makes each byte as low as it can be, of a few values.
func (r *reducer) lower(part []byte) {
	for i := range part {
		for _, value := range []byte{0, 1, part[i] / 2, part[i] - 1} {
			if value < part[i] && set(r, &part[i], value) {
				break
			}
		}
	}
}

// input reduces packets, and what is in them.
func (r *reducer) input() {
	if r.in.Form != loose.Pair && r.in.Form != loose.Body && r.in.Form != loose.Tags {
		shorten(r, &r.in.Packets)
	}
	shorten(r, &r.in.Tail)
	for i := range r.in.Packets {
		p := &r.in.Packets[i]
		for bit := range 32 {
			set(r, &p.Flags, p.Flags&^(1<<bit))
		}
		shorten(r, &p.Tail)
		r.lie(&p.Lie)
		r.list(&p.List)
	}
}

// list reduces a list of tags.
func (r *reducer) list(l *loose.List) {
	shorten(r, &l.Tags)
	r.lie(&l.Lie)
	set(r, &l.Extended, false)
	for i := 0; i < len(l.Tags); i++ {
		r.tag(&l.Tags[i])
		if inner := l.Tags[i].Children.Tags; len(inner) > 0 {
			set(r, &l.Tags, slices.Concat(l.Tags[:i], inner, l.Tags[i+1:]))
		}
	}
}

// tag reduces a tag, and what is in it.
func (r *reducer) tag(t *loose.Tag) {
	r.list(&t.Children)
	shorten(r, &t.Data)
	r.lower(t.Data)
	r.lie(&t.LengthLie)
	set(r, &t.Parent, false)
	for _, name := range []uint16{0, 1} {
		set(r, &t.Name, name)
	}
	for _, kind := range []byte{0, 1, 2} {
		set(r, &t.Type, kind)
	}
}

// lie makes a lie a truth, or a smaller one.
func (r *reducer) lie(lie *int64) {
	if set(r, lie, 0) {
		return
	}
	for *lie > 1 || *lie < -1 {
		if !set(r, lie, *lie/2) {
			return
		}
	}
}
