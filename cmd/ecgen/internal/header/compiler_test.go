package header_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/ecgen/ecgen/session/amuletest/required"
)

// types stand in for what aMule's headers take from aMule and wxWidgets.
const types = `#include <stdint.h>
typedef uint8_t uint8;
typedef uint16_t uint16;
typedef uint32_t uint32;
typedef uint64_t uint64;
struct wxString { static wxString Format(const void*, ...) { return wxString(); } };
#define wxT(text) text
`

func requireCompiler(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: the comparison with a C++ compiler, because of -short")
	}
	required.Programs(t, "g++")
}

// compile compiles a program that begins with types and with a header.
func compile(t *testing.T, dir, headerPath, program string, arguments ...string) error {
	t.Helper()
	for name, text := range map[string]string{"stand-ins.h": types, "Types.h": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	arguments = append(arguments, "-x", "c++", "-std=gnu++17", "-I", dir,
		"-include", filepath.Join(dir, "stand-ins.h"), "-include", headerPath, "-")
	command := exec.Command("g++", arguments...)
	command.Stdin = strings.NewReader(program)
	if message, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, message)
	}
	return nil
}

func TestTheCompilerAgreesWithTheTables(t *testing.T) {
	requireCompiler(t)
	for _, form := range cppForms {
		t.Run(form.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "codes.h")
			if err := os.WriteFile(path, []byte(form.source), 0o644); err != nil {
				t.Fatal(err)
			}
			if err := compile(t, dir, path, assertions(form.want, form.scope), "-fsyntax-only", "-w"); err != nil {
				t.Error(err)
			}
		})
	}
}

// assertions is a program that compiles only if every enumerator has its value.
// The scope of some names is written NAME=SCOPE::, or NAME=- where a name stands
// for several and is not looked at.
func assertions(want, scopes string) string {
	scope := make(map[string]string)
	for pair := range strings.SplitSeq(scopes, ",") {
		name, prefix, _ := strings.Cut(pair, "=")
		scope[name] = prefix
	}
	var program strings.Builder
	for line := range strings.SplitSeq(want, ", ") {
		var name, value, enum string
		if _, err := fmt.Sscan(line, &name, &value, &enum); err != nil || scope[name] == "-" {
			continue
		}
		fmt.Fprintf(&program, "static_assert((__int128)%s%s == (__int128)(%s), %q);\n", scope[name], name, literal(value), line)
	}
	return program.String()
}

// literal writes a value so that the compiler takes it without a warning.
func literal(value string) string {
	if value == "-9223372036854775808" {
		return "-9223372036854775807 - 1"
	}
	if !strings.HasPrefix(value, "-") {
		return value + "u"
	}
	return value
}

func TestTheCompilerRefusesWhatTheGoldenErrorsRefuse(t *testing.T) {
	requireCompiler(t)
	for _, path := range goldenErrors(t) {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		source := archive.Files[0]
		if !strings.HasSuffix(source.Name, ".h") {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "codes.h")
			if err := os.WriteFile(path, source.Data, 0o644); err != nil {
				t.Fatal(err)
			}
			if err := compile(t, dir, path, "", "-fsyntax-only", "-pedantic-errors"); err == nil {
				t.Error("the compiler takes it")
			}
		})
	}
}

var (
	enumBody       = regexp.MustCompile(`\benum\b\s*(\w*)[^{;]*\{([^}]*)\}`)
	enumeratorName = regexp.MustCompile(`\w+`)
)

// compilerListing returns what a compiler says of a header of aMule, found
// without the reader that is tested: the preprocessor takes away comments and
// conditions, and a program prints the values.
func compilerListing(t *testing.T, dir, path string) (string, error) {
	t.Helper()
	preprocessed := filepath.Join(dir, "preprocessed")
	if err := compile(t, dir, path, "", "-w", "-E", "-P", "-o", preprocessed); err != nil {
		return "", err
	}
	text, err := os.ReadFile(preprocessed)
	if err != nil {
		return "", err
	}
	var program strings.Builder
	program.WriteString("#include <cstdio>\nstruct { const char *name; long long value; const char *in; } list[] = {\n")
	for _, enum := range enumBody.FindAllStringSubmatch(string(text), -1) {
		for enumerator := range strings.SplitSeq(enum[2], ",") {
			if name := enumeratorName.FindString(enumerator); name != "" {
				fmt.Fprintf(&program, "{%q, %s, %q},\n", name, name, enum[1])
			}
		}
	}
	program.WriteString("};\nint main() { for (auto &e : list) printf(\"%s %lld %s, \", e.name, e.value, *e.in ? e.in : \"-\"); }\n")
	binary := filepath.Join(dir, "list")
	if err := compile(t, dir, path, program.String(), "-w", "-o", binary); err != nil {
		return "", err
	}
	list, err := exec.Command(binary).Output()
	return strings.TrimSuffix(string(list), ", "), err
}
