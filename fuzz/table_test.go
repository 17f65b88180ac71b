package fuzz

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/ecgen/ecgen/fuzz/targets"
)

// The table of targets and the native fuzz tests are the same.
func TestEveryTargetHasItsFuzzTest(t *testing.T) {
	listed := map[string][]string{}
	for _, target := range targets.All {
		listed[target.Folder] = append(listed[target.Folder], target.Name)
		if found, ok := targets.Find(target.Name); !ok || found.Folder != target.Folder {
			t.Errorf("there are several targets %s", target.Name)
		}
		if err := target.Run(nil); err != nil {
			t.Errorf("%s of an empty input: %v", target.Name, err)
		}
	}
	for folder, names := range listed {
		files, err := filepath.Glob(filepath.Join("..", folder, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		var written []string
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range regexp.MustCompile(`(?m)^func Fuzz(\w+)\(f \*testing\.F\)`).FindAllSubmatch(source, -1) {
				written = append(written, string(match[1]))
			}
		}
		slices.Sort(names)
		slices.Sort(written)
		if !slices.Equal(names, written) {
			t.Errorf("%s has the fuzz tests\n%v\nthe table has\n%v", folder, written, names)
		}
	}
}
