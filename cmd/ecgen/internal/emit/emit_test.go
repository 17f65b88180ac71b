package emit

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/schema"
)

var update = flag.Bool("update", false, "rewrite the expected code in testdata")

// generateSmall generates from the archive's headers and spec.
func generateSmall(t *testing.T, archive *txtar.Archive) map[string][]byte {
	t.Helper()
	codes, findings := header.Parse("codes.h", archive.Files[0].Data)
	spec, more := schema.Read(map[string][]byte{"small.yaml": archive.Files[1].Data})
	protocol, still := model.Build([]*header.File{codes}, spec)
	if findings = append(append(findings, more...), still...); len(findings) > 0 {
		t.Fatal(findings.Err())
	}
	files, err := Generate(protocol, Options{Package: "small", Module: "github.com/ecgen/ecgen"})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// The archive shows what a small spec becomes.
func TestASmallSpecBecomesThisCode(t *testing.T) {
	const name = "testdata/small.txtar"
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	files := generateSmall(t, archive)
	for i := range archive.Files[2:] {
		want := &archive.Files[2+i]
		got := files[want.Name]
		if *update {
			want.Data = got
		}
		if diff := cmp.Diff(string(want.Data), string(got)); diff != "" {
			t.Errorf("%s differs (-want +got), -update accepts it:\n%s", want.Name, diff)
		}
	}
	if *update {
		if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheOutputIsTheSameEachTime(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/small.txtar")
	if err != nil {
		t.Fatal(err)
	}
	first := generateSmall(t, archive)
	for range 5 {
		for name, content := range generateSmall(t, archive) {
			if !bytes.Equal(content, first[name]) {
				t.Fatalf("%s differs between two runs", name)
			}
		}
	}
}

// What came with a release says so, unless what it stands in says it already.
func TestCommentsTellReleasesAndCapabilities(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/releases.txtar")
	if err != nil {
		t.Fatal(err)
	}
	files := generateSmall(t, archive)
	for _, want := range archive.Files[2:] {
		got := strings.Join(strings.Fields(strings.ReplaceAll(string(files[want.Name]), "\n", " ")), " ")
		got = strings.ReplaceAll(got, " // ", " ")
		for line := range strings.Lines(string(want.Data)) {
			if line = strings.TrimSpace(line); strings.Count(got, line) != 1 {
				t.Errorf("%s has %q %d times", want.Name, line, strings.Count(got, line))
			}
		}
	}
}

func TestCodeThatDoesNotCompileIsRefused(t *testing.T) {
	for source, want := range map[string]string{
		"package p\n\nimport _ \"fmt\"\n\nfunc f() int { return \"text\" }\n": "does not compile: p_gen.go:5:23",
		"package p\n\nfunc f( {\n":                                   "does not parse: p_gen.go:3:9",
		"package p\n\nimport _ \"github.com/ecgen/ecgen/nowhere\"\n": "does its module require them?",
	} {
		_, err := TypeCheck(t.TempDir(), "github.com/ecgen/ecgen", map[string][]byte{"p_gen.go": []byte(source)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v for\n%s", err, source)
		}
	}
}

func TestComments(t *testing.T) {
	if got, want := wrap("one two three\n\nfour", 10), "// one two\n// three\n//\n// four"; got != want {
		t.Errorf("wrapped as\n%s", got)
	}
	for words, want := range map[string]string{"A": "A", "A B": "A or B", "A B C": "A, B or C"} {
		if got := model.AnyOf(strings.Fields(words)); got != want {
			t.Errorf("%s is joined as %q", words, got)
		}
	}
}
