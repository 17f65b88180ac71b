package fuzz

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ecgen/ecgen/fuzz/corpus"
	"github.com/ecgen/ecgen/fuzz/crash"
	"github.com/ecgen/ecgen/fuzz/targets"
)

// What crashed once does not crash again. The inputs are never pruned, not even
// when the corpora are distilled.
func TestRegressions(t *testing.T) {
	const root = "testdata/regressions"
	folders, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	byTest := make(map[string]targets.Target)
	for _, target := range targets.All {
		byTest["Fuzz"+target.Name] = target
	}
	for _, folder := range folders {
		target, ok := byTest[folder.Name()]
		if !ok {
			t.Errorf("%s is named for no target", folder.Name())
			continue
		}
		t.Run(folder.Name(), func(t *testing.T) {
			inputs, broken, err := corpus.ReadFolder(filepath.Join(root, folder.Name()))
			if err != nil || len(broken) > 0 {
				t.Fatal(err, broken)
			}
			for _, input := range inputs {
				t.Run(input.Name, func(t *testing.T) {
					if c := crash.Run(target, input.Data); c != nil {
						t.Error(c)
					}
				})
			}
		})
	}
}
