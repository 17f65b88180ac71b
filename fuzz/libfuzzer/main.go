//go:build libfuzzer

package main

// #include <stddef.h>
// #include <stdint.h>
import "C"

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"unsafe"

	"github.com/ecgen/ecgen/fuzz/crash"
	"github.com/ecgen/ecgen/fuzz/targets"
)

var (
	target = targetOfProcess()
	keeper = crash.KeeperOfEnvironment()
)

func targetOfProcess() targets.Target {
	debug.SetMaxStack(crash.MaxStack)
	name := os.Getenv("ECGEN_TARGET")
	if name == "" && len(os.Args) > 0 {
		name = strings.TrimPrefix(filepath.Base(os.Args[0]), "fuzz_")
	}
	for _, target := range targets.All {
		if strings.EqualFold(target.Name, name) {
			return target
		}
	}
	fmt.Fprintf(os.Stderr, "there is no target %q; name one in ECGEN_TARGET, or the program for it\n", name)
	os.Exit(2)
	panic("unreachable")
}

// LLVMFuzzerTestOneInput runs the target. What it panics with, the engine
// keeps; when the environment names a folder for crashes, they are kept there
// instead, and fuzzing goes on.
//
//export LLVMFuzzerTestOneInput
func LLVMFuzzerTestOneInput(data *C.uint8_t, size C.size_t) C.int {
	input := unsafe.Slice((*byte)(data), size)
	c := crash.Run(target, input)
	if c == nil {
		return 0
	}
	if keeper == nil {
		panic(c)
	}
	if err := keeper.Keep(c, input); err != nil {
		panic(err)
	}
	return 0
}

func main() {}
