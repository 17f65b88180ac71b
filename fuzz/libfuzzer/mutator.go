//go:build libfuzzer && mutator

package main

// #include <stddef.h>
// #include <stdint.h>
// // Of the engine, which is linked later.
// __attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
import "C"

import "unsafe"

// byteShare is the share of inputs that the engine mutates by bytes: one in so
// many.
const byteShare = 4

// LLVMFuzzerCustomMutator changes an input in place, and returns its new size.
//
//export LLVMFuzzerCustomMutator
func LLVMFuzzerCustomMutator(data *C.uint8_t, size, maxSize C.size_t, seed C.uint) C.size_t {
	if seed%byteShare == 0 {
		return C.LLVMFuzzerMutate(data, size, maxSize)
	}
	buffer := unsafe.Slice((*byte)(data), maxSize)
	return C.size_t(copy(buffer, target.Mutate(buffer[:size], int(maxSize), uint64(seed))))
}
