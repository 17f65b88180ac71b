package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestDocWritesTheReference(t *testing.T) {
	out := filepath.Join(t.TempDir(), "reference")
	stdout, stderr, code := command(t, root, "doc", "--out", out)
	lines := regexp.MustCompile(`^read   spec/ECCodes.h, .*: \d+ opcodes, \d+ tags\nread   spec/\*.yaml .*: \d+ messages.*\nwrote  .*reference: (\d+) of (\d+) files\n$`).FindStringSubmatch(stdout)
	if code != good || stderr != "" || lines == nil || lines[1] != lines[2] {
		t.Fatalf("exit code %d\n%s%s", code, stdout, stderr)
	}
	for _, name := range []string{"index.html", "wire.html", "messages-files.html", "codes.html", "site.css", "site.js", "search.js"} {
		if info, err := os.Stat(filepath.Join(out, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDocTouchesOnlyWhatIsItsOwnAndStale(t *testing.T) {
	out := t.TempDir()
	command(t, root, "doc", "--out", out)
	const made = "<!doctype html>\n<!-- Made by ecgen doc. -->\n"
	writeFile(t, filepath.Join(out, "messages-gone.html"), made)
	writeFile(t, filepath.Join(out, "wire.html"), made)
	writeFile(t, filepath.Join(out, "mine.html"), "<!doctype html>\n<p>mine")
	writeFile(t, filepath.Join(out, "notes.md"), "mine")
	stdout, stderr, code := command(t, root, "doc", "--out", out)
	if code != good || stderr != "" || !regexp.MustCompile(`: 1 of \d+ files, removed 1\n`).MatchString(stdout) {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
	for name, want := range map[string]bool{"messages-gone.html": false, "mine.html": true, "notes.md": true} {
		if _, err := os.Stat(filepath.Join(out, name)); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Pages of the other format may stand beside them.
	if _, stderr, code := command(t, root, "doc", "--format", "markdown", "--out", out); code != good {
		t.Error(code, stderr)
	}
	for _, name := range []string{"index.html", "index.md"} {
		if _, err := os.Stat(filepath.Join(out, name)); err != nil {
			t.Error(err)
		}
	}
}

func TestDocWritesNothingWhenSomethingIsWrong(t *testing.T) {
	broken := t.TempDir()
	for _, name := range []string{"ECCodes.h", "features.yaml"} {
		content, err := os.ReadFile(filepath.Join(root, "cmd/ecgen/testdata/features", name))
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(broken, name), strings.Replace(string(content), "type: string", "type: strung", 1))
	}
	file := filepath.Join(t.TempDir(), "file")
	writeFile(t, file, "mine")
	for name, test := range map[string]struct {
		args []string
		code int
		says string
	}{
		"a spec with a fault": {[]string{"--spec", broken}, findings, "strung"},
		"no spec":             {[]string{"--spec", t.TempDir()}, failed, "no *.yaml files"},
		"an unknown format":   {[]string{"--format", "pdf"}, failed, "want html or markdown"},
		"an argument":         {[]string{"here"}, failed, "unexpected argument"},
	} {
		out := filepath.Join(t.TempDir(), "reference")
		stdout, stderr, code := command(t, root, append([]string{"doc", "--out", out}, test.args...)...)
		if code != test.code || stdout != "" || !strings.Contains(stderr, test.says) {
			t.Errorf("%s: exit code %d, %q, %q", name, code, stdout, stderr)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s: something was written", name)
		}
	}
	if _, stderr, code := command(t, root, "doc"); code != failed || !strings.Contains(stderr, "--out") {
		t.Errorf("without --out: exit code %d, %q", code, stderr)
	}
	if _, stderr, code := command(t, root, "doc", "--out", file); code != failed || stderr == "" {
		t.Errorf("into a file: exit code %d, %q", code, stderr)
	}
}

func TestDocWorksOutsideTheModule(t *testing.T) {
	out := filepath.Join(t.TempDir(), "reference")
	stdout, stderr, code := command(t, t.TempDir(), "doc", "--out", out)
	if code != good || stderr != "" || !strings.Contains(stdout, "built-in spec") {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
}
