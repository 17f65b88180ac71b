package dissector

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/schema"
	"github.com/ecgen/ecgen/spec"
)

// ownProtocol resolves ecgen's own spec.
func ownProtocol(t *testing.T) *model.Protocol {
	t.Helper()
	read := func(pattern string) map[string][]byte {
		files := map[string][]byte{}
		names, err := fs.Glob(spec.Files, pattern)
		for _, name := range names {
			if files[name], err = spec.Files.ReadFile(name); err != nil {
				break
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	var lists []*header.File
	for name, source := range read("*.h") {
		list, findings := header.Parse(name, source)
		if len(findings) > 0 {
			t.Fatal(findings.Err())
		}
		lists = append(lists, list)
	}
	yaml, findings := schema.Read(read("*.yaml"))
	if len(findings) > 0 {
		t.Fatal(findings.Err())
	}
	protocol, findings := model.Build(lists, yaml)
	if len(findings) > 0 {
		t.Fatal(findings.Err())
	}
	return protocol
}

// Wireshark compares all fields of a filter in one way, so they have one kind.
func TestFieldsOfOneFilterHaveOneKind(t *testing.T) {
	made, err := newTables(ownProtocol(t))
	if err != nil {
		t.Fatal(err)
	}
	kinds, tags := map[string]string{}, map[string]bool{}
	for _, f := range made.Fields {
		if other, ok := kinds[f.Filter]; ok && other != f.Kind {
			t.Errorf("%s is %s and %s", f.Filter, other, f.Kind)
		}
		kinds[f.Filter] = f.Kind
		if f.Filter == filterName(f.Label) {
			tags[f.Label] = true
		}
	}
	for filter, want := range map[string]string{
		"partfile.name": "string", "partfile": "uint", "partfile.as_bytes": "bytes", "connstate": "uint", "prefs.files": "none", "server": "ipv4",
		"files.ich_enabled": "bool", "statsgraph.last": "double", "search.kad_active": "bool",
	} {
		if kinds[filter] != want {
			t.Errorf("%s is %q, want %s", filter, kinds[filter], want)
		}
	}
	unused := map[string]bool{}
	protocol := ownProtocol(t)
	for _, code := range protocol.Unused {
		unused[code.Name] = true
	}
	for _, code := range protocol.Tags {
		if !tags[code.Name] && !code.Alias && !unused[code.Name] {
			t.Errorf("%s has no filter of its own name", code.Name)
		}
	}
}

func TestTheDissectorIsTheSameEachTime(t *testing.T) {
	first, err := Generate(ownProtocol(t))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if again, err := Generate(ownProtocol(t)); err != nil || !bytes.Equal(first, again) {
			t.Fatalf("it differs between two runs, %v", err)
		}
	}
}

func TestTextsAreQuotedAsLuaReadsThem(t *testing.T) {
	for text, want := range map[string]string{
		`a "b" \c`:   `"a \"b\" \\c"`,
		"two\nlines": `"two\010lines"`,
		"é":          `"é"`,
	} {
		if got := quote(text); got != want {
			t.Errorf("%q is quoted as %s, want %s", text, got, want)
		}
	}
}

func TestASpecWithoutALoginHasNoDissector(t *testing.T) {
	if _, err := Generate(&model.Protocol{}); err == nil || !strings.Contains(err.Error(), "AUTH_REQ") {
		t.Errorf("got %v", err)
	}
}
