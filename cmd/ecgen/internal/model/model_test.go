package model

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/schema"
)

var update = flag.Bool("update", false, "rewrite the expected findings in testdata")

// Each archive has headers, a spec, and what is to be found in them.
func TestFindings(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) < 10 {
		t.Fatalf("%d archives, %v", len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			sources, yaml := map[string][]byte{}, map[string][]byte{}
			var headers []*header.File
			var want *txtar.File
			for i := range archive.Files {
				file := &archive.Files[i]
				switch filepath.Ext(file.Name) {
				case ".h":
					parsed, findings := header.Parse(file.Name, file.Data)
					if len(findings) > 0 {
						t.Fatal(findings.Err())
					}
					headers = append(headers, parsed)
				case ".yaml":
					yaml[file.Name] = file.Data
				default:
					want = file
					continue
				}
				sources[file.Name] = file.Data
			}
			spec, findings := schema.Read(yaml)
			if len(findings) > 0 {
				t.Fatal(findings.Err())
			}
			got := print(headers, spec, sources)
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("findings differ (-want +got), -update accepts them:\n%s", diff)
			}
		})
	}
}

// print returns the findings of Build, or when there are none those of Lint.
func print(headers []*header.File, spec *schema.Spec, sources map[string][]byte) string {
	protocol, findings := Build(headers, spec)
	if len(findings) == 0 {
		findings = Lint(protocol)
	}
	var b bytes.Buffer
	diag.List(findings).Print(&b, sources, false)
	return b.String()
}

func TestGoNames(t *testing.T) {
	words := spelling{"PARTFILE": "PartFile", "ED2K": "ED2K", "ID": "ID"}
	for _, test := range []struct {
		tag      string
		prefixes []string
		repeated bool
		want     string
	}{
		{"PARTFILE_NAME", []string{"PARTFILE"}, false, "Name"},
		{"PARTFILE_NAME", nil, false, "PartFileName"},
		{"PARTFILE", []string{"PARTFILE"}, true, "PartFiles"},
		{"KNOWNFILE_ED2K_ID", []string{"PARTFILE", "KNOWNFILE"}, false, "ED2KID"},
		{"SPEED", nil, false, "Speed"},
	} {
		if got := words.fieldName(test.tag, test.prefixes, test.repeated); got != test.want {
			t.Errorf("%s is %s in Go, want %s", test.tag, got, test.want)
		}
	}
}
