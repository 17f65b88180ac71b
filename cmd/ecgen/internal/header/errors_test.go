package header_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// goldenErrors are archives of a malformed code list and the findings in it.
func goldenErrors(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden errors: %v", err)
	}
	return paths
}

func TestMalformedFilesAreReportedAsTheGoldenErrorsSay(t *testing.T) {
	for _, path := range goldenErrors(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			source := archive.Files[0]
			_, findings := header.Parse(source.Name, source.Data)
			var got bytes.Buffer
			findings.Print(&got, map[string][]byte{source.Name: source.Data}, false)
			if *update {
				archive.Files = []txtar.File{source, {Name: "findings", Data: got.Bytes()}}
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if len(findings) == 0 {
				t.Fatal("nothing was found")
			}
			if want := archive.Files[len(archive.Files)-1].Data; !bytes.Equal(got.Bytes(), want) {
				t.Errorf("got\n%s\nwant\n%s", &got, want)
			}
		})
	}
}
