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
	output := runReadme(t, 0)
	if want := "GET_SHARED_FILES is 00000022000000021000\n"; output != want {
		t.Errorf("prints %q, want %q", output, want)
	}
}

func TestTheReadmesSessionPrintsARealQueue(t *testing.T) {
	daemon := amuletest.StartDaemon(t, nil)
	client, err := session.Dial(t.Context(), daemon.Address, session.Options{Password: session.NewPassword(amuletest.Password)})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	const link = "ed2k://|file|debian.iso|734003200|0123456789abcdef0123456789abcdef|/"
	if _, err := session.Call(t.Context(), client, &ec.AddLink{Links: []ec.Link{{URL: link}}}); err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	if err := os.Symlink(daemon.Folder, filepath.Join(home, ".aMule")); err != nil {
		t.Fatal(err)
	}
	output := runReadme(t, 1, "HOME="+home)
	if want := "0 of 734003200 bytes of debian.iso\n"; output != want {
		t.Errorf("prints %q, want %q", output, want)
	}
}

// runReadme runs one of the README's programs in a module of its own, and
// returns what it prints.
func runReadme(t *testing.T, program int, environment ...string) string {
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
	directory := userModule(t)
	writeFile(t, filepath.Join(directory, "main.go"), source)
	goTool(t, directory, "vet", ".")
	goTool(t, directory, "build", "-o", "program", ".")
	cmd := exec.Command(filepath.Join(directory, "program"))
	cmd.Env = append(os.Environ(), environment...)
	output, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, output)
	}
	return string(output)
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
