package codes

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	goodHeader = "#define MACRO 7\ntypedef int number;\n" +
		"enum Codes { A = 0x10, B };\nenum { MASK = 0xff7f7f08, LOW = -1 };\n"
	goodAbstract = "[Section Content]\nType Enum\nName Tags\nT 0x0100\n[/Section]\n"
	badHeader    = "enum Codes {\n\tA = 0xZZ,\n\tB = 1\n\tC = 2\n};\n"
)

// folder makes a folder with the files above and moves into it.
func folder(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"good.h": goodHeader, "good.abstract": goodAbstract, "bad.h": badHeader, "empty.h": "",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
}

func TestRun(t *testing.T) {
	folder(t)
	const tsv = "A\t16\tCodes\nB\t17\tCodes\nMASK\t4286545672\t\nLOW\t-1\t\n"
	const badFindings = `bad.h:2:6: 0xZZ: not a number
    	A = 0xZZ,
    	    ^
bad.h:3:7: , is missing before C
    	B = 1
    	     ^
2 findings
`
	for _, test := range []struct {
		name           string
		args           string
		stdin          string
		code           int
		stdout, stderr string
	}{
		{"a line for each enumerator, in the order of the file", "good.h", "", 0, tsv, ""},
		{"tsv may be asked for", "--format tsv good.h", "", 0, tsv, ""},
		{"several files, one after another", "good.abstract good.h", "", 0, "T\t256\tTags\n" + tsv, ""},
		{"standard input", "-", goodHeader, 0, tsv, ""},
		{"an abstract file on standard input", "-", goodAbstract, 0, "T\t256\tTags\n", ""},
		{"a file without codes", "empty.h", "", 0, "", ""},
		{"an abstract file as json", "-format=json good.abstract", "", 0,
			"[\n  {\n    \"name\": \"T\",\n    \"value\": 256,\n    \"enum\": \"Tags\",\n    \"file\": \"good.abstract\"\n  }\n]\n", ""},
		{"options may stand behind files", "empty.h --format json", "", 0, "[]\n", ""},
		{"json of nothing is an empty array", "--format json empty.h", "", 0, "[]\n", ""},
		{"findings, and nothing else for any file", "good.h bad.h", "", 1, "", badFindings},
		{"findings as json are the same", "--format json bad.h good.h", "", 1, "", badFindings},
		{"help", "--help", "", 0, usage, ""},
		{"no file", "", "", 2, "", "ecgen codes: no file is named\n\n" + usage},
		{"an unknown format", "--format xml good.h", "", 2, "", "ecgen codes: unknown format \"xml\"\n\n" + usage},
		{"an unknown flag", "--colour good.h", "", 2, "", "ecgen codes: flag provided but not defined: -colour\n\n" + usage},
		{"a file that is not there", "good.h absent.h", "", 2, "", "ecgen codes: open absent.h: no such file or directory\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			code := run(strings.Fields(test.args), strings.NewReader(test.stdin), &stdout, &stderr)
			if code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			if stdout.String() != test.stdout {
				t.Errorf("standard output:\n%s\nwant:\n%s", &stdout, test.stdout)
			}
			if stderr.String() != test.stderr {
				t.Errorf("standard error:\n%s\nwant:\n%s", &stderr, test.stderr)
			}
		})
	}
}

func TestRunSaysWhenItCannotWrite(t *testing.T) {
	folder(t)
	for _, format := range []string{"tsv", "json"} {
		var stderr bytes.Buffer
		code := Run([]string{"--format", format, "good.h"}, brokenPipe{}, &stderr)
		if want := "ecgen codes: broken pipe\n"; code != 2 || stderr.String() != want {
			t.Errorf("%s: exit code %d and %q, want 2 and %q", format, code, &stderr, want)
		}
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestFindingsAreColouredOnTerminalsOnly(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "output"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if isTerminal(file) {
		t.Error("a file passes for a terminal")
	}
	if isTerminal(new(bytes.Buffer)) {
		t.Error("a buffer passes for a terminal")
	}
}
