package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/compare"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
)

// history returns the git directory of a clone of aMule, which AMULE_HISTORY
// names.
func history(t *testing.T) string {
	t.Helper()
	gitDir := os.Getenv("AMULE_HISTORY")
	if gitDir == "" {
		t.Skip("SKIPPED: diff over aMule's history, because AMULE_HISTORY names no git directory")
	}
	return gitDir
}

// revision is one text of a code list.
type revision struct{ name, blob string }

// TestDiffIsAPlainSetComparisonOverHistory takes each change that any commit
// made to a code list of aMule and compares what diff reports with sets of names.
func TestDiffIsAPlainSetComparisonOverHistory(t *testing.T) {
	gitDir := history(t)
	pairs := consecutive(t, gitDir)
	compared, differing := 0, 0
	for _, pair := range pairs {
		old, oldOK := codesOf(t, gitDir, pair[0])
		new, newOK := codesOf(t, gitDir, pair[1])
		report, ok := diffOf(t, gitDir, pair)
		if ok != (oldOK && newOK) {
			t.Errorf("%v: diff reads it: %t", pair, ok)
		}
		if !ok {
			continue
		}
		compared++
		want, got := setComparison(old, new), namesChanged(t, report, old, new)
		if len(want) > 0 {
			differing++
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v (-sets +report):\n%s", pair, diff)
		}
	}
	t.Logf("%d pairs, %d of them readable, %d with other codes", len(pairs), compared, differing)
	if compared < 300 || differing < 200 {
		t.Error("that is too few to show anything")
	}
}

// The golden files say what changed between two releases.
func TestTheGoldenFileIsWhatTheReleasesSay(t *testing.T) {
	gitDir := history(t)
	archive, err := txtar.ParseFile("testdata/diff/2.3.3-3.0.txtar")
	if err != nil {
		t.Fatal(err)
	}
	directory := t.TempDir()
	for side, tag := range map[string]string{"old.h": "2.3.3", "new.h": "3.0.0"} {
		source, err := git(".", "--git-dir", gitDir, "show", tag+":src/libs/ec/cpp/ECCodes.h")
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(directory, side), string(source))
	}
	stdout, _, _ := command(t, directory, "diff", "old.h", "new.h")
	if diff := cmp.Diff(string(archive.Files[2].Data), stdout); diff != "" {
		t.Errorf("-golden +releases:\n%s", diff)
	}
}

// consecutive returns each pair of texts of which a commit replaced one by the
// other.
func consecutive(t *testing.T, gitDir string) [][2]revision {
	t.Helper()
	names := []string{"ECCodes.h", "ECcodes.h", "ECTagTypes.h", "ECCodes.abstract", "ECTagTypes.abstract"}
	args := []string{"--git-dir", gitDir, "log", "--all", "-m", "--raw", "--no-abbrev", "--no-renames", "--format=", "--"}
	for _, name := range names {
		args = append(args, "*"+name)
	}
	log, err := git(".", args...)
	if err != nil {
		t.Fatal(err)
	}
	pairs := map[[2]revision]bool{}
	for line := range strings.Lines(string(log)) {
		// :old-mode new-mode old-blob new-blob status<TAB>path
		change, changed, _ := strings.Cut(strings.TrimSpace(line), "\t")
		fields := strings.Fields(change)
		name := path.Base(changed)
		if len(fields) == 5 && fields[4] == "M" && slices.Contains(names, name) {
			pairs[[2]revision{{name, fields[2]}, {name, fields[3]}}] = true
		}
	}
	return slices.SortedFunc(maps.Keys(pairs), func(a, b [2]revision) int {
		return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
	})
}

// code is a code apart from its name.
type code struct{ value, enum string }

// codesOf returns the codes of a revision, if nothing is wrong with it.
func codesOf(t *testing.T, gitDir string, r revision) (codes map[string]code, ok bool) {
	t.Helper()
	source, err := git(".", "--git-dir", gitDir, "cat-file", "blob", r.blob)
	if err != nil {
		t.Fatal(err)
	}
	file, findings := header.Parse(r.name, source)
	codes = map[string]code{}
	for _, enum := range file.Enums {
		for _, value := range enum.Values {
			codes[value.Name] = code{value.Decimal(), enum.Name}
		}
	}
	return codes, len(findings) == 0
}

// diffOf runs ecgen diff on two revisions.
func diffOf(t *testing.T, gitDir string, pair [2]revision) (changes []compare.Change, ok bool) {
	t.Helper()
	directory := t.TempDir()
	args := []string{"diff", "--json"}
	for i, r := range pair {
		source, err := git(".", "--git-dir", gitDir, "cat-file", "blob", r.blob)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(directory, fmt.Sprint(i)+r.name)
		writeFile(t, name, string(source))
		args = append(args, name)
	}
	var stdout, stderr bytes.Buffer
	code := run(args, &stdout, &stderr)
	if code == failed {
		return nil, false
	}
	var report struct{ Changes []compare.Change }
	if err := json.Unmarshal(stdout.Bytes(), &report); err != nil {
		t.Fatal(err)
	}
	if (code == findings) != (len(report.Changes) > 0) {
		t.Errorf("%v: exit code %d with %d changes", pair, code, len(report.Changes))
	}
	return report.Changes, true
}

// setComparison says what became of each name that is not on both sides, or is
// not the same there.
func setComparison(old, new map[string]code) map[string]string {
	changed := map[string]string{}
	for name, was := range old {
		is, there := new[name]
		switch {
		case !there:
			changed[name] = "only old"
		case is != was:
			changed[name] = fmt.Sprint(was, is)
		}
	}
	for name := range new {
		if _, there := old[name]; !there {
			changed[name] = "only new"
		}
	}
	return changed
}

// namesChanged says the same of what is reported. A renamed code is on one side
// only under each of its names, and must have one value; so must the codes of a
// renamed enum, which are not reported one by one.
func namesChanged(t *testing.T, report []compare.Change, old, new map[string]code) map[string]string {
	t.Helper()
	changed := map[string]string{}
	renamedEnums := map[string]string{}
	for _, c := range report {
		switch {
		case c.What == compare.Type && c.Kind == compare.Renamed:
			renamedEnums[c.Old] = c.New
		case c.What == compare.Type:
		case c.Kind == compare.Added:
			changed[c.Name] = "only new"
		case c.Kind == compare.Removed:
			changed[c.Name] = "only old"
		case c.Kind == compare.Renamed:
			changed[c.Old], changed[c.New] = "only old", "only new"
			if old[c.Old].value != new[c.New].value {
				t.Errorf("%s is said to be renamed", c.Old)
			}
		case c.Kind == compare.Renumbered && decimal(c.Old) == old[c.Name].value && decimal(c.New) == new[c.Name].value,
			c.Kind == compare.Moved && c.New == new[c.Name].enum && c.Old != c.New:
			changed[c.Name] = fmt.Sprint(old[c.Name], new[c.Name])
		default:
			t.Errorf("unexpected: %+v", c)
		}
	}
	for name, was := range old {
		if is, there := new[name]; there && was.enum != is.enum && renamedEnums[was.enum] == is.enum {
			changed[name] = fmt.Sprint(was, is)
		}
	}
	return changed
}

// decimal returns a number that a report has as code lists have it.
func decimal(number string) string {
	value, err := strconv.ParseInt(number, 0, 64)
	if err != nil {
		return number
	}
	return strconv.FormatInt(value, 10)
}
