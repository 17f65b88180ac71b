//go:build campaign

// Package native is what the campaign runner builds for Go's own engine: one
// fuzz test that has all targets.
package native

import (
	"os"
	"runtime/debug"
	"testing"

	"github.com/ecgen/ecgen/fuzz/crash"
	"github.com/ecgen/ecgen/fuzz/targets"
)

// FuzzTarget runs the target that ECGEN_TARGET names. Crashes are kept in the
// folder that the environment names for them, so that fuzzing goes on behind
// them; without such a folder they are failures.
func FuzzTarget(f *testing.F) {
	target, ok := targets.Find(os.Getenv("ECGEN_TARGET"))
	if !ok {
		f.Fatalf("there is no target %q", os.Getenv("ECGEN_TARGET"))
	}
	debug.SetMaxStack(crash.MaxStack)
	keeper := crash.KeeperOfEnvironment()
	f.Fuzz(func(t *testing.T, data []byte) {
		c := crash.Run(target, data)
		if c == nil {
			return
		}
		if keeper == nil {
			t.Fatal(c)
		}
		if err := keeper.Keep(c, data); err != nil {
			t.Fatal(err)
		}
	})
}
