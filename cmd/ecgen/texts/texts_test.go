package texts_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/ecgen/ecgen/cmd/ecgen/texts"
)

// What is known to be wrong with a text lies in it.
func TestKnownFaultsAreInsideOfTheirFiles(t *testing.T) {
	for stage, check := range map[string]func(*txtar.Archive) error{
		"header": func(a *txtar.Archive) error { return texts.Header(a.Files[0].Name, a.Files[0].Data) },
		"schema": func(a *txtar.Archive) error { return texts.Spec(txtar.Format(a)) },
	} {
		archives, err := filepath.Glob(filepath.Join("..", "internal", stage, "testdata", "*.txtar"))
		if err != nil || len(archives) == 0 {
			t.Fatalf("%s: no archives, %v", stage, err)
		}
		for _, path := range archives {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := check(archive); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
}
