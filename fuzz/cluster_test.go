//go:build cluster

package fuzz

import (
	"os"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/fuzz/corpus"
	"github.com/ecgen/ecgen/fuzz/crash"
	"github.com/ecgen/ecgen/fuzz/targets"
)

// OSS-Fuzz measures coverage by a test that runs the corpus of one target.
func TestCorpusOfCluster(t *testing.T) {
	name := strings.TrimPrefix(os.Getenv("ECGEN_TARGET"), "fuzz_")
	inputs, _, err := corpus.ReadFolder(os.Getenv("FUZZ_CORPUS_DIR"))
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range targets.All {
		if !strings.EqualFold(target.Name, name) {
			continue
		}
		for _, input := range inputs {
			if c := crash.Run(target, input.Data); c != nil {
				t.Log(input.Name, c) // crashes are no matter of coverage
			}
		}
		return
	}
	t.Fatalf("there is no target %q", name)
}
