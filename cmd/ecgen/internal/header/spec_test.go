package header_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
)

// testdata/spec.txt counts the enumerators of each enum of the spec and names
// the last of each. Who takes in the codes of a newer aMule sees there, by
// -update, whether all came in.
func TestTheSpecDefinesAllCodes(t *testing.T) {
	var got strings.Builder
	for _, name := range []string{"ECCodes.h", "ECTagTypes.h"} {
		src, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "spec", name))
		if err != nil {
			t.Fatal(err)
		}
		file, findings := header.Parse(name, src)
		if err := findings.Err(); err != nil {
			t.Fatal(err)
		}
		for _, enum := range file.Enums {
			if enum.Doc == "" {
				t.Errorf("%s has no doc", enum.Name)
			}
			last := enum.Values[len(enum.Values)-1]
			fmt.Fprintf(&got, "%s: %d, the last is %s = %#x\n", enum.Name, len(enum.Values), last.Name, last.Value)
		}
	}
	if *update {
		if err := os.WriteFile("testdata/spec.txt", []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/spec.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("the spec differs from testdata/spec.txt (-want +got), -update accepts it:\n%s", diff)
	}
}
