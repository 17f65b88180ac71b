package schema_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/schema"
)

func TestTheSpecDirectoryHasTheJSONSchemaOfTheLanguage(t *testing.T) {
	path := filepath.Join(specDirectory, "schema.json")
	got := schema.JSONSchema()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is out of date; run the test with -update", path)
	}
}
