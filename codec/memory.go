package codec

import "unsafe"

// The functions of this file give generated messages the memory for what they
// read, charge it to the packet's allowance, and use again what is there.

// believedSize is the size of elements up to which memory is taken for as many
// as a count promises. All counts of a body together promise no more than it
// has room for, but large elements can be promised in very few bytes.
const believedSize = 64

// Extend returns list with one more element, which may hold what an earlier
// use left there. At most more elements will be wanted, this one included. On
// failure it returns list as it was, and the decoder keeps the error.
func Extend[T any](d *Decoder, list []T, more, at int) (longer []T, ok bool) {
	n := len(list)
	if n < cap(list) {
		return list[:n+1], true
	}
	var element T
	size := int64(unsafe.Sizeof(element))
	want := more
	if size > believedSize {
		want = min(more, max(4, n))
	}
	if !d.Charge(int64(n+want)*size, at) {
		return list, false
	}
	longer = make([]T, n+1, n+want)
	copy(longer, list)
	return longer, true
}

// Spare returns the element behind the end of list, if it has room for one:
// what an earlier use left there.
func Spare[T any](list []T) (element T) {
	if n := len(list); n < cap(list) {
		return list[:n+1][n]
	}
	return element
}

// Reuse returns old, or a new value when that is nil. It returns nil on
// failure.
func Reuse[T any](d *Decoder, old *T, at int) *T {
	if old != nil {
		return old
	}
	var value T
	if !d.Charge(int64(unsafe.Sizeof(value)), at) {
		return nil
	}
	return new(T)
}

// slabBytes is for how many bytes of values Take makes at once. Above 32 KiB the
// runtime rounds sizes up to whole pages, of which this many waste little.
const slabBytes = 64 << 10

// Take returns old, or else the next of a slab of values that are made
// together. At most more will be wanted, this one included. It returns nil on
// failure.
func Take[T any](d *Decoder, old *T, slab *[]T, more, at int) *T {
	if old != nil {
		return old
	}
	if len(*slab) == 0 {
		var value T
		size := int(unsafe.Sizeof(value))
		length := min(more, max(1, slabBytes/size))
		if !d.Charge(int64(length)*int64(size), at) {
			return nil
		}
		*slab = make([]T, length)
	}
	value := &(*slab)[0]
	*slab = (*slab)[1:]
	return value
}
