package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
	"github.com/ecgen/ecgen/session/amuletest/required"
)

// changedSpec makes a repository whose spec was committed and then changed. It
// returns its directory and the place of the change.
func changedSpec(t *testing.T) (directory string, at diag.Position) {
	t.Helper()
	required.Programs(t, "git")
	directory = t.TempDir()
	spec := filepath.Join(directory, "docs", "spec")
	if err := os.CopyFS(spec, os.DirFS(filepath.Join(root, "cmd/ecgen/testdata/features"))); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"init", "--quiet"},
		{"add", "."},
		{"-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false", "commit", "--quiet", "--message", "Begin"},
		{"tag", "v1"},
	} {
		if _, err := git(directory, args...); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(spec, "features.yaml")
	yaml, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const tag = "      - tag: "
	before, after, found := strings.Cut(string(yaml), tag+"CAN_DO\n        type: empty\n")
	if !found {
		t.Fatalf("%s has no CAN_DO", file)
	}
	writeFile(t, file, before+tag+"CAN_DO\n        type: uint8\n"+after)
	return directory, diag.Position{File: "docs/spec/features.yaml", Line: strings.Count(before, "\n") + 1, Column: len(tag) + 1}
}

func TestBreakingComparesWithARevisionOrADirectory(t *testing.T) {
	directory, at := changedSpec(t)
	for _, ref := range []string{"HEAD", "v1", filepath.Join(root, "cmd/ecgen/testdata/features")} {
		stdout, stderr, code := command(t, directory, "breaking", "--spec", "docs/spec", "--against", ref)
		if code != findings || stderr != "" ||
			!strings.Contains(stdout, at.String()+": TAG_TYPE_CHANGED: retyped tag CAN_DO in ASK from client: uint8, was empty\n") ||
			!strings.Contains(stdout, "GO_FIELD_TYPE_CHANGED: Ask.CanDo is a uint8, was a bool\n") ||
			!strings.HasSuffix(stdout, "2 findings\n") {
			t.Errorf("against %s: exit code %d\n%s%s", ref, code, stdout, stderr)
		}
	}
	for _, test := range []struct {
		args string
		code int
	}{
		{"--against docs/spec", good},
		{"--against HEAD --except TAG_TYPE_CHANGED,GO_API", good},
		{"--against HEAD --only MESSAGE_REMOVED", good},
		{"--against HEAD --only WIRE", findings},
		{"--against nowhere", failed},
		{"--against HEAD:docs", failed},
		{"--against=--output=x", failed},
	} {
		stdout, stderr, code := command(t, directory, append(strings.Fields("breaking --spec docs/spec"), strings.Fields(test.args)...)...)
		if code != test.code {
			t.Errorf("%s: exit code %d\n%s%s", test.args, code, stdout, stderr)
		}
	}
}

// A CI often has only the last commit.
func TestBreakingSaysThatACloneIsShallow(t *testing.T) {
	directory, _ := changedSpec(t)
	clone := filepath.Join(t.TempDir(), "clone")
	if _, err := git(directory, "clone", "--quiet", "--depth=1", "file://"+directory, clone); err != nil {
		t.Fatal(err)
	}
	for in, shallow := range map[string]bool{clone: true, directory: false} {
		_, stderr, code := command(t, in, "breaking", "--spec", "docs/spec", "--against", "v0")
		if code != failed || strings.Contains(stderr, "git fetch --unshallow") != shallow {
			t.Errorf("in %s: exit code %d\n%s", in, code, stderr)
		}
	}
}

func TestBreakingPrintsJSONForPrograms(t *testing.T) {
	directory, at := changedSpec(t)
	stdout, _, code := command(t, directory, "breaking", "--json", "--spec", "docs/spec", "--against", "v1", "--only", "WIRE")
	var got []map[string]any
	if err := json.Unmarshal([]byte(stdout), &got); err != nil || code != findings || len(got) != 1 {
		t.Fatalf("exit code %d, %v\n%s", code, err, stdout)
	}
	for key, want := range map[string]any{"rule": "TAG_TYPE_CHANGED", "category": "WIRE", "file": at.File, "line": float64(at.Line), "column": float64(at.Column)} {
		if got[0][key] != want {
			t.Errorf("%s is %v, want %v", key, got[0][key], want)
		}
	}
	stdout, _, code = command(t, directory, "breaking", "--json", "--spec", "docs/spec", "--against", "docs/spec")
	if code != good || stdout != "[]\n" {
		t.Errorf("without findings: exit code %d, %q", code, stdout)
	}
}
