package schema_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/schema"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const findingsFile = "findings"

// goldenErrors are archives of broken spec files and the findings in them.
func goldenErrors(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden errors: %v", err)
	}
	return paths
}

func TestBrokenSpecsAreReportedAsTheGoldenErrorsSay(t *testing.T) {
	for _, path := range goldenErrors(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files := make(map[string][]byte)
			var specs []txtar.File
			var want []byte
			for _, file := range archive.Files {
				if file.Name == findingsFile {
					want = file.Data
					continue
				}
				specs = append(specs, file)
				files[file.Name] = file.Data
			}
			_, findings := schema.Read(files)
			var got bytes.Buffer
			findings.Print(&got, files, false)
			if *update {
				want = got.Bytes()
				archive.Files = append(specs, txtar.File{Name: findingsFile, Data: want})
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if len(findings) == 0 {
				t.Fatal("nothing was found")
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("got\n%s\nwant\n%s", &got, want)
			}
		})
	}
}
