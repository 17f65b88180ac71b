//go:build !libfuzzer || !cgo

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "libfuzzer: this is no program by itself, but an archive for clang; see its package comment, or \"go run ./fuzz/campaign run --engine libfuzzer\"")
	os.Exit(2)
}
