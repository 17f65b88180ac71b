// Package status codes what EC_TAG_PARTFILE_PART_STATUS, GAP_STATUS and
// REQ_STATUS hold: arrays of bytes that are sent as run-length coded
// differences to the array that was sent before.
//
// Both ends of a connection keep the array of before, one for each file and
// each of the three tags, over all requests that report the file. It is empty
// at first, and empty again where the daemon begins anew: GET_SHARED_FILES and
// GET_DLOAD_QUEUE do at every detail level but UPDATE, GET_UPDATE never does.
// Nothing here keeps state: an array goes in and the next one comes out.
//
//	array, err := status.Decode(array, tag.PartStatus, limit)
//	data, changed := status.Append(nil, before, now)
//
// PART_STATUS has one byte for each part of the file: the number of sources
// that have it, up to 255. The arrays of GAP_STATUS and REQ_STATUS are ranges
// of the file's bytes; see [Ranges].
//
// The coding is that of RLE_Data in aMule's src/RLE.cpp, the state that of
// CKnownFile_Encoder and CPartFile_Encoder in src/ExternalConn.cpp.
package status

import "errors"

// What can be wrong with coded data.
var (
	ErrTooLong = errors.New("status: the array is longer than the limit")
	ErrRanges  = errors.New("status: the array is not a list of pairs of 64-bit offsets")
)

// PartSize is the size of a part of a file, in bytes. The last one is shorter.
const PartSize = 9_728_000

// longestRun is the number of equal bytes that three coded ones stand for at
// most: an array can be 85 times as long as what is sent.
const longestRun = 255

// Decode returns the array that data, the own data of a tag, make of the one
// before. The result is new memory, and never nil. It fails with [ErrTooLong],
// before any memory is taken, when it would have more than limit bytes.
func Decode(before, data []byte, limit int) ([]byte, error) {
	size := 0
	for rest := data; len(rest) > 0; {
		_, count, coded := run(rest)
		size += count
		rest = rest[coded:]
	}
	if size > limit {
		return nil, ErrTooLong
	}
	array := make([]byte, size)
	copy(array, before)
	at := 0
	for rest := data; len(rest) > 0; {
		value, count, coded := run(rest)
		for range count {
			array[at] ^= value
			at++
		}
		rest = rest[coded:]
	}
	return array, nil
}

// run returns the run that data begin with: its byte, how often it stands, and
// how many bytes say so. Two equal bytes and a third make a run of the third's
// length, which may be 0; where no third follows they are two single bytes.
func run(data []byte) (value byte, count, coded int) {
	if len(data) > 2 && data[0] == data[1] {
		return data[0], int(data[2]), 3
	}
	return data[0], 1, 1
}

// Append appends what is to be sent to make array of the one before. It
// reports whether the tag is to be sent at all: whether anything differs. An
// empty array is sent as no data.
func Append(dst, before, array []byte) (data []byte, changed bool) {
	changed = len(before) != len(array)
	difference := func(i int) byte {
		if i < len(before) {
			return before[i] ^ array[i]
		}
		return array[i]
	}
	for i := 0; i < len(array); {
		value, count := difference(i), 1
		for count < longestRun && i+count < len(array) && difference(i+count) == value {
			count++
		}
		if dst = append(dst, value); count > 1 {
			dst = append(dst, value, byte(count))
		}
		changed = changed || value != 0
		i += count
	}
	return dst, changed
}
