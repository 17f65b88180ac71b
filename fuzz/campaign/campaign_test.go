package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/cover"

	"github.com/ecgen/ecgen/fuzz/corpus"
	"github.com/ecgen/ecgen/fuzz/crash"
	"github.com/ecgen/ecgen/fuzz/targets"
)

// do uses the tool.
func do(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(context.Background(), args, &out, &errs)
	return code, out.String(), errs.String()
}

func TestEachVerbHasHelp(t *testing.T) {
	_, overview, _ := do(t, "--help")
	for _, v := range verbs() {
		if !strings.Contains(overview, "\t"+v.name+" ") {
			t.Errorf("campaign --help does not have %s", v.name)
		}
		code, help, _ := do(t, v.name, "--help")
		if code != good || !strings.Contains(help, "usage: campaign "+v.name) {
			t.Errorf("%s --help: %d, %q", v.name, code, help)
		}
	}
}

func TestMisuseIsExplained(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"", "Usage"},
		{"fly", "unknown verb"},
		{"run", "--budget 8h"},
		{"run --budget 1s --executions 5", "--executions"},
		{"run --budget 1s --engine steam", "no engine"},
		{"run --budget 1s --workers 0", "at least one worker"},
		{"run --budget 1s --target Nothing*", "no target matches"},
		{"run --budget 1s --target [", "--target"},
		{"list extra", "unexpected argument"},
		{"status --dir /nowhere/at/all", "campaign run begins one"},
		{"reduce", "want one FILE"},
		{"replay --target Nothing", "no target"},
		{"export", "--out"},
		{"convert --to stone a b", "--to raw"},
	} {
		code, stdout, stderr := do(t, strings.Fields(c.args)...)
		if code != failed || !strings.Contains(stderr, c.want) || stdout != "" {
			t.Errorf("%q: exit code %d, %q, %q", c.args, code, stdout, stderr)
		}
	}
}

func TestListShowsAllTargets(t *testing.T) {
	code, stdout, _ := do(t, "list", "--long")
	for _, target := range targets.All {
		if code != good || !strings.Contains(stdout, target.Name+" ") || !strings.Contains(stdout, target.Doc) {
			t.Errorf("%s is not listed", target.Name)
		}
	}
}

// Each target has committed inputs that are in its folder, and each folder a
// target.
func TestCommittedInputsAreOfTargets(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"fuzz/testdata/fuzz", "generated/ec/testdata/fuzz", regressionFolder} {
		entries, err := os.ReadDir(filepath.Join(root, folder))
		if err != nil && folder != "generated/ec/testdata/fuzz" { // which begins with what the tests make
			t.Fatal(err)
		}
		for _, entry := range entries {
			if _, err := target(entry.Name()); err != nil {
				t.Errorf("%s/%s: %v", folder, entry.Name(), err)
			}
		}
	}
	for _, target := range targets.All {
		if inputs, err := first(root, target); err != nil || len(inputs) == 0 {
			t.Errorf("%s is begun with %d inputs, %v", target.Name, len(inputs), err)
		}
	}
}

// simulate lets a scheduler hand out slices, of which gives says how many
// features come.
func simulate(names []string, seconds float64, gives func(name string, slices int) int) map[string]float64 {
	s := &scheduler{
		state: newState(), modes: []string{byBytes}, shape: make(map[string]shape), running: make(map[string]bool),
		handed: make(map[string]int), workers: 1, budget: time.Duration(seconds * float64(time.Second)),
	}
	for _, name := range names {
		s.targets = append(s.targets, targets.Target{Name: name})
	}
	spent := make(map[string]float64)
	for at := 0.0; at < seconds; {
		s.state.At = at
		next, ok, done := s.next()
		if !ok || done {
			break
		}
		name := next.target.Name
		took := max(0.1, float64(next.executions)/10_000)
		at += took
		spent[name] += took
		s.state.add(event{
			Kind: "slice", At: at, Target: name, Mode: byBytes, Executions: next.executions, Seconds: took,
			Features: gives(name, s.handed[name]),
		})
	}
	return spent
}

func TestSchedulerGivesMoreTimeToWhatGivesMore(t *testing.T) {
	names := []string{"rich", "poor1", "poor2", "poor3"}
	spent := simulate(names, 2000, func(name string, _ int) int {
		if name == "rich" {
			return 50
		}
		return 1
	})
	if spent["rich"] < 1.5*spent["poor1"] {
		t.Errorf("time spent: %v", spent)
	}
	for _, name := range names {
		if spent[name] < 100 {
			t.Errorf("%s starves: %v", name, spent)
		}
	}
}

// What has given nothing for long gets less, but its turn comes; when nothing
// gives anything, all get the same.
func TestSchedulerIsFairWhenNothingIsNew(t *testing.T) {
	names := []string{"a", "b", "c", "d", "e"}
	spent := simulate(names, 3000, func(string, int) int { return 0 })
	for _, name := range names {
		if spent[name] < 400 || spent[name] > 800 {
			t.Errorf("time spent: %v", spent)
		}
	}
}

// A slice is sized by what is known of the target, and none runs far over the
// budget.
func TestSlices(t *testing.T) {
	s := &scheduler{
		state: newState(), modes: []string{byBytes, byStructure}, shape: map[string]shape{"A": {inputs: 5000}}, running: make(map[string]bool),
		handed: make(map[string]int), workers: 2, budget: time.Hour, targets: []targets.Target{{Name: "A"}},
	}
	first := s.slice(s.targets[0])
	if first.executions != firstExecutions || first.mode != byBytes {
		t.Errorf("first: %+v", first)
	}
	s.state.add(event{Kind: "slice", Target: "A", Mode: byBytes, Executions: 50_000, Seconds: 5})
	if next := s.slice(s.targets[0]); next.executions < 100_000 || next.executions > 300_000 {
		t.Errorf("the corpus alone takes half a second: %+v", next) // 20 times as long, at 10,000 a second
	}
	s.state.At = time.Hour.Seconds() - 2
	if next := s.slice(s.targets[0]); next.executions > 25_000 || next.longest > patience+2*time.Second {
		t.Errorf("two seconds before the end: %+v", next)
	}
	s.handed["A"] = 1
	if next := s.slice(s.targets[0]); next.mode != byStructure {
		t.Errorf("the second slice: %+v", next)
	}
}

// Distilling keeps of each thing reached the smallest input that reaches it.
func TestDistil(t *testing.T) {
	p, done := newTestProber(t)
	defer done()
	// What an input reaches must be the same each time, so nothing may be taken
	// away from pools meanwhile.
	t.Setenv("GOGC", "off")
	t.Setenv("GOMAXPROCS", "1")
	target := targets.Number
	random := rand.New(rand.NewPCG(1, 2))
	var inputs []corpus.Input
	for i := range 200 {
		data := make([]byte, 1+random.IntN(12))
		for i := range data {
			data[i] = byte(random.IntN(256))
		}
		inputs = append(inputs, corpus.Input{Name: fmt.Sprintf("%016x", i), Data: data})
	}
	named := corpus.Input{Name: "named", Data: bytes.Repeat([]byte{1}, 50)} // which reaches nothing of its own
	inputs = append(inputs, named)
	reach := func(inputs []corpus.Input) map[uint64]bool {
		seen := make(map[uint64]bool)
		for _, input := range inputs {
			r, err := p.run(target.Name, input.Data, true)
			if err != nil || r.Crash != nil {
				t.Fatal(r.Crash, err)
			}
			for _, feature := range r.Features {
				seen[feature] = true
			}
		}
		return seen
	}
	reach(inputs) // for the first time, which fills pools
	m := &minimizer{call: &call{Context: t.Context(), stderr: io.Discard}, prober: p, seen: make(map[uint64]bool)}
	kept, err := m.distil(target.Name, slices.Clone(inputs))
	if err != nil || len(kept) == 0 || len(kept) > len(inputs)/2 {
		t.Fatalf("%d of %d are left, %v", len(kept), len(inputs), err)
	}
	if kept[0].Name != named.Name {
		t.Error("the input that has a name of its own is gone")
	}
	if all, left := reach(inputs), reach(kept); !maps.Equal(all, left) {
		t.Errorf("all reach %d features, what is left reaches %d", len(all), len(left))
	}
}

// What clusters get beside a program is what they can read.
func TestExport(t *testing.T) {
	dir := t.TempDir()
	code, stdout, stderr := do(t, "export", "--out", dir, "--target", "Body")
	if code != good || stdout != "fuzz_body\n" {
		t.Fatalf("%d, %q, %q", code, stdout, stderr)
	}
	text, err := os.ReadFile(filepath.Join(dir, "fuzz_body.dict"))
	if err != nil {
		t.Fatal(err)
	}
	// EC_TAG_PARTFILE_NAME is 0x0301, and stands on the wire shifted by one.
	for _, line := range []string{`tag_PARTFILE_NAME="\x06\x02"`, `tag_PARTFILE_NAME_parent_utf8="\xd8\x83"`, `op_STATS="\x0c"`} {
		if !strings.Contains(string(text), line+"\n") {
			t.Errorf("the dictionary lacks %s", line)
		}
	}
	for _, ending := range []string{"_seed_corpus.zip", ".options"} {
		if info, err := os.Stat(filepath.Join(dir, "fuzz_body"+ending)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", ending, err)
		}
	}
}

func TestConvertThereAndBack(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	from := filepath.Join(root, seedFolder(targets.Body))
	raw, native := filepath.Join(t.TempDir(), "raw"), filepath.Join(t.TempDir(), "native")
	for _, args := range [][]string{{"convert", "--to", "raw", from, raw}, {"convert", "--to", "native", raw, native}} {
		if code, _, stderr := do(t, args...); code != good {
			t.Fatal(stderr)
		}
	}
	want, _, _ := corpus.ReadFolder(from)
	for _, dir := range []string{raw, native} {
		got, broken, err := corpus.ReadFolder(dir)
		if err != nil || len(broken) > 0 || !slices.EqualFunc(got, want, func(a, b corpus.Input) bool { return a.Name == b.Name && bytes.Equal(a.Data, b.Data) }) {
			t.Errorf("%s differs: %v, %v", dir, broken, err)
		}
	}
}

func TestReplayFindsNothingInWhatIsCommitted(t *testing.T) {
	onlyPrograms(t)
	code, stdout, stderr := do(t, "replay")
	if code != good || !strings.Contains(stdout, ", 0 failures") {
		t.Errorf("%d, %q, %q", code, stdout, stderr)
	}
}

func TestReach(t *testing.T) {
	block := func(statements, count int) cover.ProfileBlock {
		return cover.ProfileBlock{StartLine: 7, EndLine: 9, NumStmt: statements, Count: count}
	}
	profiles := []*cover.Profile{
		{FileName: "github.com/ecgen/ecgen/codec/decoder.go", Blocks: []cover.ProfileBlock{block(99, 1), block(1, 0)}},
		{FileName: "github.com/ecgen/ecgen/codec/print.go", Blocks: []cover.ProfileBlock{block(100, 0)}},
		{FileName: "github.com/ecgen/ecgen/codec/view/json.go", Blocks: []cover.ProfileBlock{block(100, 0)}},
		{FileName: "github.com/ecgen/ecgen/generated/ec/x_gen.go", Blocks: []cover.ProfileBlock{block(95, 3), block(5, 0)}},
	}
	var out bytes.Buffer
	if !printReach(&out, profiles, true) || !strings.Contains(out.String(), "99.0 %") || !strings.Contains(out.String(), "codec/decoder.go:7-9") {
		t.Errorf("it is enough, but:\n%s", &out)
	}
	profiles[3].Blocks[0].Count = 0
	if printReach(&out, profiles, false) || !strings.Contains(out.String(), "not kept") {
		t.Errorf("nothing of generated is reached, but:\n%s", &out)
	}
}

// The page has what happened, and is one file that needs no other.
func TestReportPage(t *testing.T) {
	s := newState()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	s.add(event{Kind: "begin", Time: now, Workers: 2, Commit: "abc1234"})
	for i := range 1000 {
		s.add(event{
			Kind: "slice", At: float64(i), Target: "Body", Mode: byBytes, Executions: 50_000, Seconds: 1, Processor: 1,
			Corpus: i, New: 1, Blocks: i, AllBlocks: i,
		})
	}
	s.add(event{Kind: "trouble", Target: "Zlib", Text: "exit status 127"})
	crashes := []crash.Kept{{Crash: crash.Crash{Target: "Body", Site: "panic: <script>", Text: "text"}, Input: []byte("abcd"), Reduced: []byte("a")}}
	page, err := renderReport(description{"native"}, s, crashes)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		"50,000,000 executions", "1 crash site<", "panic: &lt;script&gt;", "reduced to 1", "exit status 127", "abc1234", "<svg", ">kept<",
	} {
		if !bytes.Contains(page, []byte(part)) {
			t.Errorf("the page lacks %q", part)
		}
	}
	for _, part := range []string{"<script", "src=", "href="} {
		if bytes.Contains(page, []byte(part)) {
			t.Errorf("the page has %q", part)
		}
	}
	if len(page) > 100_000 {
		t.Errorf("the page has %d bytes", len(page))
	}
}

func TestEmptyReport(t *testing.T) {
	if _, err := renderReport(description{"native"}, newState(), nil); err != nil {
		t.Error(err)
	}
}

func TestTables(t *testing.T) {
	s := newState()
	for i := range 30 {
		s.add(event{Kind: "slice", At: float64(i), Target: fmt.Sprintf("Target%02d", i), Mode: byBytes, Executions: 1234567, Seconds: 10, Processor: 10})
	}
	var live, lines bytes.Buffer
	v := &liveView{w: &live, budget: "1h"}
	v.event(event{Kind: "crash", Target: "Target03", Site: "site"})
	v.tick(s, map[string]bool{"Target00": true})
	v.tick(s, nil)
	for _, part := range []string{"Target03 crashes: site\n", "*Target00", "1,234,567", "123,457", "and 14 targets that ran before", "\x1b[19A\x1b[J"} {
		if !strings.Contains(live.String(), part) {
			t.Errorf("the live table lacks %q:\n%q", part, live.String())
		}
	}
	l := &lineView{w: &lines, budget: "1h"}
	l.tick(s, nil)
	l.tick(s, nil)
	if strings.Count(lines.String(), "\n") != 1 || strings.Contains(lines.String(), "\x1b") {
		t.Errorf("two ticks print %q", lines.String())
	}
}

func TestSpeedsArePrintedBesideThePromises(t *testing.T) {
	for _, c := range []struct {
		executions int64
		processor  float64
		want       string
	}{
		{400_000, 10, "40,000 executions of Body a second and core (promised 40,000: kept)"},
		{300_000, 10, "(promised 40,000: not kept)"},
		{300, 1, "(promised 40,000: ran too short to tell)"},
	} {
		s := newState()
		s.add(event{Kind: "slice", Target: "Body", Mode: byBytes, Executions: c.executions, Seconds: 1, Processor: c.processor})
		var out bytes.Buffer
		if printSpeeds(&out, "native", s); !strings.Contains(out.String(), c.want) {
			t.Errorf("%d in %v s: %q lacks %q", c.executions, c.processor, &out, c.want)
		}
	}
}
