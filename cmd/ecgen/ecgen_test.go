package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ecgen/ecgen/session/amuletest/required"
)

// root is ecgen's own module, two levels above this folder.
var root = func() string {
	here, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	return filepath.Join(here, "..", "..")
}()

// command runs a command line in a directory, as a user would.
func command(t *testing.T, directory string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	t.Chdir(directory)
	var out, errs bytes.Buffer
	code = run(args, &out, &errs)
	return out.String(), errs.String(), code
}

func TestGeneratedFilesAreUpToDate(t *testing.T) {
	stdout, stderr, code := command(t, root, "check")
	if code != good || stdout != "" || stderr != "" {
		t.Errorf("ecgen check exits with %d; run go generate ./...\n%s%s", code, stdout, stderr)
	}
}

// What else is made from the spec does not depend on how its places are written.
func TestItsOwnPlacesAreKnownByAnyName(t *testing.T) {
	stdout, stderr, code := command(t, root, "--out", "./generated/ec/", "--spec", "spec")
	for _, want := range []string{"wrote  spec: 0 of 1 files\n", "wrote  generated: 0 of 3 files\n"} {
		if code != good || !strings.Contains(stdout, want) {
			t.Errorf("exit code %d, no %q in\n%s%s", code, want, stdout, stderr)
		}
	}
}

func TestTheSpecHasNoFindings(t *testing.T) {
	stdout, stderr, code := command(t, root, "lint")
	if code != good || stdout != "" || stderr != "" {
		t.Errorf("ecgen lint exits with %d\n%s%s", code, stdout, stderr)
	}
}

// userModule makes a module of a user's own that requires this one. Compiling
// there takes long, so short runs skip the test.
func userModule(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: modules of users' own, because of -short")
	}
	directory := t.TempDir()
	own, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	_, requirements, _ := strings.Cut(string(own), "\n")
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(directory, "go.mod"), fmt.Sprintf(
		"module example.org/mine\n%s\nrequire %s v0.0.0\n\nreplace %s => %s\n", requirements, module, module, root))
	writeFile(t, filepath.Join(directory, "go.sum"), string(sum))
	return directory
}

func writeFile(t *testing.T, name, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func goTool(t *testing.T, directory string, args ...string) {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = directory
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, output)
	}
}

func TestAUsersModuleCompilesAndPassesItsGeneratedTests(t *testing.T) {
	for _, test := range []struct {
		name string
		args []string
	}{
		{"built-in spec", nil},
		{"every feature of the schema", []string{"--spec", filepath.Join(root, "cmd/ecgen/testdata/features")}},
	} {
		t.Run(test.name, func(t *testing.T) {
			directory := userModule(t)
			stdout, stderr, code := command(t, directory, append(test.args, "--out", "amule", "--package", "wire")...)
			if code != good || stderr != "" || !strings.Contains(stdout, "wrote  amule: ") {
				t.Fatalf("exit code %d\n%s%s", code, stdout, stderr)
			}
			goTool(t, directory, "vet", "./...")
			goTool(t, directory, "test", "./...")
			if stdout, stderr, code := command(t, directory, append([]string{"check", "--out", "amule", "--package", "wire"}, test.args...)...); code != good {
				t.Errorf("check exits with %d\n%s%s", code, stdout, stderr)
			}
		})
	}
}

// A module that was only told to require this one lacks what "go mod tidy" adds
// when something in it is imported, which needs the generated package first.
func TestAModuleNeedsNoMoreThanTheRequirement(t *testing.T) {
	directory := t.TempDir()
	mod := fmt.Sprintf("module example.org/new\n\ngo 1.26\n\nrequire %s v0.0.0\n\nreplace %[1]s => %s\n", module, root)
	writeFile(t, filepath.Join(directory, "go.mod"), mod)
	stdout, stderr, code := command(t, directory, "--out", "ec")
	if code != good || stderr != "" || !strings.Contains(stdout, "wrote  ec: ") {
		t.Fatalf("exit code %d\n%s%s", code, stdout, stderr)
	}
	if now, err := os.ReadFile("go.mod"); err != nil || string(now) != mod {
		t.Errorf("go.mod was changed: %v\n%s", err, now)
	}
	if _, err := os.Stat("go.sum"); !os.IsNotExist(err) {
		t.Error("there is a go.sum")
	}
	goTool(t, directory, "vet", "./ec")
}

func TestWithoutArgumentsElsewhereItSaysWhatIsMissing(t *testing.T) {
	stdout, stderr, code := command(t, t.TempDir())
	if code != failed || stdout != "" || !strings.Contains(stderr, "--out") {
		t.Errorf("exit code %d, %q, %q", code, stdout, stderr)
	}
}

func TestAModuleThatDoesNotRequireThisOneIsTold(t *testing.T) {
	directory := t.TempDir()
	writeFile(t, filepath.Join(directory, "go.mod"), "module example.org/other\n\ngo 1.26\n")
	_, stderr, code := command(t, directory, "--out", "ec")
	if code != failed || !strings.Contains(stderr, "does its module require them?") {
		t.Errorf("exit code %d, %q", code, stderr)
	}
	if entries, _ := os.ReadDir(filepath.Join(directory, "ec")); len(entries) > 0 {
		t.Errorf("wrote %v", entries)
	}
}

func TestOnlyWhatChangedIsWrittenAndStaleFilesAreRemoved(t *testing.T) {
	generated, err := filepath.Glob(filepath.Join(root, "generated", "ec", "*_gen*.go"))
	if err != nil {
		t.Fatal(err)
	}
	all := len(generated)
	directory := userModule(t)
	generate := func(wantWrote string) {
		t.Helper()
		stdout, stderr, code := command(t, directory, "--out", "ec")
		if code != good || !strings.Contains(stdout, wantWrote) {
			t.Fatalf("exit code %d, want %q in\n%s%s", code, wantWrote, stdout, stderr)
		}
	}
	generate(fmt.Sprintf("wrote  ec: %d of %[1]d files", all))
	out := filepath.Join(directory, "ec")
	old := time.Now().Add(-time.Hour).Truncate(time.Second)
	untouched := filepath.Join(out, "files_gen.go")
	if err := os.Chtimes(untouched, old, old); err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(out, "mine_gen.go")
	writeFile(t, foreign, "// Code generated by another tool. DO NOT EDIT.\n\npackage ec\n")
	writeFile(t, filepath.Join(out, "gone_gen.go"), "// Code generated by ecgen. DO NOT EDIT.\n\npackage ec\n")
	writeFile(t, filepath.Join(out, "stats_gen.go"), "// Code generated by ecgen. DO NOT EDIT.\n\npackage ec\n")
	if err := os.Remove(filepath.Join(out, "log_gen.go")); err != nil {
		t.Fatal(err)
	}

	stdout, _, code := command(t, directory, "check", "--out", "ec")
	want := "ec/log_gen.go: missing\nec/stats_gen.go: stale\nec/gone_gen.go: superfluous\n"
	if code != findings || stdout != want {
		t.Errorf("check exits with %d and prints\n%swant\n%s", code, stdout, want)
	}
	generate(fmt.Sprintf("wrote  ec: 2 of %d files, removed 1", all))
	if info, err := os.Stat(untouched); err != nil || !info.ModTime().Equal(old) {
		t.Errorf("a file that was up to date was written: %v", err)
	}
	if _, err := os.Stat(foreign); err != nil {
		t.Errorf("another tool's file was removed: %v", err)
	}
}

func TestNothingIsWrittenWhenTheInputHasFaults(t *testing.T) {
	directory := userModule(t)
	for name, edit := range map[string]func(string) string{
		"spec/stats.yaml": func(text string) string {
			return strings.Replace(text, "tag: STATS_UL_SPEED\n", "tag: STATS_UL_SPED\n", 1)
		},
		"spec/ECCodes.h": func(text string) string {
			return strings.Replace(text, "EC_OP_NOOP", "EC_OP_NOOP = 0xZZ, EC_OP_NOPE", 1)
		},
	} {
		spec := filepath.Join(directory, "spec")
		if err := os.RemoveAll(spec); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(spec, os.DirFS(filepath.Join(root, "spec"))); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(directory, name)
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, file, edit(string(content)))
		stdout, stderr, code := command(t, directory, "--spec", "spec", "--out", "ec")
		if code != findings || stdout != "" || !strings.HasPrefix(stderr, name+":") {
			t.Errorf("%s: exit code %d, %q, %q", name, code, stdout, stderr)
		}
		if _, err := os.Stat(filepath.Join(directory, "ec")); !os.IsNotExist(err) {
			t.Errorf("%s: something was written", name)
		}
	}
}

func TestHeadersOfAnotherTreeAreFound(t *testing.T) {
	for _, place := range []string{".", "src/libs/ec/cpp"} {
		directory := userModule(t)
		tree := filepath.Join(directory, "tree")
		for _, name := range []string{"ECCodes.h", "ECTagTypes.h"} {
			content, err := os.ReadFile(filepath.Join(root, "spec", name))
			if err != nil {
				t.Fatal(err)
			}
			text := strings.Replace(string(content), "EC_OP_NOOP", "EC_OP_BRAND_NEW = 0xF0,\n\tEC_OP_NOOP", 1)
			text = strings.Replace(text, "EC_SEARCH_LOCAL", "EC_SEARCH_NEWEST = 0x70,\n\tEC_SEARCH_LOCAL", 1)
			writeFile(t, filepath.Join(tree, place, name), text)
		}
		stdout, stderr, code := command(t, directory, "--headers", "tree", "--out", "ec")
		if code != good || !strings.Contains(stdout, "tree/") || !strings.Contains(stderr, "lint has 2 findings") {
			t.Errorf("%s: exit code %d\n%s%s", place, code, stdout, stderr)
		}
		_, stderr, code = command(t, directory, "lint", "--headers", "tree")
		if code != findings || !strings.Contains(stderr, "BRAND_NEW is neither used by a message nor listed as unused") ||
			!strings.Contains(stderr, "NEWEST of EC_SEARCH_TYPE is missing in the enum SearchType") {
			t.Errorf("%s: lint exits with %d\n%s", place, code, stderr)
		}
	}
	_, stderr, code := command(t, t.TempDir(), "lint", "--headers", ".")
	if code != failed || !strings.Contains(stderr, "no ECCodes.h") {
		t.Errorf("no headers: exit code %d, %q", code, stderr)
	}
}

// An aMule before 3.1 has less than the spec, which is no fault.
func TestOfOlderHeadersWhatTheyLackIsLeftOut(t *testing.T) {
	directory := userModule(t)
	gone := regexp.MustCompile(`(?m)^\s*(EC_OP_SEARCH_LIST|EC_TAG_PARTFILE_NAME|EC_TAG_SERVER\w*|EC_SEARCH_KAD|EC_TAG_CAN_ZLIB)\b.*\n`)
	for _, name := range []string{"ECCodes.h", "ECTagTypes.h"} {
		content, err := os.ReadFile(filepath.Join(root, "spec", name))
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(directory, "old", name), gone.ReplaceAllString(string(content), ""))
	}
	stdout, stderr, code := command(t, directory, "--headers", "old", "--out", "ec")
	if code != good || !strings.Contains(stdout, "left out ") {
		t.Fatalf("exit code %d\n%s%s", code, stdout, stderr)
	}
	goTool(t, directory, "vet", "./ec")
	for name, want := range map[string]bool{"type PartFile struct": true, "type Server struct": false, "TagPartFileName": false, "SearchTypeKad": false, "OpSearchList": false} {
		files, err := filepath.Glob(filepath.Join(directory, "ec", "*_gen.go"))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			found = found || strings.Contains(string(text), name)
		}
		if found != want {
			t.Errorf("%q is generated: %t", name, found)
		}
	}
	misspelt := filepath.Join(directory, "spec")
	if err := os.CopyFS(misspelt, os.DirFS(filepath.Join(root, "spec"))); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(misspelt, "more.yaml"), "messages:\n  - {opcode: NOOPE, from: both, go: More, doc: More., tags: []}\n")
	_, stderr, code = command(t, directory, "--headers", "old", "--spec", "spec", "--out", "ec")
	if code != findings || !strings.Contains(stderr, `unknown opcode "NOOPE"`) || !strings.HasPrefix(stderr, "spec/more.yaml:2:") {
		t.Errorf("what no headers have: exit code %d\n%s", code, stderr)
	}
}

// AMULE_SOURCE names Debian's unpacked source package, of an aMule before 3.1.
func TestTheHeadersOfDebiansAMuleMakeAPackage(t *testing.T) {
	source := os.Getenv("AMULE_SOURCE")
	if source == "" {
		required.Missing(t, "AMULE_SOURCE names no unpacked source package of Debian's aMule")
	}
	directory := userModule(t)
	stdout, stderr, code := command(t, directory, "--headers", source, "--out", "ec")
	if code != good || !strings.Contains(stdout, "79 opcodes") || !strings.Contains(stdout, "left out ") {
		t.Fatalf("exit code %d\n%s%s", code, stdout, stderr)
	}
	goTool(t, directory, "test", "./ec")
}

func TestCommandLines(t *testing.T) {
	for _, test := range []struct {
		args           string
		code           int
		stdout, stderr string // parts of what is printed
	}{
		{"--help", good, "Verbs (without one: generate)", ""},
		{"help", good, "ecgen codes ECCodes.h", ""},
		{"generate --help", good, "-package name", ""},
		{"check --help", good, "Writes nothing", ""},
		{"lint --help", good, "-headers directory", ""},
		{"codes --help", good, "FILE", ""},
		{"diff one two --json", failed, "", "one: no such file"},
		{"diff --help", good, "OLD and NEW are each", ""},
		{"breaking --help", good, "REF is a directory", ""},
		{"explain --help", good, "ecgen explain [RULE]", ""},
		{"audit --help", good, "FILE...", ""},
		{"describe --help", good, "generated/protocol.json", ""},
		{"describe --schema", good, `"$schema": "https://json-schema.org/draft/2020-12/schema"`, ""},
		{"describe", good, `"protocol_version": 516`, ""},
		{"describe --spec nowhere", failed, "", "no *.yaml files in nowhere"},
		{"dissector --help", good, "generated/amule_ec.lua", ""},
		{"dissector", good, "Code generated by ecgen. DO NOT EDIT.", ""},
		{"dissector more", failed, "", `unexpected argument "more"`},
		{"describe more", failed, "", `unexpected argument "more"`},
		{"version", good, "ecgen ", ""},
		{"explain", good, "WIRE    TAG_MOVED", ""},
		{"explain TAG_MOVED", good, "Before:", ""},
		{"explain DOUBLED_VALUE", good, "Example:", ""},
		{"explain TAG_MOVE", failed, "", `did you mean "TAG_MOVED"?`},
		{"explain TAG_MOVED TAG_MOVED", failed, "", "unexpected argument"},
		{"diff", failed, "", "an argument is missing"},
		{"diff one", failed, "", "an argument is missing"},
		{"diff one two three", failed, "", `unexpected argument "three"`},
		{"diff one two", failed, "", "one: no such file"},
		{"diff . .", failed, "", "no ECCodes.h"},
		{"breaking", failed, "", "--against REF"},
		{"breaking --against nowhere", failed, "", "the built-in spec has no history"},
		{"breaking --against . ", failed, "", "no *.yaml files in ."},
		{"breaking --against . --only TAG_MOVE", failed, "", `unknown rule "TAG_MOVE"`},
		{"audit", failed, "", "an argument is missing"},
		{"audit nothing.go", failed, "", "nothing.go: no such file"},
		{"audit .", failed, "", "there are no names of codes"},
		{"generat", failed, "", `unknown verb "generat"`},
		{"--nonsense", failed, "", "not defined: -nonsense"},
		{"check more", failed, "", `unexpected argument "more"`},
		{"--out ec --package 9", failed, "", `"9" cannot be a package's name`},
		{"--spec nowhere --out ec", failed, "", "no *.yaml files in nowhere"},
	} {
		stdout, stderr, code := command(t, t.TempDir(), strings.Fields(test.args)...)
		if code != test.code || !strings.Contains(stdout, test.stdout) || !strings.Contains(stderr, test.stderr) {
			t.Errorf("ecgen %s exits with %d and prints\n%s%s", test.args, code, stdout, stderr)
		}
	}
}
