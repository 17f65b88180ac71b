package main

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var oneOpcode = regexp.MustCompile(`\nweb/codes\.ts: 1 names of ECOpCodes; \d\d missing: EC_OP_AUTH_REQ, `)

func TestAuditReadsAllSourcesOfADirectory(t *testing.T) {
	directory := t.TempDir()
	for name, content := range map[string]string{
		"codes.go":                 "package codes\n\nconst (\n\tTagServer = 0x0500\n\tTagServerUsers = 0x0504\n)\n",
		"web/codes.ts":             "export const EC_OP_NOOP = 1;\n",
		"web/node_modules/else.ts": "export const EC_OP_NOOP = 2;\n",
		".hidden/else.ts":          "export const EC_OP_NOOP = 3;\n",
		"notes.txt":                "EC_OP_NOOP = 4\n",
	} {
		writeFile(t, filepath.Join(directory, name), content)
	}
	stdout, stderr, code := command(t, directory, "audit", ".")
	want := "codes.go:5:2: WRONG_VALUE: TagServerUsers is 0x0504, but 0x0505 in the spec; 0x0504 is EC_TAG_SERVER_PING\n" +
		"    \tTagServerUsers = 0x0504\n    \t^\n" +
		"codes.go: 2 names of ECTagNames; "
	if code != findings || stderr != "" || !strings.HasPrefix(stdout, want) || !oneOpcode.MatchString(stdout) {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
	for args, want := range map[string]int{
		"audit web/codes.ts":                good,
		"audit codes.go web":                findings,
		"audit notes.txt":                   failed,
		"audit --headers . web/codes.ts":    failed,
		"audit .hidden":                     findings,
		"audit --json web/node_modules web": findings,
	} {
		if stdout, stderr, code := command(t, directory, strings.Fields(args)...); code != want {
			t.Errorf("%s: exit code %d\n%s%s", args, code, stdout, stderr)
		}
	}
}

func TestWhatSeveralSourcesLackIsCountedOnce(t *testing.T) {
	directory := t.TempDir()
	for name, content := range map[string]string{
		"a.py": "EC_DETAIL_CMD = 0\nEC_DETAIL_WEB = 1\n",
		"b.py": "EC_DETAIL_FULL = 2\nEC_DETAIL_CMD = 0\nEC_SEARCH_KAD = 2\n",
	} {
		writeFile(t, filepath.Join(directory, name), content)
	}
	want := "a.py: 2 names of EC_DETAIL_LEVEL\n" +
		"b.py: 2 names of EC_DETAIL_LEVEL\n" +
		"b.py: 1 names of EC_SEARCH_TYPE; 5 missing: EC_SEARCH_LOCAL, EC_SEARCH_GLOBAL, EC_SEARCH_WEB, ...\n" +
		"EC_DETAIL_LEVEL together: 2 missing: EC_DETAIL_UPDATE, EC_DETAIL_INC_UPDATE\n"
	if stdout, stderr, code := command(t, directory, "audit", "."); code != good || stdout != want {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
	stdout, _, _ := command(t, directory, "audit", "--json", ".")
	var got struct {
		Together []struct {
			Enum    string
			Missing []string
		}
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Together) != 1 || got.Together[0].Enum != "EC_DETAIL_LEVEL" || strings.Join(got.Together[0].Missing, " ") != "EC_DETAIL_UPDATE EC_DETAIL_INC_UPDATE" {
		t.Errorf("together they have %+v", got.Together)
	}
}

func TestAuditPrintsJSONForPrograms(t *testing.T) {
	directory := t.TempDir()
	writeFile(t, filepath.Join(directory, "codes.py"), "EC_DETAIL_CMD = 0\nEC_DETAIL_WEB = 1\nEC_DETAIL_FULL = 4\n")
	stdout, _, code := command(t, directory, "audit", "--json", "codes.py")
	var got struct {
		Findings []struct{ Rule, File string }
		Tables   []struct {
			Enum    string
			Names   int
			Missing []string
		}
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil || code != findings {
		t.Fatalf("exit code %d, %v\n%s", code, err, stdout)
	}
	if len(got.Findings) != 1 || got.Findings[0].Rule != "WRONG_VALUE" || got.Findings[0].File != "codes.py" {
		t.Errorf("findings are %+v", got.Findings)
	}
	if len(got.Tables) != 1 || got.Tables[0].Names != 3 || strings.Join(got.Tables[0].Missing, " ") != "EC_DETAIL_UPDATE EC_DETAIL_INC_UPDATE" {
		t.Errorf("tables are %+v", got.Tables)
	}
}
