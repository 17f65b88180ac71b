package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheReadmesProgramCompilesAndRuns(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, program, _ := strings.Cut(string(readme), "```go\n")
	program, _, found := strings.Cut(program, "```\n")
	if !found {
		t.Fatal("the README has no Go program")
	}
	directory := userModule(t)
	writeFile(t, filepath.Join(directory, "main.go"), program)
	goTool(t, directory, "vet", ".")
	cmd := exec.Command("go", "run", ".")
	cmd.Dir = directory
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	output, err := cmd.CombinedOutput()
	if want := "GET_SHARED_FILES is 00000022000000021000\n"; err != nil || string(output) != want {
		t.Errorf("%v: prints %q, want %q", err, output, want)
	}
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
