package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata")

// unpack writes the files of an archive into a new directory.
func unpack(t *testing.T, archive *txtar.Archive) string {
	t.Helper()
	directory := t.TempDir()
	for _, file := range archive.Files {
		writeFile(t, filepath.Join(directory, file.Name), string(file.Data))
	}
	return directory
}

// Each archive has two code files or two specs, and what is told of them: for
// people and, where there is a file for it, for programs.
func TestDiffReportsAsTheGoldenFilesSay(t *testing.T) {
	names, err := filepath.Glob("testdata/diff/*.txtar")
	if err != nil || len(names) != 4 {
		t.Fatalf("%d archives, %v", len(names), err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(filepath.Join(here, name))
			if err != nil {
				t.Fatal(err)
			}
			directory := unpack(t, archive)
			old, new := "old", "new"
			if archive.Files[0].Name == "old.h" {
				old, new = "old.h", "new.h"
			}
			for i := range archive.Files {
				want := &archive.Files[i]
				args := []string{"diff", old, new}
				switch want.Name {
				case "json":
					args = []string{"diff", "--json", old, new}
				case "text":
				default:
					continue
				}
				stdout, stderr, code := command(t, directory, args...)
				if code != findings || stderr != "" {
					t.Errorf("exit code %d, %s", code, stderr)
				}
				if *update {
					want.Data = []byte(stdout)
				}
				if diff := cmp.Diff(string(want.Data), stdout); diff != "" {
					t.Errorf("%s (-want +got), -update accepts it:\n%s", want.Name, diff)
				}
			}
			if *update {
				if err := os.WriteFile(filepath.Join(here, name), txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func TestDiffTakesFilesDirectoriesTreesAndSpecs(t *testing.T) {
	directory := t.TempDir()
	const enum = "enum ECOpCodes {\n\tEC_OP_NOOP = 0x01\n};\n"
	for name, content := range map[string]string{
		"codes.h":           enum,
		"codes.abstract":    "[Section Content]\nType Enum\nName ECOpCodes\nEC_OP_NOOP 0x01\n[/Section]\n",
		"headers/ECCodes.h": enum,
		"tree/src/libs/ec/abstracts/ECCodes.abstract": "[Section Content]\nType Enum\nName ECOpCodes\nEC_OP_NOOP 0x02\n[/Section]\n",
		"of2.1/src/libs/ec/ECCodes.h":                 enum,
		"early2.1/src/libs/ec/ECcodes.h":              enum,
		"of2.0/src/ECcodes.h":                         enum,
		"broken.h":                                    "enum ECOpCodes {\n",
		"lonely/spec.yaml":                            "messages: []\n",
	} {
		writeFile(t, filepath.Join(directory, name), content)
	}
	spec, features := filepath.Join(root, "spec"), filepath.Join(root, "cmd/ecgen/testdata/features")
	for _, test := range []struct {
		old, new       string
		code           int
		stdout, stderr string // parts of what is printed
	}{
		{"codes.h", "codes.abstract", good, "codes.h and codes.abstract are the same.", ""},
		{"codes.h", "headers", good, "are the same", ""},
		{"headers", "tree", findings, "renumbered  code EC_OP_NOOP = 0x02 in ECOpCodes, was 0x01", ""},
		{"of2.0", "of2.1", good, "are the same", ""},
		{"early2.1", "headers", good, "are the same", ""},
		{spec, spec, good, "are the same", ""},
		{spec, features, findings, "removed     message STATS from daemon", ""},
		{features, "headers", findings, "removed     code EC_OP_ASK", "only one of them is a spec"},
		{"codes.h", "broken.h", failed, "", "broken.h:1:17: } is missing"},
		{"lonely", "codes.h", failed, "", "lonely: no ECCodes.h"},
		{"codes.h", "nowhere", failed, "", "nowhere: no such file"},
	} {
		stdout, stderr, code := command(t, directory, "diff", test.old, test.new)
		if code != test.code || !strings.Contains(stdout, test.stdout) || !strings.Contains(stderr, test.stderr) {
			t.Errorf("diff %s %s: exit code %d\n%s%s", test.old, test.new, code, stdout, stderr)
		}
	}
	if stdout, _, code := command(t, directory, "diff", "--json", "codes.h", "headers"); code != good ||
		stdout != "{\n  \"old\": \"codes.h\",\n  \"new\": \"headers\",\n  \"changes\": []\n}\n" {
		t.Errorf("JSON of no difference: exit code %d, %s", code, stdout)
	}
}
