package doc

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/schema"
)

var update = flag.Bool("update", false, "choose the examples again, and rewrite the expected page")

const (
	ownSpec  = "../../../../spec"
	features = "../../testdata/features" // everything that the schema has
)

// ownProtocol returns what spec/ describes.
func ownProtocol(t *testing.T) *model.Protocol { return readProtocol(t, ownSpec) }

var generated = make(map[string]map[string][]byte)

// generatedFrom returns the files for a spec, which are made once.
func generatedFrom(t *testing.T, spec string, format Format) map[string][]byte {
	t.Helper()
	key := spec + string(format)
	if generated[key] == nil {
		generated[key] = generate(t, readProtocol(t, spec), format)
	}
	return generated[key]
}

func generate(t *testing.T, protocol *model.Protocol, format Format) map[string][]byte {
	t.Helper()
	files, err := Generate(protocol, format)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func readProtocol(t *testing.T, directory string) *model.Protocol {
	t.Helper()
	headers, err := filepath.Glob(filepath.Join(directory, "*.h"))
	if err != nil {
		t.Fatal(err)
	}
	var codes []*header.File
	for _, name := range headers {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, findings := header.Parse(filepath.Base(name), source)
		if len(findings) > 0 {
			t.Fatal(findings.Err())
		}
		codes = append(codes, file)
	}
	specs, err := filepath.Glob(filepath.Join(directory, "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	yaml := map[string][]byte{}
	for _, name := range specs {
		if yaml[filepath.Base(name)], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	spec, findings := schema.Read(yaml)
	protocol, more := model.Build(codes, spec)
	if findings = append(findings, more...); len(findings) > 0 {
		t.Fatal(findings.Err())
	}
	return protocol
}

// The pages in testdata show what a small spec becomes. They are those of the
// archive from which package emit shows the code.
func TestASmallSpecBecomesThesePages(t *testing.T) {
	archive, err := txtar.ParseFile("../emit/testdata/small.txtar")
	if err != nil {
		t.Fatal(err)
	}
	codes, findings := header.Parse("codes.h", archive.Files[0].Data)
	spec, more := schema.Read(map[string][]byte{"small.yaml": archive.Files[1].Data})
	protocol, still := model.Build([]*header.File{codes}, spec)
	if findings = append(append(findings, more...), still...); len(findings) > 0 {
		t.Fatal(findings.Err())
	}
	for _, format := range []Format{HTML, Markdown} {
		for name, got := range generate(t, protocol, format) {
			if !strings.HasPrefix(name, "messages-") {
				continue
			}
			golden := filepath.Join("testdata", name)
			if *update {
				writeFile(t, "testdata", name, got)
			}
			if diff := cmp.Diff(string(mustRead(t, golden)), string(got)); diff != "" {
				t.Errorf("%s differs (-want +got), -update accepts it:\n%s", golden, diff)
			}
		}
	}
}

func TestAnUnknownFormatIsRefused(t *testing.T) {
	if files, err := Generate(ownProtocol(t), "pdf"); err == nil || files != nil || !strings.Contains(err.Error(), "markdown") {
		t.Errorf("%d files, %v", len(files), err)
	}
}
