package planted_test

import (
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/fuzz/planted"
)

const root = "../.."

// When the code changes, a bug may have to be written again.
func TestEveryBugCanBePlanted(t *testing.T) {
	if len(planted.Bugs) < 20 {
		t.Errorf("there are %d bugs, want at least 20", len(planted.Bugs))
	}
	seen := map[string]bool{}
	for _, bug := range planted.Bugs {
		if seen[bug.Name] || !token.IsIdentifier(bug.Name) || bug.Doc == "" || len(bug.Edits) == 0 {
			t.Errorf("bug %q is there twice, or incomplete", bug.Name)
		}
		seen[bug.Name] = true
		if _, err := planted.Overlay(root, t.TempDir(), []planted.Bug{bug}); err != nil {
			t.Error(err)
		}
	}
}

// The repository has no trace of them, and a build with all bugs behaves as
// one without while none is alive.
func TestBugsSleepUntilTheyAreNamed(t *testing.T) {
	for _, folder := range []string{"codec", "generated/ec"} {
		files, err := filepath.Glob(filepath.Join(root, folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(source), planted.Variable) {
				t.Errorf("%s mentions planted bugs", file)
			}
		}
	}
	if testing.Short() {
		t.Skip("SKIPPED: a build with all bugs, because of -short")
	}
	overlay, err := planted.Overlay(root, t.TempDir(), planted.Bugs)
	if err != nil {
		t.Fatal(err)
	}
	trial := filepath.Join(t.TempDir(), "trial.exe")
	build := exec.Command("go", "build", "-overlay", overlay, "-o", trial, "./fuzz/planted/trial")
	build.Dir = root
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("with all bugs planted it does not compile: %v\n%s", err, output)
	}
	for bug, alive := range map[string]bool{"": false, "OverlongNumber": true} {
		replay := exec.Command(trial, "replay", root)
		replay.Env = append(os.Environ(), planted.Variable+"="+bug)
		output, err := replay.CombinedOutput()
		if err != nil || (len(output) > 0) != alive {
			t.Errorf("with %q alive: %v\n%s", bug, err, output)
		}
	}
}

func TestAnEditThatDoesNotFitIsAnError(t *testing.T) {
	for _, edit := range []planted.Edit{
		{File: "codec/number.go", In: "func noSuchFunction(", Old: "x", New: "y"},
		{File: "codec/number.go", In: "func readNumber(", Old: "no such text", New: "y"},
		{File: "codec/number.go", In: "func readNumber(", Old: "v", New: "y"},
		{File: "codec/no_such_file.go"},
	} {
		if _, err := planted.Overlay(root, t.TempDir(), []planted.Bug{{Name: "Test", Edits: []planted.Edit{edit}}}); err == nil {
			t.Errorf("%+v is made", edit)
		}
	}
}
