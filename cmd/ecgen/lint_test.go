package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

func TestLintHasAStubForEachNewCode(t *testing.T) {
	name, err := filepath.Abs("testdata/lint/stubs.txtar")
	if err != nil {
		t.Fatal(err)
	}
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	directory := unpack(t, archive)
	stdout, stderr, code := command(t, directory, "lint", "--spec", "spec", "--headers", "newer", "--stubs")
	if code != findings {
		t.Errorf("exit code %d", code)
	}
	want := archive.Files[len(archive.Files)-2:]
	if *update {
		want[0].Data, want[1].Data = []byte(stdout), []byte(stderr)
		if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for i, got := range []string{stdout, stderr} {
		if diff := cmp.Diff(string(want[i].Data), got); diff != "" {
			t.Errorf("%s (-want +got), -update accepts it:\n%s", want[i].Name, diff)
		}
	}
}

// Stubs are a spec file: beside the others, the messages are placed, and only
// what TODO marks is open.
func TestStubsCanBeReadAsTheyAre(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/lint/stubs.txtar")
	if err != nil {
		t.Fatal(err)
	}
	directory := unpack(t, archive)
	newer := []string{"lint", "--spec", "spec", "--headers", "newer"}
	stubs, _, _ := command(t, directory, append(newer, "--stubs")...)
	writeFile(t, filepath.Join(directory, "spec", "stubs.yaml"), stubs)
	yaml, err := os.ReadFile("spec/spec.yaml")
	if err != nil {
		t.Fatal(err)
	}
	taken := strings.Replace(string(yaml), "doc: Little.}\n", "doc: Little.}\n      - {name: HIGH, value: 0x1, doc: TODO}\n", 1)
	taken = strings.Replace(taken, "      - {tag: ITEM, type: Item, doc: The thing.}\n", "      - {tag: ITEM, type: Item, doc: The thing.}\n      - group: new_tags\n", 1)
	writeFile(t, filepath.Join(directory, "spec", "spec.yaml"), taken)
	stdout, stderr, code := command(t, directory, append(newer, "--stubs")...)
	if code != findings || stdout != "" || strings.Contains(stderr, "neither used") || !strings.Contains(stderr, `"TODO" is not one of the releases`) {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
}

func TestNothingNewHasNoStubs(t *testing.T) {
	stdout, stderr, code := command(t, root, "lint", "--stubs")
	if code != good || stdout != "" || stderr != "" {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
}
