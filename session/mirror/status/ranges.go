package status

// Range is a range of a file's bytes.
type Range struct {
	Start uint64 // offset of the first byte
	End   uint64 // offset of the last byte
}

// offsetSize is the size of an offset in the array, in bytes.
const offsetSize = 8

// Ranges reads the array of GAP_STATUS or REQ_STATUS: the offsets of all
// ranges, Start and End in turn, stored by columns. The lowest byte of every
// offset comes first, then the second lowest of each, and so on, because that
// makes long runs. The error is [ErrRanges]. No array is no ranges.
func Ranges(array []byte) ([]Range, error) {
	count := len(array) / offsetSize
	if len(array)%(2*offsetSize) != 0 {
		return nil, ErrRanges
	}
	if count == 0 {
		return nil, nil
	}
	offset := func(i int) (value uint64) {
		for column := offsetSize - 1; column >= 0; column-- {
			value = value<<8 | uint64(array[column*count+i])
		}
		return value
	}
	ranges := make([]Range, count/2)
	for i := range ranges {
		ranges[i] = Range{Start: offset(2 * i), End: offset(2*i + 1)}
	}
	return ranges, nil
}

// Array is the inverse of [Ranges].
func Array(ranges []Range) []byte {
	array := make([]byte, 0, ArraySize(ranges))
	for column := range offsetSize {
		for _, r := range ranges {
			array = append(array, byte(r.Start>>(8*column)), byte(r.End>>(8*column)))
		}
	}
	return array
}

// Size returns how many bytes the ranges cover, if they do not overlap.
func Size(ranges []Range) (bytes uint64) {
	for _, r := range ranges {
		bytes += r.End - r.Start + 1
	}
	return bytes
}

// Parts returns how many parts a file of this size has, which is the length of
// its PART_STATUS array.
func Parts(size uint64) int {
	return int(size/PartSize + min(size%PartSize, 1))
}

// ArraySize returns the length of the array of ranges, in bytes.
func ArraySize(ranges []Range) int { return 2 * offsetSize * len(ranges) }
