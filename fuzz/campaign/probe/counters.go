package main

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// function is one that was run, with how often each of its blocks was.
type function struct {
	pkg, number uint32
	counts      []uint32
}

// feature puts a block and the magnitude of its count into one number.
func (f function) feature(block int, count uint32) uint64 {
	const mask = 1<<18 - 1
	place := uint64(f.pkg&mask)<<36 | uint64(f.number&mask)<<18 | uint64(block)&mask
	return place<<5 | uint64(min(bits.Len32(count), 31))
}

// Sizes and codes of the file of counters that package runtime/coverage
// writes, as in Go's internal/coverage/defs.go.
const (
	headerSize  = 32
	footerSize  = 16
	segmentHead = 16
	fileVersion = 1
	asULEB128   = 2 // the flavor of counters that programs write
)

var errCounters = errors.New("the counters are not of the form that this program knows; it is of another version of Go")

// readCounters reads such a file with one segment.
func readCounters(file []byte) ([]function, error) {
	if len(file) < headerSize+segmentHead+footerSize || string(file[:4]) != "\x00cwm" ||
		binary.LittleEndian.Uint32(file[4:]) != fileVersion || file[24] != asULEB128 {
		return nil, errCounters
	}
	segment := file[headerSize : len(file)-footerSize]
	entries := binary.LittleEndian.Uint64(segment)
	texts := uint64(binary.LittleEndian.Uint32(segment[8:])) + uint64(binary.LittleEndian.Uint32(segment[12:]))
	start := (segmentHead + texts + 3) &^ 3 // texts and arguments are filled up to four bytes
	if start > uint64(len(segment)) || entries > uint64(len(segment)) {
		return nil, errCounters
	}
	rest, ok := segment[start:], true
	next := func() uint32 {
		v, n := binary.Uvarint(rest)
		if ok = ok && n > 0 && v < 1<<32; !ok {
			return 0
		}
		rest = rest[n:]
		return uint32(v)
	}
	functions := make([]function, 0, entries)
	for range entries {
		size := next()
		f := function{pkg: next(), number: next()}
		if !ok || uint64(size) > uint64(len(rest)) {
			return nil, errCounters
		}
		f.counts = make([]uint32, size)
		for i := range f.counts {
			f.counts[i] = next()
		}
		functions = append(functions, f)
	}
	if !ok {
		return nil, errCounters
	}
	return functions, nil
}
