package header_test

import (
	"bytes"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
)

// TestHistoryReadsAsTheCompilerReadsIt compares every version of every code list
// in a clone of aMule with what a C++ compiler makes of it. AMULE_HISTORY names
// the git directory of the clone.
func TestHistoryReadsAsTheCompilerReadsIt(t *testing.T) {
	gitDir := os.Getenv("AMULE_HISTORY")
	if gitDir == "" {
		t.Skip("SKIPPED: the comparison with aMule's history, because AMULE_HISTORY names no git directory")
	}
	requireCompiler(t)
	versions := codeListVersions(t, gitDir)
	if len(versions) == 0 {
		t.Fatalf("no code lists in %s", gitDir)
	}
	t.Logf("%d versions", len(versions))
	for _, version := range versions {
		t.Run(version.blob[:12]+" "+version.name, func(t *testing.T) {
			t.Parallel()
			src := git(t, gitDir, "cat-file", "blob", version.blob)
			compareWithCompiler(t, version.name, src)
		})
	}
}

func compareWithCompiler(t *testing.T, name string, src []byte) {
	t.Helper()
	dir := t.TempDir()
	compiled := filepath.Join(dir, "codes.h")
	text := src
	if strings.HasSuffix(name, ".abstract") {
		text = generateHeader(src)
	}
	if err := os.WriteFile(compiled, text, 0o644); err != nil {
		t.Fatal(err)
	}
	want, refusal := compilerListing(t, dir, compiled)
	file, findings := header.Parse(name, src)
	switch got := listing(file); {
	case refusal != nil && len(findings) == 0:
		t.Errorf("the compiler refuses it: %v", refusal)
	case refusal != nil:
		t.Logf("refused by both:\n%v", findings)
	case len(findings) > 0:
		t.Errorf("the compiler takes it:\n%v", findings)
	case got != want || got == "":
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// generateHeader makes of an abstract file what aMule makes of it, as far as
// enums go: each line is a name and, behind the last white space, its value.
func generateHeader(src []byte) []byte {
	var b bytes.Buffer
	open := false
	for line := range strings.Lines(string(src)) {
		line = strings.TrimRight(line, " \t\r\n")
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || line[0] == '#' || line[0] == '[' && line != "[/Section]" || words[0] == "DataType":
		case line == "[/Section]" && open:
			b.WriteString("};\n")
			open = false
		case words[0] == "Name":
			b.WriteString("enum " + words[1] + " {\n")
			open = true
		case open:
			b.WriteString(strings.Join(words[:len(words)-1], " ") + " = " + words[len(words)-1] + ",\n")
		}
	}
	return b.Bytes()
}

type version struct{ blob, name string }

// codeListVersions returns each distinct text that a code list ever had, under
// whatever path, on all branches and tags.
func codeListVersions(t *testing.T, gitDir string) []version {
	t.Helper()
	names := []string{"ECCodes.h", "ECcodes.h", "ECTagTypes.h", "ECCodes.abstract", "ECTagTypes.abstract"}
	arguments := []string{"log", "--all", "-m", "--raw", "--no-abbrev", "--no-renames", "--format=", "--"}
	for _, name := range names {
		arguments = append(arguments, "*"+name)
	}
	found := make(map[version]bool)
	for line := range strings.Lines(string(git(t, gitDir, arguments...))) {
		// :old-mode new-mode old-blob new-blob status<TAB>path
		change, changed, _ := strings.Cut(strings.TrimSpace(line), "\t")
		fields := strings.Fields(change)
		name := path.Base(changed)
		if len(fields) == 5 && fields[4] != "D" && slices.Contains(names, name) {
			found[version{fields[3], name}] = true
		}
	}
	var versions []version
	for v := range found {
		versions = append(versions, v)
	}
	slices.SortFunc(versions, func(a, b version) int { return strings.Compare(a.name+a.blob, b.name+b.blob) })
	return versions
}

func git(t *testing.T, gitDir string, arguments ...string) []byte {
	t.Helper()
	output, err := exec.Command("git", append([]string{"--git-dir", gitDir}, arguments...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return output
}
