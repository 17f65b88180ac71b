package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
	"github.com/ecgen/ecgen/session/amuletest"
)

func TestTheReadmesProgramCompilesAndRuns(t *testing.T) {
	output, err := buildReadme(t, 0).CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, output)
	}
	if want := "GET_SHARED_FILES is 00000022000000021000\n"; string(output) != want {
		t.Errorf("prints %q, want %q", output, want)
	}
}

func TestTheReadmesSessionPrintsARealQueue(t *testing.T) {
	daemon := amuletest.StartDaemon(t, nil)
	client, err := amuletest.Dial(t, daemon.Address, session.Options{Password: session.NewPassword(amuletest.Password)})
	if err != nil {
		t.Fatal(err)
	}
	const link = "ed2k://|file|debian.iso|734003200|0123456789abcdef0123456789abcdef|/"
	if _, err := session.Call(t.Context(), client, &ec.AddLink{Links: []ec.Link{{URL: link}}}); err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	if err := os.Symlink(daemon.Folder, filepath.Join(home, ".aMule")); err != nil {
		t.Fatal(err)
	}
	program := buildReadme(t, 1)
	var output []byte
	err = amuletest.Persist(t, func() (err error) {
		cmd := exec.Command(program.Path)
		cmd.Env = append(os.Environ(), "HOME="+home)
		output, err = cmd.CombinedOutput()
		if strings.Contains(string(output), session.ErrConnectionLost.Error()) {
			return session.ErrConnectionLost
		}
		return err
	})
	if want := "0 of 734003200 bytes of debian.iso\n"; err != nil || string(output) != want {
		t.Errorf("prints %q, want %q; %v", output, want, err)
	}
}

// The example of package session is the README's program, so that it does what
// that does.
func TestTheReadmesSessionIsTheExample(t *testing.T) {
	examples, err := os.ReadFile(filepath.Join(root, "session", "example_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	_, body, ok := strings.Cut(readmeProgram(t, 1), "func main() {")
	if !ok || !strings.Contains(string(examples), "func Example() {"+body) {
		t.Errorf("session/example_test.go has no such example: %s", body)
	}
}

// readmeProgram returns one of the README's programs.
func readmeProgram(t *testing.T, program int) string {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(readme), "```go\n")
	if len(parts) < program+2 {
		t.Fatalf("the README has %d Go programs", len(parts)-1)
	}
	source, _, _ := strings.Cut(parts[program+1], "```\n")
	return source
}

// buildReadme builds one of the README's programs in a module of its own.
func buildReadme(t *testing.T, program int) *exec.Cmd {
	t.Helper()
	source := readmeProgram(t, program)
	directory := userModule(t)
	writeFile(t, filepath.Join(directory, "main.go"), source)
	goTool(t, directory, "vet", ".")
	goTool(t, directory, "build", "-o", "program", ".")
	return exec.Command(filepath.Join(directory, "program"))
}

func TestTheReadmesCommandsExist(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"} {
		if !strings.Contains(string(readme), "("+name+")") {
			t.Errorf("the README does not link to %s", name)
		}
		if _, err := os.Stat(filepath.Join(root, name)); err != nil {
			t.Error(err)
		}
	}
	for _, command := range []string{"go run ./cmd/ecgen", "go test ./..."} {
		if !strings.Contains(string(readme), "\n    "+command) {
			t.Errorf("the README does not give %q", command)
		}
	}
}
